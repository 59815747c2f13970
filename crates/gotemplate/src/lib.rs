//! Go's text/template, with marks that say where output came from.

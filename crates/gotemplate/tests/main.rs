//! The engine against what Go's own text/template prints.

mod harness;

//! Where everything comes from, and where it goes.
//!
//! The bottom room. Start with [`World`], the one door through which input enters, and
//! [`Sink`], the one door through which output leaves. A [`Span`] is a place in a file that
//! the [`SourceMap`] knows; a [`Diagnostic`] says what is wrong at such a place; an origin
//! ([`Origins`], [`Trace`]) says where a value came from, through templates and patches,
//! down to the line that a person wrote.
//!
//! Absent on purpose: YAML, templates, Kubernetes. This crate knows bytes and places only.

mod ambient;
mod diagnostic;
mod explain;
mod footprint;
mod key;
mod lines;
mod near;
mod origin;
mod path;
mod secret;
mod sink;
mod source_map;
mod span;
mod world;

pub use ambient::{Ambient, FixedAmbient, SystemAmbient};
pub use diagnostic::{
    Diagnostic, Fix, Label, Result, Severity, Subject, Tracepoint, pointer,
};
pub use explain::{Cause, Role, Step};
pub use footprint::Footprint;
pub use near::{did_you_mean, edits, listed, near_or_all};
pub use origin::{
    Frame, FrameId, FrameKind, Layer, LayerKind, Layering, Mark, Origin, OriginId,
    Origins, Place, Rendered, Skipped, SlotId, SlotTable, Trace,
};
pub use path::VPath;
pub use secret::{MASK, is_reference, is_secret_key, masked};
pub use sink::{BehindLink, DiskSink, MemorySink, OutputFolder, Sink, write_file};
pub use source_map::{Location, SecretFinder, SourceFile, SourceMap};
pub use span::{FileId, Span};
pub use world::{
    Content, DiskWorld, EntryKind, GitFault, GitRepository, GitWorld, MemoryWorld,
    NotVendored, OverlayWorld, ReadError, ReadErrorKind, Remote, VENDORED, World,
    is_vendored,
};

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

//! How much a template may use: charts are untrusted.

use std::cell::Cell;

use crate::{Data, Value};

/// Bounds of one execution. Each is far above what a real chart needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many templates may be inside each other. Go allows 100,000, and so says the error;
    /// here one level takes machine stack, for which [`with_stack`] provides.
    pub depth: usize,
    /// How many bytes all outputs together may take, captured ones included, with the record
    /// of where each piece came from.
    pub output: usize,
    /// How many actions and iterations all executions together may take; what looks at much
    /// counts as many.
    pub steps: u64,
    /// How many bytes the large values that functions make may have together: texts, lists
    /// and maps.
    pub memory: usize,
}

/// The depth that Go allows. (text/template: `maxExecDepth`)
pub(crate) const GO_DEPTH: usize = 100_000;

/// The depth that is allowed by default. It differs from Go's by a multiple of 840, so that of
/// up to eight templates which use each other in turn the same one is found too deep.
const DEPTH: usize = GO_DEPTH - 840 * 114;

/// How many bytes one text may have: what makes a longer one stops, and the call fails.
pub(crate) const MAX_TEXT: usize = 1 << 26;

/// How many frames, origins and branches that were not taken one execution may record.
pub(crate) const MAX_RECORDS: usize = 10_000_000;

/// How many bytes of a text a function may look at in one step, and how many elements.
const BYTES_A_STEP: usize = 128;
const ELEMENTS_A_STEP: usize = 32;

/// How many steps a function takes to look at a value.
pub(crate) fn cost(value: &Value) -> u64 {
    let steps = match &value.data {
        Data::Str(text) => text.len() / BYTES_A_STEP,
        Data::List(list) => list.len() / ELEMENTS_A_STEP,
        Data::Map(map) => map.len() / ELEMENTS_A_STEP,
        _ => 0,
    };
    steps as u64
}

/// What an element of a list takes, about, and an entry of a map.
const ELEMENT: usize = 48;

/// Values that take less than this are not counted.
const SMALL: usize = 1 << 16;

/// What a value that a function returned takes, if that is much and no other's.
pub(crate) fn weight(value: &Value) -> Result<usize, String> {
    let bytes = match &value.data {
        Data::Str(text) if text.len() > MAX_TEXT => {
            return Err(format!("a text of more than {MAX_TEXT} bytes"));
        }
        Data::Str(text) => text.len(),
        Data::List(list) if !list.is_shared() => list.len().saturating_mul(ELEMENT),
        Data::Map(map) if !map.is_shared() => map.len().saturating_mul(2 * ELEMENT),
        _ => 0,
    };
    Ok(if bytes < SMALL { 0 } else { bytes })
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { depth: DEPTH, output: 1 << 29, steps: 30_000_000, memory: 1 << 32 }
    }
}

/// What a missing map key is. (text/template: `Option("missingkey=…")`)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MissingKey {
    /// No value: prints `<no value>`, and a field of it is no value either. Go's default.
    #[default]
    Invalid,
    /// The zero value of the map's element type; a field of a nil is an error. Helm's choice.
    Zero,
    /// An error.
    Error,
}

/// Stack that an execution may use on a thread of which nothing is known: half of what Rust
/// gives a thread.
const ROOM: usize = 1 << 20;

/// What a template should find left when it begins, so that the error of running out is
/// reported where it was called.
const SPARE: usize = 128 << 10;

/// Stack of a thread made by [`with_stack`]. It is address space; only what is used costs.
const LARGE: usize = 512 << 20;

thread_local! {
    static STACK: Cell<Option<Stack>> = const { Cell::new(None) };
}

/// The part of this thread's stack that executions may use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stack {
    base: usize,
    room: usize,
}

impl Stack {
    /// That of the thread, if [`with_stack`] made it; else a little from here on.
    pub(crate) fn here() -> Stack {
        STACK.get().unwrap_or_else(|| Stack { base: address(), room: ROOM })
    }

    /// Is there room for another call?
    pub(crate) fn has_room(self) -> bool {
        self.base.abs_diff(address()) < self.room
    }

    /// Is there room for another template, with something to spare for what is in it?
    pub(crate) fn has_room_for_template(self) -> bool {
        self.base.abs_diff(address()) + SPARE < self.room
    }
}

/// About where the stack stands.
#[inline(never)]
fn address() -> usize {
    let here = 0u8;
    std::ptr::from_ref(&here).addr()
}

/// Runs `f` on a thread that has stack enough for [`Limits::depth`], and returns its result.
///
/// On any other thread executions are content with a megabyte, and fail sooner. What `f` takes
/// along and returns crosses threads, so values are made inside it.
///
/// # Panics
/// With the payload of `f`, if `f` panics.
pub fn with_stack<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    if STACK.get().is_some_and(Stack::has_room) {
        return f();
    }
    let run = || {
        STACK.set(Some(Stack { base: address(), room: LARGE / 4 * 3 }));
        f()
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(LARGE);
        match thread.spawn_scoped(scope, run).map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(payload)) => std::panic::resume_unwind(payload),
            Err(error) => std::panic::resume_unwind(Box::new(error.to_string())),
        }
    })
}

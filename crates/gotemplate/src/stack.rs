//! Threads with stack enough for templates inside each other.

use std::cell::Cell;
use std::thread::{Builder, ScopedJoinHandle, scope};

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

/// Runs `f` on a thread that has stack enough for [`Limits::depth`](crate::Limits::depth), and
/// returns its result.
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
    let mut f = Some(f);
    let done = scope(|scope| {
        let f = &mut f;
        let thread = Builder::new()
            .stack_size(LARGE)
            .spawn_scoped(scope, || run(|| f.take().map(|f| f())));
        thread.ok().and_then(joined)
    });
    match (done, f) {
        (None, Some(f)) => f(),
        (Some(done), _) => done,
        (None, None) => unreachable!("what was taken was run, and returned"),
    }
}

fn run<T>(f: impl FnOnce() -> T) -> T {
    STACK.set(Some(Stack { base: address(), room: LARGE / 4 * 3 }));
    f()
}

fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    match thread.join() {
        Ok(result) => result,
        Err(payload) => std::panic::resume_unwind(payload),
    }
}

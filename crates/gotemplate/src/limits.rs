//! How much a template may use: charts are untrusted.

/// Bounds of one execution. Each is far above what a real chart needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many templates may be inside each other. Go allows 100,000; here one level takes
    /// machine stack, for which [`with_stack`](crate::with_stack) provides.
    pub depth: usize,
    /// How many bytes all outputs together may have, captured ones included.
    pub output: usize,
    /// How many actions and iterations all executions together may take.
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { depth: 2_000, output: 1 << 30, steps: 200_000_000 }
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

/// Runs `f` on a thread that has stack enough for [`Limits::depth`], and returns its result.
///
/// What `f` takes along and returns crosses threads, so values are made inside it.
///
/// # Panics
/// With the payload of `f`, if `f` panics.
pub fn with_stack<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    const STACK: usize = 512 << 20;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        match thread.spawn_scoped(scope, f).map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(payload)) => std::panic::resume_unwind(payload),
            Err(error) => std::panic::resume_unwind(Box::new(error.to_string())),
        }
    })
}

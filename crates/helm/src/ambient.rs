//! An ambient that remembers whether it was asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use source::Ambient;

/// Passes everything on, and remembers that something was asked.
pub(crate) struct Watched {
    inner: Arc<dyn Ambient>,
    asked: AtomicBool,
}

impl Watched {
    pub(crate) fn new(inner: Arc<dyn Ambient>) -> Watched {
        Watched { inner, asked: AtomicBool::new(false) }
    }

    /// Was the clock or randomness asked for?
    pub(crate) fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Ambient for Watched {
    fn now(&self) -> (i64, u32) {
        self.asked.store(true, Ordering::Relaxed);
        self.inner.now()
    }

    fn random(&self, label: &str, bytes: &mut [u8]) {
        self.asked.store(true, Ordering::Relaxed);
        self.inner.random(label, bytes);
    }
}

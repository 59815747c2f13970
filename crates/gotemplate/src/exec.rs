//! [`Executor`]: the state of a render.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use source::{Frame, FrameId, FrameKind, OriginId, Origins, Span};

/// The state of a render: it executes any number of templates, one after the other.
pub struct Executor {
    host: Rc<dyn Any>,
    origins: Origins,
    frames: Vec<Frame>,
    frame: FrameId,
    depth: usize,
}

impl Executor {
    /// An executor that records origins in this arena.
    #[must_use]
    pub fn new(origins: Origins) -> Executor {
        let root = Frame {
            parent: FrameId(0),
            kind: FrameKind::File,
            span: Span::NONE,
            origin: OriginId::NONE,
        };
        Executor {
            host: Rc::new(()),
            origins,
            frames: vec![root],
            frame: FrameId(0),
            depth: 0,
        }
    }

    /// Gives functions access to data of the host: [`Call::host`](crate::Call::host).
    #[must_use]
    pub fn with_host(mut self, host: Rc<dyn Any>) -> Executor {
        self.host = host;
        self
    }

    /// The host's data of this type.
    #[must_use]
    pub fn host<T: Any>(&self) -> Option<Rc<T>> {
        self.host.clone().downcast().ok()
    }

    /// The arena of origins.
    pub fn origins(&mut self) -> &mut Origins {
        &mut self.origins
    }

    /// The frame (includes and conditions) in which it is.
    #[must_use]
    pub fn frame(&self) -> FrameId {
        self.frame
    }

    /// How many templates are inside each other.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.depth
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Executor at depth {}, {} frames", self.depth, self.frames.len())
    }
}

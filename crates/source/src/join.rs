//! One trace out of two: what two threads recorded of one render, each a part of its files.

use crate::{Frame, FrameId, FrameKind, Mark, Origin, OriginId, Skipped, Trace};

/// How the ids of a trace change that is put behind another.
#[derive(Clone, Copy, Debug)]
pub struct Shift {
    /// The first origin that moves: slots and their keys stay.
    first: u32,
    origins: u32,
    frames: u32,
}

impl Shift {
    /// The mark of a text whose trace was put behind another.
    #[must_use]
    pub fn mark(self, mark: Mark) -> Mark {
        Mark { origin: self.origin(mark.origin), frame: self.frame(mark.frame), ..mark }
    }

    fn origin(self, id: OriginId) -> OriginId {
        id.shifted(self.first, self.origins)
    }

    fn frame(self, id: FrameId) -> FrameId {
        // The outermost is one for both.
        match id.0 {
            0 => id,
            n => FrameId(n.saturating_add(self.frames)),
        }
    }

    fn recorded(self, origin: Origin) -> Origin {
        match origin {
            Origin::Line { of, line } => Origin::Line { of: self.origin(of), line },
            Origin::Union(all) => {
                Origin::Union(all.into_iter().map(|id| self.origin(id)).collect())
            }
            Origin::Because { data, reason } => {
                Origin::Because { data: self.origin(data), reason: self.origin(reason) }
            }
            same => same,
        }
    }

    fn opened(self, frame: Frame) -> Frame {
        let kind = match frame.kind {
            FrameKind::Made(within) => FrameKind::Made(self.frame(within)),
            same => same,
        };
        let (parent, origin) = (self.frame(frame.parent), self.origin(frame.origin));
        Frame { parent, kind, origin, ..frame }
    }
}

impl Trace {
    /// Puts behind this trace what another thread recorded of the same render: an arena with
    /// the same slots.
    ///
    /// Marks of the other one's texts are to be changed by the answer.
    pub fn append(&mut self, other: Trace) -> Shift {
        let Trace { mut origins, mut frames, mut skipped, .. } = std::mem::take(self);
        let (first, by) = origins.behind();
        let before = u32::try_from(frames.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let shift = Shift { first, origins: by, frames: before };
        origins.extend(other.origins, |id| shift.origin(id), |of| shift.recorded(of));
        frames.extend(other.frames.into_iter().skip(1).map(|frame| shift.opened(frame)));
        let moved = |s: Skipped| Skipped { origin: shift.origin(s.origin), ..s };
        skipped.extend(other.skipped.into_iter().map(moved));
        *self = Trace::new(origins, frames, skipped);
        shift
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::{
        FileId, Frame, FrameId, FrameKind, Mark, Origin, OriginId, Origins, Skipped,
        SlotId, Span, Trace,
    };

    fn at(byte: usize) -> Span {
        Span::new(FileId::NONE, byte, byte + 1)
    }

    fn frame(parent: u32, kind: FrameKind, origin: OriginId) -> Frame {
        Frame { parent: FrameId(parent), kind, span: Span::NONE, origin }
    }

    /// Two slots, a text of a file, a line of a value, and what was chosen from both.
    fn half(byte: usize) -> (Trace, OriginId, OriginId) {
        let mut origins = Origins::with_slots(2);
        let (slot, own) =
            (origins.slot(SlotId(0)), origins.add(Origin::Source(at(byte))));
        let text: Arc<[u8]> = Arc::from(&b"a\nb\n"[..]);
        let file = origins.verbatim(FileId::NONE, &text).after(2);
        let line = origins.lines(own, 3).after(1);
        let all = origins.union([slot, own, file, line]);
        let chosen = origins.because(all, own);
        origins.read(origins.slot(SlotId(u32::try_from(byte % 2).unwrap())));
        let root = frame(0, FrameKind::File, OriginId::NONE);
        let inner = frame(1, FrameKind::Made(FrameId(1)), chosen);
        let frames = vec![root, frame(0, FrameKind::File, OriginId::NONE), inner];
        let skipped = vec![Skipped { span: at(byte), origin: own }];
        (Trace::new(origins, frames, skipped), chosen, file)
    }

    #[test]
    fn what_the_second_recorded_is_the_same_behind_the_first() {
        let ((mut trace, chosen, _), (other, moved, file)) = (half(10), half(21));
        let alone = other.clone();
        let before = trace.clone();
        let shift = trace.append(other);
        assert_eq!(trace.origins.get(chosen), before.origins.get(chosen));
        let mark = |origin, frame| {
            let frame = FrameId(frame);
            shift.mark(Mark { start: 0, end: 1, origin, frame, at: Span::NONE })
        };
        let after = mark(moved, 2);
        assert_eq!(after.frame, FrameId(4));
        assert_eq!(mark(OriginId::NONE, 0).frame, FrameId(0));
        assert_eq!(mark(OriginId::NONE, 0).origin, OriginId::NONE);
        let Some(Origin::Because { data, reason }) = trace.origins.get(after.origin)
        else {
            panic!("{:?}", trace.origins.get(after.origin));
        };
        assert_eq!(trace.origins.get(reason), Some(Origin::Source(at(21))));
        let Some(Origin::Union(all)) = trace.origins.get(data) else { panic!() };
        assert_eq!(trace.origins.get(all[0]), Some(Origin::Slot(SlotId(0))));
        assert_eq!(all[1], reason);
        assert_eq!(trace.origins.get(all[2]), alone.origins.get(file));
        assert_eq!(trace.origins.get(all[3]), Some(Origin::Line { of: reason, line: 1 }));
        assert_eq!(trace.frames[4].parent, FrameId(3));
        assert_eq!(trace.frames[4].kind, FrameKind::Made(FrameId(3)));
        assert_eq!(trace.frames[4].origin, after.origin);
        let skipped: Vec<OriginId> = trace.skipped.iter().map(|s| s.origin).collect();
        assert_eq!(skipped[1], reason);
        assert!(trace.origins.was_read(SlotId(0)) && trace.origins.was_read(SlotId(1)));
    }
}

//! Why a value is what it is: what decided the branches in which it was made, or chose it.

use rustc_hash::{FxHashMap, FxHashSet};
use source::{Frame, FrameId, FrameKind, Mark, OriginId, Span};

use super::Executor;
use crate::{Data, Str, Value};

/// Values inside each other are followed this far: no YAML is deeper.
const MAX_DEPTH: usize = 128;

/// What was found once about frames, for the next time.
#[derive(Default)]
pub(super) struct Reasons {
    /// What decided the branches around a frame, out to its template's own.
    around: FxHashMap<FrameId, OriginId>,
    /// What decided a text of the first frame for someone in the second.
    between: FxHashMap<(FrameId, FrameId), OriginId>,
    /// The frame of a text that was made in the first and printed in the second.
    joined: FxHashMap<(FrameId, FrameId), FrameId>,
    /// The origin of what was chosen, by where it came from and the reason.
    chosen: FxHashMap<(OriginId, OriginId), OriginId>,
    /// The frame of a text that was chosen, by the frame in which it was made and the reason.
    choices: FxHashMap<(FrameId, OriginId), FrameId>,
    /// All reasons of an origin.
    of: FxHashMap<OriginId, OriginId>,
}

/// All that had a part in values, whatever is inside of them.
#[derive(Default)]
pub(super) struct Parts {
    known: Vec<OriginId>,
    /// Where containers came from that are not empty.
    containers: Vec<OriginId>,
    /// Texts of files, each line of which has an origin.
    files: Vec<Str>,
    pub(super) frames: Vec<FrameId>,
}

impl Parts {
    /// Adds a value: its origin, and those of its marks with their frames.
    pub(super) fn add(&mut self, value: &Value) {
        let file = value.as_str().and_then(|text| Some((text, text.as_verbatim()?.1)));
        if let Some((text, whole)) = file {
            self.known.push(value.origin);
            self.files.push(text.clone());
            self.frames.push(whole.frame);
            return;
        }
        let filled = match &value.data {
            Data::List(list) => !list.is_empty(),
            Data::Map(map) => !map.is_known_empty(),
            _ => false,
        };
        if filled {
            self.containers.extend(Some(value.origin).filter(|origin| !origin.is_none()));
            return;
        }
        self.known.extend(Some(value.origin).filter(|origin| !origin.is_none()));
        if !value.is_marked() {
            return;
        }
        let marks = value.marks().iter().map(|mark| mark.origin);
        self.known.extend(marks.filter(|origin| !origin.is_none()));
        let first = self.frames.len();
        self.frames.extend(value.marks().iter().map(|mark| mark.frame));
        if self.frames.len() > first + 1 {
            self.frames.sort_unstable_by_key(|frame| frame.0);
            self.frames.dedup();
        }
    }

    /// Where they came from, containers as a whole included.
    pub(super) fn origins(&self) -> impl Iterator<Item = OriginId> {
        self.scalars().chain(self.containers())
    }

    /// Where the scalars came from.
    pub(super) fn scalars(&self) -> impl Iterator<Item = OriginId> {
        let lines = self.files.iter().flat_map(Str::marks).map(|mark| mark.origin);
        self.known.iter().copied().chain(lines)
    }

    /// Where the containers came from: what they hold has origins of its own.
    pub(super) fn containers(&self) -> impl Iterator<Item = OriginId> {
        self.containers.iter().copied()
    }

    /// Adds what is in a container.
    pub(super) fn add_inside(&mut self, value: &Value) {
        self.inside(value, &mut FxHashSet::default(), 0);
    }

    fn inside(&mut self, value: &Value, seen: &mut FxHashSet<usize>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match &value.data {
            Data::List(list) if seen.insert(list.address()) => {
                list.values().iter().for_each(|item| self.item(item, seen, depth));
            }
            Data::Map(map) if seen.insert(map.address()) => {
                map.each(|item| self.item(item, seen, depth));
            }
            _ => {}
        }
    }

    fn item(&mut self, item: &Value, seen: &mut FxHashSet<usize>, depth: usize) {
        self.add(item);
        self.inside(item, seen, depth + 1);
    }
}

impl Executor {
    fn frame_at(&self, id: FrameId) -> Option<Frame> {
        self.frames.get(id.0 as usize).copied()
    }

    /// Was the inner frame opened inside of the outer one? A frame is younger than its parent.
    fn is_within(&self, mut inner: FrameId, outer: FrameId) -> bool {
        while inner.0 > outer.0 {
            inner = self.frame_at(inner).map_or(FrameId(0), |frame| frame.parent);
        }
        inner == outer
    }

    /// What decided the branches from here out to the include or file around them.
    pub(crate) fn conditions(&mut self) -> OriginId {
        let here = self.frame;
        if let Some(known) = self.reasons.around.get(&here) {
            return *known;
        }
        let (mut origins, mut at) = (Vec::new(), here);
        while let Some(open) = self.frame_at(at) {
            match open.kind {
                FrameKind::If | FrameKind::With | FrameKind::Range => {
                    origins.push(open.origin);
                    at = open.parent;
                }
                _ => break,
            }
        }
        let reason = self.origins.union(origins);
        self.reasons.around.insert(here, reason);
        reason
    }

    /// What decided that texts of these frames were made, besides what decides what is done
    /// here.
    pub(super) fn conditions_of(&mut self, frames: &[FrameId]) -> OriginId {
        let mut known: Vec<OriginId> = Vec::new();
        for frame in frames {
            let reason = match self.reasons.between.get(&(*frame, self.frame)) {
                Some(reason) => *reason,
                None => self.conditions_between(*frame),
            };
            if !known.contains(&reason) {
                known.push(reason);
            }
        }
        self.origins.union(known)
    }

    fn conditions_between(&mut self, frame: FrameId) -> OriginId {
        let (mut origins, mut open) = (Vec::new(), vec![frame]);
        let mut seen = FxHashSet::default();
        while let Some(id) = open.pop() {
            let Some(frame) = self.frame_at(id) else { continue };
            if self.is_within(self.frame, id) || !seen.insert(id) {
                continue;
            }
            origins.push(frame.origin);
            if let FrameKind::Made(inside) = frame.kind {
                open.push(inside);
            }
            open.push(frame.parent);
        }
        let reason = self.origins.union(origins);
        self.reasons.between.insert((frame, self.frame), reason);
        reason
    }

    /// One origin for all that had a part in a value, and what decided about it.
    pub(crate) fn origin_of(&mut self, value: &Value) -> OriginId {
        if !value.is_marked() {
            return value.origin;
        }
        self.origin_of_marks(value.marks())
    }

    /// The same for a part of a text, by the marks that lie in it.
    pub(crate) fn origin_of_marks(&mut self, marks: &[Mark]) -> OriginId {
        let data = self.origins.union(marks.iter().map(|mark| mark.origin));
        let mut frames: Vec<FrameId> = marks.iter().map(|mark| mark.frame).collect();
        frames.sort_unstable_by_key(|frame| frame.0);
        frames.dedup();
        let reason = self.conditions_of(&frames);
        self.chosen(data, reason)
    }

    /// The origin of what came from `data`, because of `reason`.
    pub(super) fn chosen(&mut self, data: OriginId, reason: OriginId) -> OriginId {
        if reason.is_none() || reason == data {
            return data;
        }
        let known = self.reasons.chosen.entry((data, reason));
        *known.or_insert_with(|| self.origins.because(data, reason))
    }

    /// Why something of this origin was chosen.
    pub(crate) fn reason_of(&mut self, origin: OriginId) -> OriginId {
        let Some((mut data, reason)) = self.origins.chosen(origin) else {
            return OriginId::NONE;
        };
        if let Some(known) = self.reasons.of.get(&origin) {
            return *known;
        }
        let (mut open, mut known) = (vec![(origin, reason)], OriginId::NONE);
        while let Some((inner, reason)) = self.origins.chosen(data) {
            if let Some(of) = self.reasons.of.get(&data) {
                known = *of;
                break;
            }
            open.push((data, reason));
            data = inner;
        }
        // From the innermost out, so that each is told with those inside of it.
        while let Some((origin, reason)) = open.pop() {
            known = self.origins.union([reason, known]);
            self.reasons.of.insert(origin, known);
        }
        known
    }

    /// What was in a container of this origin: it is there because the container is.
    pub(crate) fn inside(&mut self, value: Value, container: OriginId) -> Value {
        let reason = self.reason_of(container);
        match reason.is_none() || self.reason_of(value.origin) == reason {
            true => value,
            false => self.because(value, reason),
        }
    }

    /// The origin of what was in a container.
    pub(crate) fn origin_inside(
        &mut self,
        origin: OriginId,
        container: OriginId,
    ) -> OriginId {
        let reason = self.reason_of(container);
        match reason.is_none() || self.reason_of(origin) == reason {
            true => origin,
            false => self.chosen(origin, reason),
        }
    }

    /// The value, which is what it is because of something.
    pub(crate) fn because(&mut self, mut value: Value, reason: OriginId) -> Value {
        if reason.is_none() {
            return value;
        }
        let marks = match &value.data {
            Data::Str(text) if text.is_marked() => text.marks(),
            _ => {
                value.origin = self.chosen(value.origin, reason);
                return value;
            }
        };
        let mut marks = marks.to_vec();
        let mut last = None;
        for mark in &mut marks {
            let parent = mark.frame;
            mark.frame = match last {
                Some((known, choice)) if known == parent => choice,
                _ => self.choice(parent, reason),
            };
            last = Some((parent, mark.frame));
        }
        if let Data::Str(text) = &mut value.data {
            *text = Str::with_marks(text, marks);
        }
        value
    }

    /// The frame of a text that was made in one, and chosen because of something.
    fn choice(&mut self, parent: FrameId, reason: OriginId) -> FrameId {
        if let Some(known) = self.reasons.choices.get(&(parent, reason)) {
            return *known;
        }
        let (kind, span) = (FrameKind::Chosen, Span::NONE);
        let frame = self.add_frame(Frame { parent, kind, span, origin: reason });
        self.reasons.choices.insert((parent, reason), frame);
        frame
    }

    /// The frame of a text that was made in one and is printed here.
    pub(super) fn printed(&mut self, made: FrameId) -> FrameId {
        let here = self.frame;
        if self.is_within(made, here) {
            return made;
        }
        if self.is_within(here, made) {
            return here;
        }
        if let Some(joined) = self.reasons.joined.get(&(made, here)) {
            return *joined;
        }
        let (kind, span) = (FrameKind::Made(made), Span::NONE);
        let frame = Frame { parent: here, kind, span, origin: OriginId::NONE };
        let joined = self.add_frame(frame);
        self.reasons.joined.insert((made, here), joined);
        joined
    }

    /// What decided that an output is blank: the branches that were not taken since.
    pub(super) fn skipped_since(&mut self, first: usize) -> OriginId {
        let skipped = self.skipped.get(first..).unwrap_or_default();
        let origins: Vec<OriginId> = skipped.iter().map(|s| s.origin).collect();
        self.origins.union(origins)
    }

    fn add_frame(&mut self, frame: Frame) -> FrameId {
        let id = FrameId(crate::marks::narrow(self.frames.len()));
        self.frames.push(frame);
        id
    }

    /// Opens a frame and returns the one around it, to be put back.
    pub(super) fn push_frame(
        &mut self,
        kind: FrameKind,
        span: Span,
        origin: OriginId,
    ) -> FrameId {
        let parent = self.frame;
        self.frame = self.add_frame(Frame { parent, kind, span, origin });
        parent
    }
}

/// Copies the marks of a printed string; what they leave open is marked as `own`.
pub(super) fn copy_marks(exec: &mut Executor, marks: &[Mark], own: Mark, end: u32) {
    let mut open = own.start;
    let mut last = (own.frame, own.frame);
    for mark in marks {
        let mut mark = crate::marks::shifted(mark, own.start);
        if mark.frame != last.0 {
            last = (mark.frame, exec.printed(mark.frame));
        }
        mark.frame = last.1;
        let out = &mut exec.out.marks;
        if open < mark.start {
            out.push(Mark { start: open, end: mark.start, ..own });
        }
        open = mark.end;
        out.push(mark);
    }
    if open < end {
        exec.out.marks.push(Mark { start: open, end, ..own });
    }
}

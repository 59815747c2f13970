//! From a place back through origins, marks and frames.

use std::collections::HashSet;

use super::cause::{Cause, Role};
use crate::{
    FrameId, FrameKind, Layer, Mark, Origin, OriginId, Origins, Place, Rendered,
    SourceFile, SourceMap, Span, key, lines,
};

/// So many blank texts are looked at for why nothing stands between others.
const MOST_BLANK: usize = 32;

/// Does a mark hold nothing but quotes?
fn is_quotes(file: &SourceFile, mark: &Mark) -> bool {
    let text = file.text.get(mark.start as usize..mark.end as usize);
    text.is_some_and(|text| text.bytes().all(|byte| matches!(byte, b'"' | b'\'')))
}

/// Did a template print what stands in a frame? In frame 0 and in those of files that are
/// taken as they are none did.
fn is_printed(rendered: &Rendered, frame: FrameId) -> bool {
    let of = rendered.trace.frames.get(frame.0 as usize);
    frame != FrameId(0) && of.is_none_or(|frame| frame.kind != FrameKind::Taken)
}

/// Was a text printed within an include?
fn is_included(rendered: &Rendered, frame: FrameId) -> bool {
    let mut id = frame;
    loop {
        match rendered.trace.frames.get(id.0 as usize) {
            Some(frame) if frame.kind == FrameKind::Include => return true,
            Some(frame) if frame.parent != id => id = frame.parent,
            _ => return false,
        }
    }
}

/// Which arena an id belongs to: the address of the render that it came from.
type Arena = usize;

/// What is left to follow of an edited value.
pub(super) enum Left {
    Place(Place, Role),
    Origin(OriginId, Role),
    Told(Span, Role),
}

/// One walk, and what it found.
pub(super) struct Walk<'a> {
    map: &'a SourceMap,
    origins: &'a Origins,
    pub(super) found: Vec<Cause>,
    seen: HashSet<(Span, &'static str)>,
    /// What was followed: origins share parts, and following each way to a part would take
    /// a time that doubles with every part.
    walked: HashSet<(Arena, OriginId, Role)>,
    frames: HashSet<(Arena, FrameId)>,
    /// The functions that drew a part of the value.
    pub(super) drawn: Vec<(&'static str, Span)>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(map: &'a SourceMap, origins: &'a Origins) -> Walk<'a> {
        Walk {
            map,
            origins,
            found: Vec::new(),
            seen: HashSet::new(),
            walked: HashSet::new(),
            frames: HashSet::new(),
            drawn: Vec::new(),
        }
    }

    fn push(&mut self, span: Span, role: Role) {
        let word = match role {
            Role::Data | Role::Text | Role::Value(_) => "data",
            Role::Shadowed(_) => "shadowed",
            Role::Template => "template",
            Role::Include => "include",
            Role::Reason => "reason",
            Role::Edit(by) => by,
            Role::Before => "before",
        };
        let kept = role == Role::Before && self.seen.contains(&(span, "data"));
        if span.is_none() || kept || !self.seen.insert((span, word)) {
            return;
        }
        // Lines of a file that were taken one after the other are one part.
        if let Some(last) = self.found.last_mut()
            && last.role == role
            && last.span.file == span.file
            && last.span.end == span.start
        {
            last.span.end = span.end;
            return;
        }
        self.found.push(Cause { span, role });
    }

    /// Follows a place. Edits come in chains as long as people write patches, so what is left
    /// is a list and no recursion.
    pub(super) fn place(&mut self, place: Place, role: Role) {
        let mut left = vec![Left::Place(place, role)];
        while let Some(next) = left.pop() {
            match next {
                Left::Place(Place::Span(span), role) => self.span(span, role),
                Left::Place(Place::Origin(id), role) | Left::Origin(id, role) => {
                    self.edit(id, role, &mut left);
                }
                Left::Told(span, role) => self.push(span, role),
            }
        }
    }

    fn span(&mut self, span: Span, role: Role) {
        let file = self.map.file(span.file);
        let Some(rendered) = &file.rendered else {
            return self.push(span, role);
        };
        // What is left out, as a null may be, is what stands before it.
        let start = match span.start < span.end {
            true => span.start,
            false => span.start.saturating_sub(1),
        };
        let marks = rendered.marks_in(start as usize..span.end as usize);
        let says = marks.iter().any(|m| !is_quotes(&file, &m.cut(start, span.end)));
        for mark in marks {
            let (whole, mark) = (mark, mark.cut(start, span.end));
            let before = self.found.len();
            match lines::line(self.map, &file.text, rendered, whole, &mark) {
                Some(line) if role == Role::Data => {
                    self.push(line.at, Role::Value(line.kind));
                    self.shadowed(line.lost);
                    for reason in line.reasons {
                        self.render_origin(rendered, reason, Role::Reason);
                    }
                }
                _ => self.render_origin(rendered, mark.origin, role),
            }
            let own = match (mark.origin.is_none(), role) {
                (_, Role::Reason) => Role::Reason,
                (false, Role::Data) if self.is_own(rendered, &mark, before) => Role::Text,
                (false, _) => Role::Template,
                (true, Role::Data) if is_printed(rendered, mark.frame) => Role::Text,
                (true, role) => role,
            };
            // Quotes around a value are no part of what it says.
            if own != Role::Text || !says || !is_quotes(&file, &mark) {
                self.push(mark.at, own);
            }
            // Why a reason is there is no part of what it decided.
            if role != Role::Reason {
                self.frames(rendered, mark.frame);
            }
        }
        if span.start >= span.end && role != Role::Reason {
            self.left_out(&file, rendered, span.start);
        }
    }

    /// Is a text the template's own, although its origin is known? Then that tells, in what
    /// was found since, nothing but why the branch was taken in which it is printed.
    fn is_own(&self, rendered: &Rendered, mark: &Mark, since: usize) -> bool {
        let own = self.found.get(since..).unwrap_or_default();
        let decides =
            |cause: &Cause| matches!(cause.role, Role::Reason | Role::Shadowed(_));
        if own.is_empty() || !own.iter().all(decides) {
            return false;
        }
        let mut around = Walk::new(self.map, self.origins);
        around.frames(rendered, mark.frame);
        own.iter().all(|cause| around.found.contains(cause))
    }

    /// Follows what decided that nothing stands at a byte of a render: texts that are blank,
    /// and branches that were not taken.
    fn left_out(&mut self, file: &SourceFile, rendered: &Rendered, byte: u32) {
        let first = rendered.marks.partition_point(|mark| mark.end < byte);
        let mut nearby = rendered.marks.iter().skip(first).take(MOST_BLANK);
        let Some(before) = nearby.next() else { return };
        let blank = |mark: &Mark| {
            let text = file.text.get(mark.start.max(byte) as usize..mark.end as usize);
            text.is_some_and(|text| text.trim().is_empty())
        };
        if !blank(before) {
            return;
        }
        let from = before.cut(byte, before.end).at;
        let mut until = None;
        for mark in nearby {
            if !blank(mark) {
                until = Some(mark.at);
                break;
            }
            self.render_origin(rendered, mark.origin, Role::Reason);
        }
        let end = match until {
            Some(until) if until.file == from.file => until.start,
            // Nothing comes after it in its template, if that was printed by itself.
            _ if !is_included(rendered, before.frame) => u32::MAX,
            _ => return,
        };
        for skipped in rendered.trace.skipped_in(from.file, from.start..end) {
            self.render_origin(rendered, skipped.origin, Role::Reason);
            self.push(skipped.span.head(), Role::Reason);
        }
    }

    /// Follows an origin of a build target; what is nearest goes onto `left` last.
    fn edit(&mut self, id: OriginId, role: Role, left: &mut Vec<Left>) {
        if !self.walked.insert((0, id, role)) {
            return;
        }
        match self.origins.get(id) {
            // Of what decided, its edits are why it said so; what it said before is not.
            Some(Origin::Edit { config, after, .. }) if role == Role::Reason => {
                left.push(Left::Told(config, role));
                left.extend(after.map(|after| Left::Place(after, role)));
            }
            Some(Origin::Edit { by, config, before, after, .. }) => {
                let before = before.filter(|before| Some(*before) != after);
                left.extend(before.map(|before| Left::Place(before, Role::Before)));
                left.push(Left::Told(config, Role::Edit(by)));
                left.extend(after.map(|after| Left::Place(after, role)));
            }
            Some(Origin::Source(span) | Origin::Drawn { at: span, .. }) => {
                self.span(span, role);
            }
            Some(Origin::Union(ids)) => {
                left.extend(ids.iter().rev().map(|id| Left::Origin(*id, role)));
            }
            Some(Origin::Because { data, reason }) => {
                left.push(Left::Origin(reason, Role::Reason));
                left.push(Left::Origin(data, role));
            }
            Some(Origin::Line { of, .. }) => left.push(Left::Origin(of, role)),
            Some(Origin::Slot(_) | Origin::Key(_)) | None => {}
        }
    }

    /// Follows an origin of a render; it leads to no other arena.
    pub(super) fn render_origin(
        &mut self,
        rendered: &Rendered,
        id: OriginId,
        role: Role,
    ) {
        let arena = std::ptr::from_ref(rendered).addr();
        let mut left = vec![(id, role)];
        while let Some((id, role)) = left.pop() {
            if !self.walked.insert((arena, id, role)) {
                continue;
            }
            match rendered.trace.origins.get(id) {
                Some(Origin::Source(span)) => self.push(span, role),
                Some(Origin::Drawn { by, at }) => {
                    if role == Role::Data && !self.drawn.contains(&(by, at)) {
                        self.drawn.push((by, at));
                    }
                    self.push(at, role);
                }
                Some(Origin::Slot(slot)) => {
                    let layers = rendered.slots.layers.get(slot.0 as usize);
                    self.layers(layers.map_or(&[], Vec::as_slice), role);
                }
                Some(Origin::Union(ids)) => {
                    left.extend(ids.iter().rev().map(|id| (*id, role)));
                }
                Some(Origin::Because { data, reason }) => {
                    left.push((reason, Role::Reason));
                    left.push((data, role));
                }
                Some(Origin::Line { of, .. }) => left.push((of, role)),
                Some(Origin::Key(slot)) => {
                    let layers = rendered.slots.layers.get(slot.0 as usize);
                    self.key(layers.map_or(&[], Vec::as_slice), role);
                }
                Some(Origin::Edit { .. }) | None => {}
            }
        }
    }

    /// The layer that won, then those that it shadowed.
    fn layers(&mut self, layers: &[Layer], role: Role) {
        let Some((winner, shadowed)) = layers.split_last() else { return };
        let won = match role {
            Role::Data => Role::Value(winner.kind),
            other => other,
        };
        self.push(winner.span, won);
        self.shadowed(shadowed);
    }

    /// The key of what won; of what was shadowed, it is the same.
    fn key(&mut self, layers: &[Layer], role: Role) {
        let Some(winner) = layers.last() else { return };
        let role = if role == Role::Data { Role::Value(winner.kind) } else { role };
        if let Some(key) = key::before(self.map, winner.span) {
            self.push(key, role);
        }
    }

    fn shadowed(&mut self, layers: &[Layer]) {
        for layer in layers {
            self.push(layer.span, Role::Shadowed(layer.kind));
        }
    }

    fn frames(&mut self, rendered: &Rendered, id: FrameId) {
        let arena = std::ptr::from_ref(rendered).addr();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if !self.frames.insert((arena, id)) {
                continue;
            }
            let Some(frame) = rendered.trace.frames.get(id.0 as usize) else { continue };
            if frame.parent != id {
                open.push(frame.parent);
            }
            match frame.kind {
                FrameKind::Include => {
                    // A text that was executed as a template.
                    self.render_origin(rendered, frame.origin, Role::Reason);
                    self.push(frame.span, Role::Include);
                }
                // A file is executed because its chart was asked for, and switched on.
                FrameKind::File
                | FrameKind::Taken
                | FrameKind::If
                | FrameKind::With
                | FrameKind::Range => {
                    self.render_origin(rendered, frame.origin, Role::Reason);
                    self.push(frame.span, Role::Reason);
                }
                FrameKind::Chosen => {
                    self.render_origin(rendered, frame.origin, Role::Reason);
                }
                FrameKind::Made(inside) => open.push(inside),
            }
        }
    }
}

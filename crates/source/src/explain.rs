//! From a place to the lines that made it.

use std::collections::HashSet;
use std::sync::Arc;

use ecow::EcoString;

use crate::{
    FrameId, FrameKind, LayerKind, Origin, OriginId, Origins, Place, Rendered,
    SourceFile, SourceMap, Span, Tracepoint,
};

/// One line that had a part in a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cause {
    /// Where it is written.
    pub span: Span,
    /// Its part.
    pub role: Role,
}

/// One step of the way of a value: how it came to be, or one edit of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Which transformer edited it, and the entry that asked for it; `None` if the value came
    /// to be here.
    pub edit: Option<(&'static str, Span)>,
    /// The text that it had before the edit, if it had one.
    pub was: Option<EcoString>,
    /// The lines that had a part in this step.
    pub causes: Vec<Cause>,
}

/// A value that is made of more than this is told by its first causes.
const LONGEST_CHAIN: usize = 12;

impl Role {
    /// What a line did, in a few words.
    fn words(self) -> &'static str {
        match self {
            Role::Data => "written",
            Role::Text | Role::Template => "printed",
            Role::Value(LayerKind::Chart) => "the chart's default",
            Role::Value(LayerKind::File) => "the value of a values file",
            Role::Value(LayerKind::Inline) => "the inline value",
            Role::Value(LayerKind::Set) => "the value of a flag",
            Role::Value(LayerKind::Release) => "of the release",
            Role::Shadowed(_) => "overridden",
            Role::Include => "included",
            Role::Reason => "the reason",
            Role::Edit(by) => by,
            Role::Before => "replaced",
        }
    }
}

/// The part that a line had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// The value, or a part of it, is written there.
    Data,
    /// The value, or a part of it, is the text of a template.
    Text,
    /// A values layer that set the value and won.
    Value(LayerKind),
    /// A values layer that set the value and was overridden.
    Shadowed(LayerKind),
    /// The template line that printed it.
    Template,
    /// An `include` on the way.
    Include,
    /// A condition that decided that it is there.
    Reason,
    /// The kustomization entry that changed it; the word is the entry's field name.
    Edit(&'static str),
    /// The value that a later edit replaced.
    Before,
}

impl SourceMap {
    /// Everything that had a part in what stands at `place`, nearest first.
    ///
    /// `origins` is the arena of the build target that `place` belongs to. Nothing in the
    /// answer lies in rendered text: each span is in a file that was read.
    #[must_use]
    pub fn causes(&self, origins: &Origins, place: Place) -> Vec<Cause> {
        let mut walk = Walk::new(self, origins);
        walk.place(place, Role::Data);
        walk.found
    }

    /// The functions that drew what stands at `place`, or a part of it, from randomness or
    /// the clock, and where they are called.
    #[must_use]
    pub fn drawn(&self, origins: &Origins, place: Place) -> Vec<(&'static str, Span)> {
        let mut walk = Walk::new(self, origins);
        walk.place(place, Role::Data);
        walk.drawn
    }

    /// What made the value at `place`, then each edit of it, in the order in which they came.
    ///
    /// The first step is the value as it was read or rendered; it is missing if the first
    /// edit added the field. [`Self::causes`] is the same, flat.
    #[must_use]
    pub fn steps(&self, origins: &Origins, place: Place) -> Vec<Step> {
        let step = |place| {
            let mut walk = Walk::new(self, origins);
            walk.place(place, Role::Data);
            walk.found
        };
        let (mut steps, mut at) = (Vec::new(), Some(place));
        while let Some(place) = at {
            let Place::Origin(id) = place else {
                steps.push(Step { edit: None, was: None, causes: step(place) });
                break;
            };
            at = match origins.get(id) {
                Some(Origin::Edit { by, config, before, after, was }) => {
                    let causes = after.map(step).unwrap_or_default();
                    steps.push(Step { edit: Some((by, config)), was, causes });
                    before
                }
                _ => {
                    steps.push(Step { edit: None, was: None, causes: step(place) });
                    None
                }
            };
        }
        steps.reverse();
        // One entry that makes a field and then sets it is one step.
        let set_again = |made: &Step, next: &Step| {
            made.edit.is_some()
                && made.edit == next.edit
                && made.was.is_none()
                && next.was.as_deref() == Some("")
        };
        for n in (1..steps.len()).rev() {
            if set_again(&steps[n - 1], &steps[n]) {
                steps[n].was = None;
                steps.remove(n - 1);
            }
        }
        steps
    }

    /// Everything that had a part in a value of a render: a [`Skipped`](crate::Skipped) branch's condition.
    #[must_use]
    pub fn causes_in(&self, rendered: &Rendered, origin: OriginId) -> Vec<Cause> {
        let none = Origins::new();
        let mut walk = Walk::new(self, &none);
        walk.render_origin(rendered, origin, Role::Data);
        walk.found
    }

    /// Causes as steps of a diagnostic, the first dozen of them.
    #[must_use]
    pub fn chain(&self, causes: &[Cause]) -> Vec<Tracepoint> {
        let known = causes.iter().filter(|cause| self.location(cause.span).is_some());
        known
            .take(LONGEST_CHAIN)
            .map(|cause| Tracepoint { span: cause.span, text: cause.role.words().into() })
            .collect()
    }

    /// The line that a reader can change to change what stands at `place`.
    ///
    /// The winning values layer, patch or file if it is editable; else the kustomization
    /// entry; else, of a chart that is not the reader's, the values that it was given; else
    /// whatever is nearest.
    #[must_use]
    pub fn changeable(&self, origins: &Origins, place: Place) -> Span {
        let best = self.best(&self.causes(origins, place));
        match best.is_none() || self.file(best.file).editable {
            true => best,
            false => self.given(origins, place).unwrap_or(best),
        }
    }

    /// The cause that a reader can change; the nearest if none can be changed.
    #[must_use]
    pub fn best(&self, causes: &[Cause]) -> Span {
        let editable = |c: &&Cause| self.file(c.span.file).editable;
        let rank = |c: &&Cause| match c.role {
            // Of a text that is the template's in part, the values are what people change.
            Role::Value(_) => 0,
            Role::Data | Role::Text => 1,
            Role::Edit(_) => 2,
            Role::Template | Role::Reason => 3,
            Role::Include => 4,
            Role::Shadowed(_) | Role::Before => 5,
        };
        let best = causes.iter().filter(editable).min_by_key(rank);
        best.or(causes.first()).map_or(Span::NONE, |c| c.span)
    }

    /// Where a reader would add what is missing at `place`: the last values layer of the
    /// render if a chart printed it, else [`Self::changeable`].
    #[must_use]
    pub fn addable(&self, origins: &Origins, place: Place) -> Span {
        match self.values_of(origins, place) {
            Some(layer) => layer,
            None => self.changeable(origins, place),
        }
    }

    /// What a reader gave to the chart that printed what stands at `place`: values, or the
    /// name of the release.
    fn given(&self, origins: &Origins, place: Place) -> Option<Span> {
        self.values_of(origins, place).or_else(|| {
            let file = self.printed(origins, place)?;
            let layers = file.rendered.as_ref()?.slots.layers.iter().rev().flatten();
            let mut named = layers.filter(|layer| layer.kind == LayerKind::Release);
            named.find(|layer| self.is_editable(layer.span)).map(|layer| layer.span)
        })
    }

    /// The beginning of the last layer of values of the render that printed a place.
    fn values_of(&self, origins: &Origins, place: Place) -> Option<Span> {
        let file = self.printed(origins, place)?;
        let layer = file.rendered.as_ref()?.slots.layers.first()?.last()?;
        let start = Span { end: layer.span.start, ..layer.span };
        self.is_editable(start).then_some(start)
    }

    /// The file that holds what stands at `place` as it was before it was edited.
    fn printed(&self, origins: &Origins, place: Place) -> Option<Arc<SourceFile>> {
        let mut at = place;
        while let Place::Origin(id) = at {
            at = match origins.get(id) {
                Some(Origin::Edit { before: Some(before), .. }) => before,
                _ => return None,
            };
        }
        let Place::Span(span) = at else { return None };
        Some(self.file(span.file))
    }

    fn is_editable(&self, span: Span) -> bool {
        !span.is_none() && self.file(span.file).editable
    }
}

struct Walk<'a> {
    map: &'a SourceMap,
    origins: &'a Origins,
    found: Vec<Cause>,
    seen: HashSet<(Span, &'static str)>,
    /// The functions that drew a part of the value.
    drawn: Vec<(&'static str, Span)>,
}

impl<'a> Walk<'a> {
    fn new(map: &'a SourceMap, origins: &'a Origins) -> Walk<'a> {
        let (found, seen, drawn) = (Vec::new(), HashSet::new(), Vec::new());
        Walk { map, origins, found, seen, drawn }
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

    fn place(&mut self, place: Place, role: Role) {
        match place {
            Place::Span(span) => self.span(span, role),
            Place::Origin(id) => self.edit(id, role),
        }
    }

    fn span(&mut self, span: Span, role: Role) {
        let file = self.map.file(span.file);
        let Some(rendered) = &file.rendered else {
            return self.push(span, role);
        };
        for mark in rendered.marks_in(span.range()) {
            let mark = mark.cut(span.start, span.end);
            self.render_origin(rendered, mark.origin, role);
            let own = match (mark.origin.is_none(), role) {
                (_, Role::Reason) => Role::Reason,
                (false, _) => Role::Template,
                // Frame 0 is of texts that no template printed.
                (true, Role::Data) if mark.frame != FrameId(0) => Role::Text,
                (true, role) => role,
            };
            self.push(mark.at, own);
            // Why a reason is there is no part of what it decided.
            if role != Role::Reason {
                self.frames(rendered, mark.frame);
            }
        }
    }

    fn edit(&mut self, id: OriginId, role: Role) {
        match self.origins.get(id) {
            Some(Origin::Edit { by, config, before, after, .. }) => {
                if let Some(after) = after {
                    self.place(after, role);
                }
                self.push(config, Role::Edit(by));
                if let Some(before) = before.filter(|before| Some(*before) != after) {
                    self.place(before, Role::Before);
                }
            }
            Some(Origin::Source(span) | Origin::Drawn { at: span, .. }) => {
                self.span(span, role);
            }
            Some(Origin::Union(ids)) => ids.iter().for_each(|id| self.edit(*id, role)),
            Some(Origin::Because { data, reason }) => {
                self.edit(data, role);
                self.edit(reason, Role::Reason);
            }
            Some(Origin::Slot(_)) | None => {}
        }
    }

    fn render_origin(&mut self, rendered: &Rendered, id: OriginId, role: Role) {
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
                let Some((winner, shadowed)) = layers.and_then(|l| l.split_last()) else {
                    return;
                };
                let won = match role {
                    Role::Data => Role::Value(winner.kind),
                    other => other,
                };
                self.push(winner.span, won);
                for layer in shadowed {
                    self.push(layer.span, Role::Shadowed(layer.kind));
                }
            }
            Some(Origin::Union(ids)) => {
                ids.iter().for_each(|id| self.render_origin(rendered, *id, role));
            }
            Some(Origin::Because { data, reason }) => {
                self.render_origin(rendered, data, role);
                self.render_origin(rendered, reason, Role::Reason);
            }
            Some(Origin::Edit { .. }) | None => {}
        }
    }

    fn frames(&mut self, rendered: &Rendered, id: FrameId) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let Some(frame) = rendered.trace.frames.get(id.0 as usize) else { continue };
            if frame.parent != id {
                open.push(frame.parent);
            }
            match frame.kind {
                FrameKind::File => {}
                FrameKind::Include => {
                    // A text that was executed as a template.
                    self.render_origin(rendered, frame.origin, Role::Reason);
                    self.push(frame.span, Role::Include);
                }
                FrameKind::If | FrameKind::With | FrameKind::Range => {
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

//! From a place to the lines that made it.

use std::collections::HashSet;
use std::sync::Arc;

use ecow::EcoString;

use crate::{
    FrameId, FrameKind, Layer, LayerKind, Mark, Origin, OriginId, Origins, Place,
    Rendered, SourceFile, SourceMap, Span, Tracepoint, key, lines,
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
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
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
        // One entry that makes a field and then sets it is one step.
        let set_again = |made: &Step, next: &Step| {
            made.edit.is_some()
                && made.edit == next.edit
                && made.was.is_none()
                && next.was.as_deref() == Some("")
        };
        let mut told: Vec<Step> = Vec::with_capacity(steps.len());
        for step in steps {
            match told.last_mut() {
                Some(next) if set_again(&step, next) => next.was = None,
                _ => told.push(step),
            }
        }
        told.reverse();
        told
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

    /// The line that a reader can change to have another branch of a render taken, of which
    /// `causes` decided: a value that somebody wrote, else where values are given to the chart.
    ///
    /// A chart's own default is nobody's to change for one cluster, whoever's the chart is.
    #[must_use]
    pub fn decidable(&self, rendered: &Rendered, causes: &[Cause]) -> Span {
        let best = self.best(causes);
        let default = Role::Value(LayerKind::Chart);
        let own = causes.iter().any(|cause| cause.span == best && cause.role != default);
        match own && self.is_editable(best) {
            true => best,
            false => self.last_given(rendered).unwrap_or(best),
        }
    }

    /// The cause that a reader can change; the nearest if none can be changed.
    #[must_use]
    pub fn best(&self, causes: &[Cause]) -> Span {
        self.best_of(causes).map_or(Span::NONE, |cause| cause.span)
    }

    fn best_of<'c>(&self, causes: &'c [Cause]) -> Option<&'c Cause> {
        let editable = |c: &&Cause| self.file(c.span.file).editable;
        let best = causes.iter().filter(editable).min_by_key(|cause| rank(cause.role));
        best.or(causes.first())
    }

    /// Of the causes of what stands at `place`, the one that says what it is, one that can be
    /// changed before others. What only decided that it is there counts if nothing says it.
    #[must_use]
    pub fn written_at<'c>(
        &self,
        origins: &Origins,
        place: Place,
        causes: &'c [Cause],
    ) -> Option<&'c Cause> {
        // Whatever an image was called, its entry tells the tag.
        if let Place::Origin(id) = place
            && let Some(Origin::Edit { by: "images", config, .. }) = origins.get(id)
            && let Some(entry) = causes.iter().find(|cause| cause.span == config)
        {
            return Some(entry);
        }
        let says = causes.iter().filter(|cause| rank(cause.role) <= rank(Role::Edit("")));
        let first = says
            .min_by_key(|cause| (!self.file(cause.span.file).editable, rank(cause.role)));
        first.or_else(|| self.best_of(causes))
    }

    /// Where a reader finds a cause: a mapping or list of values that begins on a line below
    /// its key is known by the key, everything else by itself.
    #[must_use]
    pub fn found_at(&self, cause: &Cause) -> Span {
        match cause.role {
            Role::Value(_) | Role::Shadowed(_) | Role::Reason | Role::Before => {
                key::heading(self, cause.span)
            }
            _ => cause.span,
        }
    }

    /// Where a reader would add what is missing at `place`: the last values document of the
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

    /// The beginning of the last values document of the render that printed a place.
    fn values_of(&self, origins: &Origins, place: Place) -> Option<Span> {
        let file = self.printed(origins, place)?;
        self.last_given(file.rendered.as_ref()?)
    }

    fn last_given(&self, rendered: &Rendered) -> Option<Span> {
        rendered.given.iter().rev().copied().find(|span| self.is_editable(*span))
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

/// How near a part is to what a value says.
fn rank(role: Role) -> u8 {
    match role {
        // Many texts begin with the release's name; what else is in them tells more.
        Role::Value(LayerKind::Release) => 1,
        // Of a text that is the template's in part, the values are what people change.
        Role::Value(_) => 0,
        Role::Data | Role::Text => 2,
        Role::Edit(_) => 3,
        Role::Template | Role::Reason => 4,
        Role::Include => 5,
        Role::Shadowed(_) | Role::Before => 6,
    }
}

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
enum Left {
    Place(Place, Role),
    Origin(OriginId, Role),
    Told(Span, Role),
}

struct Walk<'a> {
    map: &'a SourceMap,
    origins: &'a Origins,
    found: Vec<Cause>,
    seen: HashSet<(Span, &'static str)>,
    /// What was followed: origins share parts, and following each way to a part would take
    /// a time that doubles with every part.
    walked: HashSet<(Arena, OriginId, Role)>,
    frames: HashSet<(Arena, FrameId)>,
    /// The functions that drew a part of the value.
    drawn: Vec<(&'static str, Span)>,
}

impl<'a> Walk<'a> {
    fn new(map: &'a SourceMap, origins: &'a Origins) -> Walk<'a> {
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
    fn place(&mut self, place: Place, role: Role) {
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
    fn render_origin(&mut self, rendered: &Rendered, id: OriginId, role: Role) {
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

#[cfg(test)]
mod tests {
    use super::Role;
    use crate::{Origin, Origins, Place, SourceMap, Span};

    #[test]
    fn parts_that_are_shared_are_followed_once() {
        let (map, mut origins) = (SourceMap::new(), Origins::new());
        let file = map.add("values.yaml", "a: 1\nb: 2\n");
        let mut source = |at| origins.add(Origin::Source(Span::new(file, at, at + 1)));
        let (mut a, mut b) = (source(3), source(8));
        for _ in 0..200 {
            let because = origins.because(a, b);
            (a, b) = (origins.union([because, b]), a);
        }
        let causes = map.causes(&origins, Place::Origin(a));
        let told = causes.iter().map(|cause| (cause.span.start, cause.role));
        let told: Vec<(u32, Role)> = told.collect();
        let both = [Role::Data, Role::Reason].map(|role| [(3, role), (8, role)]);
        assert_eq!(told.len(), 4, "{told:?}");
        assert!(both.iter().flatten().all(|part| told.contains(part)), "{told:?}");
    }

    #[test]
    fn a_chain_of_edits_is_no_recursion() {
        let (map, mut origins) = (SourceMap::new(), Origins::new());
        let file = map.add("patch.yaml", &*"a".repeat(50_001));
        let mut place = Place::Span(Span::new(file, 0, 1));
        for at in 1..50_000 {
            let (config, before) = (Span::new(file, at, at + 1), Some(place));
            let (by, after, was) = ("patches", None, None);
            place = Place::Origin(origins.add(Origin::Edit {
                by,
                config,
                before,
                after,
                was,
            }));
        }
        let causes = map.causes(&origins, place);
        assert_eq!(causes.first().map(|cause| cause.span.start), Some(49_999));
    }
}

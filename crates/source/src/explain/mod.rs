//! From a place to the lines that made it.

mod cause;
mod walk;

use std::sync::Arc;

use ecow::EcoString;

use self::cause::rank;
pub use self::cause::{Cause, Role};
use self::walk::Walk;
use crate::{
    LayerKind, Origin, OriginId, Origins, Place, Rendered, SourceFile, SourceMap, Span,
    Tracepoint, key,
};

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

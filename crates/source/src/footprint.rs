//! What the record of origins costs: how many bytes it holds.

use std::collections::HashSet;
use std::mem::size_of;
use std::sync::Arc;

use crate::{
    Frame, Layer, Mark, Origin, OriginId, Origins, Skipped, SlotTable, SourceMap, Trace,
};

/// What the texts of a [`SourceMap`] hold for their origins; what they share counts once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Footprint {
    /// Bytes of marks, frames, origins and layers, as far as they are on the heap.
    pub bytes: usize,
    /// How many rendered texts there are.
    pub texts: usize,
    /// How many renders made them.
    pub renders: usize,
}

impl SourceMap {
    /// How much the record of origins holds.
    #[must_use]
    pub fn footprint(&self) -> Footprint {
        let mut seen: HashSet<usize> = HashSet::new();
        let mut found = Footprint::default();
        self.each(&mut |file| {
            let Some(rendered) = &file.rendered else { return };
            found.texts += 1;
            let mut once = |address: usize| seen.insert(address);
            if once(Arc::as_ptr(&rendered.marks).addr()) {
                found.bytes += rendered.marks.len() * size_of::<Mark>();
            }
            if once(Arc::as_ptr(&rendered.trace).addr()) {
                found.renders += 1;
                found.bytes += rendered.trace.bytes();
            }
            if once(Arc::as_ptr(&rendered.slots).addr()) {
                found.bytes += rendered.slots.bytes();
            }
        });
        found
    }
}

impl Trace {
    /// How many bytes it holds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.origins.bytes()
            + self.frames.capacity() * size_of::<Frame>()
            + self.skipped.capacity() * size_of::<Skipped>()
    }
}

impl SlotTable {
    /// How many bytes it holds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let own = self.layers.capacity() * size_of::<Vec<Layer>>();
        let layers: usize = self.layers.iter().map(Vec::capacity).sum();
        own + layers * size_of::<Layer>()
    }
}

impl Origins {
    /// How many bytes it holds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let inside = |origin: &Origin| match origin {
            Origin::Union(ids) => ids.len() * size_of::<OriginId>(),
            // A text of up to fifteen bytes is held in place.
            Origin::Edit { was: Some(text), .. } if text.len() > 15 => text.len(),
            _ => 0,
        };
        let (lists, reads) = self.parts();
        let bytes = |list: &Vec<Origin>| {
            list.capacity() * size_of::<Origin>() + list.iter().map(inside).sum::<usize>()
        };
        lists.into_iter().map(bytes).sum::<usize>() + reads * size_of::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Footprint;
    use crate::{Rendered, SlotTable, SourceMap, Trace};

    #[test]
    fn what_texts_share_counts_once() {
        let sources = SourceMap::new();
        assert_eq!(sources.footprint(), Footprint::default());
        let mut trace = Trace::default();
        let ids = [1, 2].map(|n| trace.origins.slot(crate::SlotId(n)));
        assert!(ids.iter().all(|id| id.is_none()));
        trace.skipped = Vec::with_capacity(3);
        let bytes = trace.bytes();
        let rendered = Rendered {
            marks: Arc::from([]),
            trace: Arc::new(trace),
            slots: Arc::new(SlotTable::default()),
            given: Arc::from([]),
        };
        sources.add_rendered("a", "a", rendered.clone());
        sources.add_rendered("b", "b", rendered);
        let found = sources.footprint();
        assert_eq!(found, Footprint { bytes, texts: 2, renders: 1 });
    }
}

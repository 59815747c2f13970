//! [`Origins`]: the arena in which origins are recorded.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ecow::EcoString;

use crate::{FileId, Span};

/// Names an origin of one [`Origins`] arena. Never printed, never ordered by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct OriginId(u32);

impl OriginId {
    /// Nothing recorded: a node's span, or the template's own text, is the origin.
    pub const NONE: OriginId = OriginId(0);

    /// Is this [`OriginId::NONE`]?
    #[must_use]
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The origin of a later byte, if this is one of [`Origins::verbatim`]; of a later line,
    /// if it is one of [`Origins::lines`].
    #[must_use]
    pub fn after(self, parts: usize) -> OriginId {
        match (self.is_none(), u32::try_from(parts)) {
            (false, Ok(parts)) => OriginId(self.0.saturating_add(parts)),
            _ => OriginId::NONE,
        }
    }
}

/// The number of a node of the merged values, in preorder: a map or list before its
/// entries, entries in the order of the merged tree.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SlotId(pub u32);

/// What is recorded about an [`OriginId`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Written at this place: `{{ "literal" }}`, `Chart.yaml`, a patch.
    Source(Span),
    /// A node of the merged values: `.Values.a.b`.
    Slot(SlotId),
    /// The key of a node of the merged values: `$key` of a `range`.
    Key(SlotId),
    /// A line of a text, counted from 0: the text is the value of `of`.
    Line {
        /// Where the whole text came from.
        of: OriginId,
        /// Which line of it.
        line: u32,
    },
    /// Made from all of these by an opaque function: `sha256sum`, `add`.
    Union(Box<[OriginId]>),
    /// `data`, chosen because of `reason`: `default "x" .Values.a`, `ternary`.
    Because {
        /// Where the value came from.
        data: OriginId,
        /// What decided that it was taken.
        reason: OriginId,
    },
    /// Drawn there by a function that knows randomness or the clock: `randAlphaNum`, `now`.
    Drawn {
        /// The function.
        by: &'static str,
        /// Where it is called.
        at: Span,
    },
    /// A transformer or patch changed a field.
    Edit {
        /// The transformer's field name in a kustomization: `patches`, `namePrefix`.
        by: &'static str,
        /// The entry of the kustomization that asked for it.
        config: Span,
        /// What stood there before; `None` if the field is new.
        before: Option<Place>,
        /// Where the new value was written; `None` if it is `config` itself.
        after: Option<Place>,
        /// The text that stood there before, if it was a scalar.
        was: Option<EcoString>,
    },
}

/// What a node of a build target knows of its origin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// It was read there, and nothing changed it.
    Span(Span),
    /// The arena of its build target knows.
    Origin(OriginId),
}

impl Place {
    /// The place of a node with this span and origin.
    #[must_use]
    pub fn of(span: Span, origin: OriginId) -> Place {
        match origin.is_none() {
            true => Place::Span(span),
            false => Place::Origin(origin),
        }
    }
}

/// An arena of origins: one per render, one per build target.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    slots: u32,
    changes: usize,
    entries: Vec<Origin>,
    /// What was recorded beside: their ids count down from the highest one.
    beside: Vec<Origin>,
    /// Does this arena record beside another one?
    is_beside: bool,
    /// Texts each part of which has an id, in the order of these.
    verbatim: Vec<Verbatim>,
    by_file: HashMap<FileId, OriginId>,
    /// One bit a slot: was it looked at?
    read: Vec<u64>,
}

/// So many origins are compared with each other, without a table.
const FEW_INPUTS: usize = 16;

/// A text each part of which has an id.
#[derive(Clone, Debug)]
struct Verbatim {
    /// The id of its first part.
    first: u32,
    /// How many ids such texts have before it, and with it.
    before: usize,
    through: usize,
    of: Whole,
}

/// What a text is that has ids for its parts.
#[derive(Clone, Debug)]
enum Whole {
    /// A file: an id for each byte.
    File(FileId, Arc<[u8]>),
    /// A value: an id for each line.
    Value(OriginId),
}

impl Whole {
    fn part(&self, part: usize) -> Origin {
        match self {
            Whole::File(file, text) => {
                // From the byte to the end of its line.
                let rest = text.get(part..).unwrap_or(&[]);
                let length = rest.iter().position(|byte| *byte == b'\n');
                let end = length.map_or(text.len(), |length| part + length + 1);
                Origin::Source(Span::new(*file, part, end))
            }
            Whole::Value(of) => {
                Origin::Line { of: *of, line: u32::try_from(part).unwrap_or(u32::MAX) }
            }
        }
    }
}

impl Origins {
    /// An empty arena.
    #[must_use]
    pub fn new() -> Origins {
        Origins::default()
    }

    /// An arena whose first `count` ids are the slots of a values tree, and whose next are
    /// their keys; they take no room.
    #[must_use]
    pub fn with_slots(count: u32) -> Origins {
        let read = vec![0; (count as usize).div_ceil(64)];
        Origins { slots: count, read, ..Origins::default() }
    }

    /// Notes that a template looked at a value; only slots are remembered.
    #[inline]
    pub fn read(&mut self, id: OriginId) {
        let slot = id.0.wrapping_sub(1);
        if slot >= self.slots {
            return;
        }
        if let Some(word) = self.read.get_mut((slot / 64) as usize) {
            *word |= 1 << (slot % 64);
        }
    }

    /// Did a template look at the value of this slot?
    #[must_use]
    pub fn was_read(&self, slot: SlotId) -> bool {
        let word = self.read.get((slot.0 / 64) as usize);
        word.is_some_and(|word| word & (1 << (slot.0 % 64)) != 0)
    }

    /// The id of a slot; [`OriginId::NONE`] if the arena has no such slot.
    #[must_use]
    pub fn slot(&self, slot: SlotId) -> OriginId {
        match slot.0 < self.slots {
            true => OriginId(slot.0 + 1),
            false => OriginId::NONE,
        }
    }

    /// An arena for another thread, which records beside this one until
    /// [`rejoin`](Self::rejoin): its ids count down from the highest one, so that they and
    /// those of this arena never meet.
    ///
    /// It knows none of what is recorded here, and only one can be out at a time.
    #[must_use]
    pub fn beside(&mut self) -> Origins {
        let beside = std::mem::take(&mut self.beside);
        Origins { beside, is_beside: true, ..Origins::default() }
    }

    /// Takes in what was recorded beside.
    pub fn rejoin(&mut self, other: Origins) {
        self.beside = other.beside;
        self.changes += other.changes;
    }

    /// The origin of the key of a slot; [`OriginId::NONE`] if it is no slot's.
    #[must_use]
    pub fn key(&self, slot: OriginId) -> OriginId {
        match self.is_slot(slot) {
            true => OriginId(slot.0.saturating_add(self.slots)),
            false => OriginId::NONE,
        }
    }

    /// Records an origin.
    pub fn add(&mut self, origin: Origin) -> OriginId {
        if self.is_beside {
            let id = u32::try_from(self.beside.len()).map_or(0, |count| u32::MAX - count);
            self.beside.push(origin);
            return OriginId(id);
        }
        let id = self.next();
        self.entries.push(origin);
        OriginId(u32::try_from(id).unwrap_or(0))
    }

    /// The origin of the first byte of a file; [`OriginId::after`] gives those of the others.
    ///
    /// Each is an [`Origin::Source`] that reaches to the end of its line. They take no room.
    pub fn verbatim(&mut self, file: FileId, text: &Arc<[u8]>) -> OriginId {
        if let Some(known) = self.by_file.get(&file) {
            return *known;
        }
        let first = self.parted(text.len(), Whole::File(file, text.clone()));
        if !first.is_none() {
            self.by_file.insert(file, first);
        }
        first
    }

    /// The origin of the first of so many lines of a text that came from `of`;
    /// [`OriginId::after`] gives those of the others. They take no room.
    pub fn lines(&mut self, of: OriginId, count: usize) -> OriginId {
        self.parted(count, Whole::Value(of))
    }

    fn parted(&mut self, parts: usize, of: Whole) -> OriginId {
        let before = self.in_parts();
        let through = before + parts;
        let fits = u32::try_from(self.next() + parts).is_ok();
        let Some(first) = u32::try_from(self.next()).ok().filter(|_| fits) else {
            return OriginId::NONE;
        };
        self.verbatim.push(Verbatim { first, before, through, of });
        OriginId(first)
    }

    /// How many ids are of parts of texts.
    fn in_parts(&self) -> usize {
        self.verbatim.last().map_or(0, |last| last.through)
    }

    /// The next id that is free.
    fn next(&self) -> usize {
        1 + 2 * self.slots as usize + self.entries.len() + self.in_parts()
    }

    /// Counts an edit that left something else than what stood there.
    pub fn changed(&mut self) {
        self.changes += 1;
    }

    /// How many edits left something else than what stood there: two equal answers mean that
    /// nothing happened in between.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.changes
    }

    /// The origin of what an opaque function made from `inputs`: nothing, the one input that
    /// has an origin, or a new [`Origin::Union`].
    pub fn union(&mut self, inputs: impl IntoIterator<Item = OriginId>) -> OriginId {
        let mut inputs = inputs.into_iter().filter(|id| !id.is_none());
        let Some(first) = inputs.next() else { return OriginId::NONE };
        let Some(second) = inputs.find(|id| *id != first) else { return first };
        let mut known = vec![first, second];
        // Most have a few inputs; a table is for texts that were joined from many.
        let mut seen = None;
        for id in inputs {
            let is_new = if known.len() <= FEW_INPUTS {
                !known.contains(&id)
            } else {
                let all = || known.iter().copied().collect::<HashSet<_>>();
                seen.get_or_insert_with(all).insert(id)
            };
            if is_new {
                known.push(id);
            }
        }
        self.add(Origin::Union(known.into()))
    }

    /// `data`, chosen because of `reason`.
    pub fn because(&mut self, data: OriginId, reason: OriginId) -> OriginId {
        if reason.is_none() || reason == data {
            return data;
        }
        self.add(Origin::Because { data, reason })
    }

    /// What is recorded; `None` for [`OriginId::NONE`] and ids of another arena.
    #[must_use]
    pub fn get(&self, id: OriginId) -> Option<Origin> {
        if id.is_none() {
            return None;
        }
        if id.0 <= self.slots {
            return Some(Origin::Slot(SlotId(id.0 - 1)));
        }
        match self.recorded(id) {
            Ok(origin) => origin.cloned(),
            Err(part) => Some(part),
        }
    }

    /// What was chosen, and why, if something was: [`Origin::Because`].
    #[must_use]
    pub fn chosen(&self, id: OriginId) -> Option<(OriginId, OriginId)> {
        if id.0 <= self.slots {
            return None;
        }
        match self.recorded(id) {
            Ok(Some(Origin::Because { data, reason })) => Some((*data, *reason)),
            _ => None,
        }
    }

    /// The entry of an id that is no slot's; of a key or of a part of a file, what it is.
    fn recorded(&self, id: OriginId) -> Result<Option<&Origin>, Origin> {
        let back = (u32::MAX - id.0) as usize;
        if let Some(origin) = self.beside.get(back) {
            return Ok(Some(origin));
        }
        if let Some(entry) = (id.0 - self.slots).checked_sub(1)
            && entry < self.slots
        {
            return Err(Origin::Key(SlotId(entry)));
        }
        let after = self.verbatim.partition_point(|of| of.first <= id.0);
        let before = match after.checked_sub(1).and_then(|at| self.verbatim.get(at)) {
            None => 0,
            Some(of) => {
                let part = (id.0 - of.first) as usize;
                if part < of.through - of.before {
                    return Err(of.of.part(part));
                }
                of.through
            }
        };
        let entry = id.0 as usize - 2 * self.slots as usize - 1;
        Ok(entry.checked_sub(before).and_then(|entry| self.entries.get(entry)))
    }

    /// What it holds: the origins, and how many words of bits.
    pub(crate) fn parts(&self) -> ([&Vec<Origin>; 2], usize) {
        ([&self.entries, &self.beside], self.read.capacity())
    }

    /// Is it a node of the values?
    #[must_use]
    pub fn is_slot(&self, id: OriginId) -> bool {
        !id.is_none() && id.0 <= self.slots
    }

    /// How many origins were recorded, slots and parts of texts aside.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() + self.beside.len()
    }

    /// Was nothing recorded?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, OriginId, Origins, SlotId};
    use crate::{FileId, Span};

    #[test]
    fn slots_come_first_and_unions_are_small() {
        let mut origins = Origins::with_slots(2);
        let (a, b) = (origins.slot(SlotId(0)), origins.slot(SlotId(1)));
        assert_eq!(origins.slot(SlotId(2)), OriginId::NONE);
        assert_eq!(origins.union([a, OriginId::NONE, a]), a);
        assert!(origins.is_empty());
        let both = origins.union([a, b]);
        assert_eq!(origins.get(both), Some(Origin::Union([a, b].into())));
        assert_eq!(origins.get(b), Some(Origin::Slot(SlotId(1))));
    }

    #[test]
    fn unions_of_many_name_each_once() {
        let mut origins = Origins::with_slots(100);
        let slots: Vec<OriginId> = (0..100).map(|n| origins.slot(SlotId(n))).collect();
        let twice = slots.iter().chain(slots.iter().rev()).copied();
        let all = origins.union(twice);
        assert_eq!(origins.get(all), Some(Origin::Union(slots.into())));
    }

    #[test]
    fn two_threads_record_beside_each_other() {
        let at = |byte| Origin::Source(Span::new(FileId::NONE, byte, byte + 1));
        let mut origins = Origins::with_slots(1);
        let first = origins.add(at(1));
        let mut beside = origins.beside();
        let (second, third) = (beside.add(at(2)), origins.add(at(3)));
        beside.changed();
        origins.rejoin(beside);
        let mut beside = origins.beside();
        let fourth = beside.add(at(4));
        origins.rejoin(beside);
        let found = [first, second, third, fourth].map(|id| origins.get(id));
        assert_eq!(found, [1, 2, 3, 4].map(|byte| Some(at(byte))));
        assert_eq!((origins.len(), origins.changes()), (4, 1));
    }

    #[test]
    fn bytes_of_a_file_take_no_room() {
        let mut origins = Origins::with_slots(1);
        let first = origins.add(Origin::Slot(SlotId(7)));
        let file = FileId::NONE;
        let text = b"ab\ncd".as_slice().into();
        let bytes = origins.verbatim(file, &text);
        assert_eq!(origins.verbatim(file, &text), bytes);
        let last = origins.add(Origin::Slot(SlotId(8)));
        let span = |start, end| Some(Origin::Source(Span::new(file, start, end)));
        assert_eq!(origins.get(bytes.after(1)), span(1, 3));
        assert_eq!(origins.get(bytes.after(3)), span(3, 5));
        assert_eq!(origins.get(first), Some(Origin::Slot(SlotId(7))));
        assert_eq!(origins.get(last), Some(Origin::Slot(SlotId(8))));
        assert_eq!(origins.len(), 2);
    }

    #[test]
    fn lines_of_a_value_take_no_room() {
        let mut origins = Origins::with_slots(1);
        let of = origins.slot(SlotId(0));
        let first = origins.lines(of, 3);
        let next = origins.add(Origin::Slot(SlotId(7)));
        assert_eq!(origins.get(first), Some(Origin::Line { of, line: 0 }));
        assert_eq!(origins.get(first.after(2)), Some(Origin::Line { of, line: 2 }));
        assert_eq!(origins.get(next), Some(Origin::Slot(SlotId(7))));
        assert_eq!((origins.len(), origins.is_slot(of)), (1, true));
        assert_eq!(origins.get(origins.key(of)), Some(Origin::Key(SlotId(0))));
        assert!(origins.key(first).is_none());
    }

    #[test]
    fn what_was_read_is_known_by_slot() {
        let mut origins = Origins::with_slots(65);
        origins.read(origins.slot(SlotId(64)));
        origins.read(OriginId::NONE);
        let made = origins.add(Origin::Slot(SlotId(3)));
        origins.read(made);
        let read: Vec<u32> = (0..66).filter(|n| origins.was_read(SlotId(*n))).collect();
        assert_eq!(read, [64]);
    }
}

//! `if`, `with` and `range`.

use source::{FrameKind, OriginId};

use super::state::{Exec, Flow, State};
use crate::fmt::{print_indirect, to_text};
use crate::parse::{Branch, Node, Range};
use crate::{Data, IntKind, Value};

impl<'t> State<'_, 't> {
    /// `if` or `with`. (`walkIfOrWith`)
    pub(super) fn if_or_with(
        &mut self,
        dot: &Value,
        branch: &'t Branch,
        kind: FrameKind,
    ) -> Exec<Flow> {
        let mark = self.vars.len();
        let value = self.pipeline(dot, &branch.pipe)?;
        let reason = self.exec.origin_of(&value);
        let flow = match (value.truth(), &branch.else_list) {
            (true, _) => {
                let dot = if kind == FrameKind::With { &value } else { dot };
                self.framed(dot, branch, &branch.list, kind, reason)?
            }
            (false, Some(list)) => self.framed(dot, branch, list, kind, reason)?,
            (false, None) => {
                self.skip(branch, reason);
                Flow::Next
            }
        };
        self.vars.truncate(mark);
        self.left_as_they_are(branch, reason);
        Ok(flow)
    }

    /// Says of the variables that a branch could have assigned why they are what they are.
    ///
    /// Texts of several parts are left out: a loop would copy their marks each time.
    fn left_as_they_are(&mut self, branch: &Branch, reason: OriginId) {
        for name in &branch.assigned {
            let Some(var) = self.vars.iter_mut().rev().find(|var| var.0 == name) else {
                continue;
            };
            if !var.1.is_marked() && self.exec.reason_of(var.1.origin) != reason {
                var.1 = self.exec.because(std::mem::take(&mut var.1), reason);
            }
        }
    }

    /// Walks a list in the frame of the value that decided it.
    fn framed(
        &mut self,
        dot: &Value,
        branch: &'t Branch,
        list: &'t [Node],
        kind: FrameKind,
        reason: OriginId,
    ) -> Exec<Flow> {
        let outer = self.open(branch, kind, reason);
        let flow = self.walk(dot, list);
        self.exec.frame = outer;
        flow
    }

    /// Notes that a branch was not taken.
    fn skip(&mut self, branch: &Branch, origin: OriginId) {
        let end = branch.list.last().map_or(branch.range.end, Node::end);
        let range = Range { start: branch.range.start, end: end.max(branch.range.end) };
        let span = self.tree.source.span(range);
        self.exec.skip(span, origin);
    }

    fn open(
        &mut self,
        branch: &Branch,
        kind: FrameKind,
        origin: OriginId,
    ) -> source::FrameId {
        let span = self.tree.source.span(branch.range);
        self.exec.push_frame(kind, span, origin)
    }

    /// `range`. (`walkRange`)
    pub(super) fn range(&mut self, dot: &Value, branch: &'t Branch) -> Exec<Flow> {
        let mark = self.vars.len();
        let value = self.pipeline(dot, &branch.pipe)?;
        let reason = self.exec.origin_of(&value);
        let outer = self.open(branch, FrameKind::Range, reason);
        let done = self.iterate(dot, branch, &value);
        self.exec.frame = outer;
        self.vars.truncate(mark);
        if !value.truth() {
            // There was nothing to go through, and that decided.
            if branch.else_list.is_none() {
                self.skip(branch, reason);
            }
            self.left_as_they_are(branch, reason);
        }
        done
    }

    fn iterate(&mut self, dot: &Value, branch: &'t Branch, value: &Value) -> Exec<Flow> {
        let origin = value.origin;
        let mut ran = false;
        let entries = match &value.data {
            Data::Object(object) => object.entries(),
            _ => None,
        };
        match &value.data {
            Data::Int(..) | Data::Uint(..) => {
                if branch.pipe.decl.len() > 1 {
                    return Err(self.fail_of(
                        value,
                        format!(
                            "can't use {} to iterate over more than one variable",
                            to_text(value)
                        ),
                    ));
                }
                // How many there are says nothing of what each is.
                let origin = self.exec.origins.because(OriginId::NONE, origin);
                for element in count(value, origin) {
                    ran = true;
                    if self.iteration(branch, Value::NIL, element)? == Flow::Break {
                        return Ok(Flow::Next);
                    }
                }
            }
            Data::List(list) => {
                for (i, element) in list.values().iter().enumerate() {
                    ran = true;
                    let index = Value::int(i64::try_from(i).unwrap_or(i64::MAX));
                    self.exec.origins.read(element.origin);
                    let element = element.clone().element(list.element_type(), origin);
                    if self.iteration(branch, index, element)? == Flow::Break {
                        return Ok(Flow::Next);
                    }
                }
            }
            Data::Map(map) => {
                for (key, element) in map.entries() {
                    ran = true;
                    self.exec.origins.read(element.origin);
                    let element = element.element(map.element_type(), origin);
                    // The value decides that there is this iteration, not what the key says.
                    let own = self.exec.origins.key(element.origin);
                    let key = Value::from(key).with_origin(own);
                    if self.iteration(branch, key, element)? == Flow::Break {
                        return Ok(Flow::Next);
                    }
                }
            }
            Data::Nil => {}
            Data::Object(object) if entries.is_some() => {
                for (key, element) in entries.into_iter().flatten() {
                    ran = true;
                    let element = element.element(object.element(), origin);
                    if self.iteration(branch, key, element)? == Flow::Break {
                        return Ok(Flow::Next);
                    }
                }
            }
            _ => {
                let mut message = b"range can't iterate over ".to_vec();
                // What is not where it was has no methods of pointers.
                let detached = match &value.data {
                    Data::Object(object) => object.detached().map(Value::from),
                    _ => None,
                };
                print_indirect(&mut message, detached.as_ref().unwrap_or(value));
                let message = String::from_utf8_lossy(&message);
                return Err(self.fail_of(value, message));
            }
        }
        match &branch.else_list {
            Some(list) if !ran => self.walk(dot, list),
            _ => Ok(Flow::Next),
        }
    }

    fn iteration(
        &mut self,
        branch: &'t Branch,
        index: Value,
        element: Value,
    ) -> Exec<Flow> {
        self.step()?;
        let mark = self.vars.len();
        let dot = element.clone();
        let decl = &branch.pipe.decl;
        if branch.pipe.assigns {
            match &**decl {
                [first, second, ..] => {
                    self.set_var(&first.name, index)?;
                    self.set_var(&second.name, element)?;
                }
                [one] => self.set_var(&one.name, element)?,
                [] => {}
            }
        } else {
            // The pipeline pushed the variables: the last is the element.
            let mut top = self.vars.iter_mut().rev();
            if let (true, Some(last)) = (!decl.is_empty(), top.next()) {
                last.1 = element;
            }
            if let (true, Some(last)) = (decl.len() > 1, top.next()) {
                last.1 = index;
            }
        }
        // What an iteration prints is there because its element is; if nothing is known of
        // that, it is there because of the whole.
        let outer = self.exec.frame;
        if dot.origins().any(|origin| !origin.is_none()) {
            let reason = self.exec.origin_of(&dot);
            self.open(branch, FrameKind::Range, reason);
        }
        let flow = self.walk(&dot, &branch.list);
        self.exec.frame = outer;
        self.vars.truncate(mark);
        flow
    }
}

/// The numbers from 0 up to an integer, each of its kind.
fn count(value: &Value, origin: OriginId) -> Box<dyn Iterator<Item = Value> + '_> {
    match value.data {
        Data::Int(n, kind) => Box::new(
            (0..n).map(move |i| Value::new(Data::Int(i, kind)).with_origin(origin)),
        ),
        Data::Uint(n, kind) => Box::new(
            (0..n).map(move |i| Value::new(Data::Uint(i, kind)).with_origin(origin)),
        ),
        _ => Box::new((0..0).map(|i: i64| Value::new(Data::Int(i, IntKind::Int)))),
    }
}

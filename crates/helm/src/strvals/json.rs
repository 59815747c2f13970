//! `--set-json`: a JSON object, or keys with JSON values.

use std::cell::RefCell;
use std::rc::Rc;

use source::{FileId, LayerKind, Span};

use super::Stop;
use super::scanner::Scanner;
use crate::values::{Data, MapRef, Node, from_value};

/// The map of `--set-json '{"a": 1}'`; `None` if it is no JSON object.
pub(crate) fn json_object(text: &str, file: FileId) -> Option<MapRef> {
    let value = goyaml::parse_json(text, file).ok()?;
    from_value(&value, LayerKind::Set).map().cloned()
}

/// The JSON value here; nothing up to a comma or the end is null.
pub(super) fn json_value(scan: &mut Scanner<'_>) -> Result<Data, Stop> {
    if empty_value(scan) {
        return Ok(Data::Null);
    }
    let start = scan.at;
    let rest = scan.rest();
    if rest.trim_start().is_empty() {
        return Err(Stop::Eof);
    }
    let (value, length) = match goyaml::parse_json_prefix(rest, scan.file) {
        Ok(found) => found,
        Err(fault) => return Stop::fault(fault.upstream()),
    };
    scan.at = start + length;
    let made = from_value(&value.at(Span::NONE), LayerKind::Set);
    let made = moved(made, start);
    empty_value(scan);
    Ok(made.data)
}

/// Skips blanks and one comma; was there nothing else?
fn empty_value(scan: &mut Scanner<'_>) -> bool {
    loop {
        match scan.peek() {
            None => return true,
            Some(',') => {
                scan.next();
                return true;
            }
            Some(c) if c.is_whitespace() => {
                scan.next();
            }
            Some(_) => return false,
        }
    }
}

/// The same with its places so many bytes further on.
fn moved(mut node: Node, by: usize) -> Node {
    let span = &mut node.layer.span;
    if !span.is_none() {
        *span = Span::new(span.file, span.start as usize + by, span.end as usize + by);
    }
    node.data = match node.data {
        Data::List(items) => {
            Data::List(Rc::new(items.iter().map(|n| moved(n.clone(), by)).collect()))
        }
        Data::Map(map) => {
            let entries = map.borrow();
            let entries =
                entries.iter().map(|(key, node)| (key.clone(), moved(node.clone(), by)));
            Data::Map(Rc::new(RefCell::new(entries.collect())))
        }
        other => other,
    };
    node
}

//! Reading one character after the other, and what both parsers share.

use std::rc::Rc;

use ecow::EcoString;
use source::{FileId, LayerKind, Span};

use super::{MAX_INDEX, Stop};
use crate::values::{Data, MapRef, Node};

/// The text of one flag and a position in it.
pub(crate) struct Scanner<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: usize,
    pub(crate) file: FileId,
}

/// What stands before a stop character, and that character.
pub(crate) struct Piece {
    pub(crate) text: String,
    /// `None`: the text ended first.
    pub(crate) last: Option<char>,
}

impl Scanner<'_> {
    pub(crate) fn next(&mut self) -> Option<char> {
        let c = self.text.get(self.at..)?.chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    pub(crate) fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Reads up to one of `stop`; a backslash takes away a character's meaning.
    pub(crate) fn until(&mut self, stop: &[char]) -> Piece {
        let mut text = String::new();
        while let Some(c) = self.next() {
            if stop.contains(&c) {
                return Piece { text, last: Some(c) };
            }
            match c {
                '\\' => match self.next() {
                    Some(next) => text.push(next),
                    None => break,
                },
                _ => text.push(c),
            }
        }
        Piece { text, last: None }
    }

    /// Reads up to one of `stop`; a backslash is a backslash.
    pub(crate) fn until_literal(&mut self, stop: &[char]) -> Piece {
        let start = self.at;
        while let Some(c) = self.next() {
            if stop.contains(&c) {
                let text = self.text[start..self.at - c.len_utf8()].to_owned();
                return Piece { text, last: Some(c) };
            }
        }
        Piece { text: self.text[start..].to_owned(), last: None }
    }

    /// The node of a value that was written from `start` to here.
    pub(crate) fn node(&self, data: Data, start: usize) -> Node {
        let mut end = self.at.max(start);
        let written = self.text.get(start..end).unwrap_or("");
        end -= written.len() - written.trim_end_matches(',').len();
        Node::new(data, LayerKind::Set, Span::new(self.file, start, end))
    }
}

/// Sets a key, unless it is empty; what stood there becomes a shadowed layer.
pub(crate) fn set(data: &MapRef, key: &str, mut node: Node) {
    if key.is_empty() {
        return;
    }
    let mut data = data.borrow_mut();
    if let Some(old) = data.get(key) {
        node.shadow(old);
    }
    data.insert(key.into(), node);
}

/// Sets an item, making the list longer with nulls where needed.
pub(crate) fn set_index(
    list: &mut Vec<Node>,
    index: i64,
    mut node: Node,
) -> Result<(), Stop> {
    if index < 0 {
        return Stop::fault(format!("negative {index} index not allowed"));
    }
    if index > MAX_INDEX {
        return Stop::fault(format!(
            "index of {index} is greater than maximum supported index of {MAX_INDEX}"
        ));
    }
    let at = usize::try_from(index).unwrap_or(0);
    if list.len() <= at {
        list.resize_with(at + 1, || Node::made_up(Data::Null));
    }
    if let Some(old) = list.get_mut(at) {
        node.shadow(old);
        *old = node;
    }
    Ok(())
}

/// The number between brackets.
pub(crate) fn index(piece: &Piece) -> Result<i64, Stop> {
    if piece.last.is_none() {
        return Err(Stop::Eof);
    }
    let text = &piece.text;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let valid = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    text.parse().map_err(|_| {
        let why = if valid { "value out of range" } else { "invalid syntax" };
        let quoted = crate::gofmt::quote(text);
        Stop::Fault(format!("error parsing index: strconv.Atoi: parsing {quoted}: {why}"))
    })
}

/// Takes the list at `key` out of the map, to change it.
pub(crate) fn take_list(data: &MapRef, key: &str) -> Result<Rc<Vec<Node>>, Stop> {
    match data.borrow_mut().get_mut(key) {
        None => Ok(Rc::default()),
        Some(node) => match &mut node.data {
            Data::List(list) => Ok(std::mem::take(list)),
            other => Err(conversion(other, "[]interface {}")),
        },
    }
}

/// The map at `key`, or an empty one.
pub(crate) fn find_map(data: &MapRef, key: &str) -> Result<MapRef, Stop> {
    match data.borrow().get(key) {
        None => Ok(MapRef::default()),
        Some(node) => {
            let found = node.map().cloned();
            found.ok_or_else(|| conversion(&node.data, "map[string]interface {}"))
        }
    }
}

/// Puts a container back under its key, keeping who set it first.
pub(crate) fn put_back(data: &MapRef, key: &str, value: Data, made: Node) {
    if key.is_empty() {
        return;
    }
    let mut data = data.borrow_mut();
    match data.get_mut(key) {
        Some(node) => node.data = value,
        None => {
            let node = Node { data: value, ..made };
            data.insert(EcoString::from(key), node);
        }
    }
}

/// The words of Go's failed type assertion, as Helm reports its own panic.
pub(crate) fn conversion(found: &Data, wanted: &str) -> Stop {
    let found = found.go_type();
    Stop::Fault(format!(
        "unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}"
    ))
}

//! `--set-literal`: everything after `=` is the string.

use std::rc::Rc;

use source::FileId;

use super::parser::{nested_list, nested_map, nested_too_deep, rune_list};
use super::scanner::{Scanner, find_map, index, put_back, set, set_index, take_list};
use super::{MAX_NESTED_NAME_LEVEL, Stop};
use crate::gofmt::quote;
use crate::values::{Data, MapRef, Node};

/// Parses `a.b[0]=text` into `dest`. (`ParseLiteralInto`)
pub(crate) fn parse_literal_into(
    text: &str,
    file: FileId,
    dest: &MapRef,
) -> Result<(), String> {
    let mut parser = Parser { scan: Scanner { text, at: 0, file } };
    loop {
        match parser.key(dest, 0) {
            Ok(()) => {}
            Err(Stop::Eof) => return Ok(()),
            Err(Stop::Fault(words)) => return Err(words),
        }
    }
}

struct Parser<'a> {
    scan: Scanner<'a>,
}

impl Parser<'_> {
    fn key(&mut self, data: &MapRef, level: usize) -> Result<(), Stop> {
        let start = self.scan.at;
        let piece = self.scan.until_literal(&['=', '[', '.']);
        let key = piece.text;
        match piece.last {
            None if key.is_empty() => Err(Stop::Eof),
            None => Stop::fault(format!("key {} has no value", quote(&key))),
            Some('=') => {
                let node = self.rest();
                set(data, &key, node);
                Ok(())
            }
            Some('.') => {
                if level + 1 > MAX_NESTED_NAME_LEVEL {
                    return Stop::fault(nested_too_deep());
                }
                let inner = find_map(data, &key)?;
                let done = self.key(&inner, level + 1);
                let empty = inner.borrow().is_empty();
                if done.is_ok() && empty {
                    return Stop::fault(format!("key map {} has no value", quote(&key)));
                }
                if !empty {
                    let made = self.scan.node(Data::Null, start);
                    put_back(data, &key, Data::Map(inner), made);
                }
                done
            }
            Some(_) => {
                let at = index(&self.scan.until_literal(&[']']))?;
                let mut list = take_list(data, &key)?;
                let done = self.list_item(Rc::make_mut(&mut list), at, level);
                let made = self.scan.node(Data::Null, start);
                put_back(data, &key, Data::List(list), made);
                done
            }
        }
    }

    fn rest(&mut self) -> Node {
        let start = self.scan.at;
        let text = self.scan.rest().into();
        self.scan.at = self.scan.text.len();
        let span = source::Span::new(self.scan.file, start, self.scan.at);
        Node::new(Data::Str(text), source::LayerKind::Set, span)
    }

    fn list_item(
        &mut self,
        list: &mut Vec<Node>,
        at: i64,
        level: usize,
    ) -> Result<(), Stop> {
        if at < 0 {
            return Stop::fault(format!("negative {at} index not allowed"));
        }
        let start = self.scan.at;
        let piece = self.scan.until_literal(&['[', '.', '=']);
        if !piece.text.is_empty() {
            let quoted = rune_list(&piece.text);
            return Stop::fault(format!(
                "unexpected data at end of array index: {quoted}"
            ));
        }
        match piece.last {
            None => Err(Stop::Eof),
            Some('=') => {
                let node = self.rest();
                set_index(list, at, node)
            }
            Some('[') => {
                let next = index(&self.scan.until_literal(&[']']))?;
                let mut inner = nested_list(list, at)?;
                self.list_item(Rc::make_mut(&mut inner), next, level)?;
                let node = self.scan.node(Data::List(inner), start);
                set_index(list, at, node)
            }
            Some(_) => {
                let inner = nested_map(list, at);
                self.key(&inner, level)?;
                let node = self.scan.node(Data::Map(inner), start);
                set_index(list, at, node)
            }
        }
    }
}

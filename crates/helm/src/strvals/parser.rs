//! `--set`, `--set-string`, `--set-file`, and `--set-json` with keys.

use std::rc::Rc;

use source::FileId;

use super::json::json_value;
use super::scanner::{
    Scanner, conversion, find_map, index, put_back, set, set_index, take_list,
};
use super::{MAX_NESTED_NAME_LEVEL, Stop};
use crate::gofmt::quote;
use crate::values::{Data, MapRef, Node};

/// What makes a value of the text after `=`.
pub(crate) type Reader<'r> = &'r dyn Fn(&str) -> Result<Data, String>;

enum Values<'r> {
    Read(Reader<'r>),
    Json,
}

/// `--set`: types are guessed. (`ParseInto`)
pub(crate) fn parse_into(text: &str, file: FileId, dest: &MapRef) -> Result<(), String> {
    parse(text, file, dest, Values::Read(&|text| Ok(typed_val(text))))
}

/// `--set-string`: values are strings. (`ParseIntoString`)
pub(crate) fn parse_into_string(
    text: &str,
    file: FileId,
    dest: &MapRef,
) -> Result<(), String> {
    parse(text, file, dest, Values::Read(&|text| Ok(Data::Str(text.into()))))
}

/// `--set-file`: `reader` reads the file that the value names. (`ParseIntoFile`)
pub(crate) fn parse_into_file(
    text: &str,
    file: FileId,
    dest: &MapRef,
    reader: Reader,
) -> Result<(), String> {
    parse(text, file, dest, Values::Read(reader))
}

/// `--set-json a=[1],b=null`. (`ParseJSON`)
pub(crate) fn parse_json(text: &str, file: FileId, dest: &MapRef) -> Result<(), String> {
    parse(text, file, dest, Values::Json)
}

fn parse(
    text: &str,
    file: FileId,
    dest: &MapRef,
    values: Values<'_>,
) -> Result<(), String> {
    let mut parser = Parser { scan: Scanner { text, at: 0, file }, values };
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
    values: Values<'a>,
}

impl Parser<'_> {
    fn key(&mut self, data: &MapRef, level: usize) -> Result<(), Stop> {
        let start = self.scan.at;
        let piece = self.scan.until(&['=', '[', ',', '.']);
        let key = piece.text;
        match piece.last {
            None if key.is_empty() => Err(Stop::Eof),
            None => Stop::fault(format!("key {} has no value", quote(&key))),
            Some('[') => {
                let at = index(&self.scan.until(&[']']))?;
                let mut list = take_list(data, &key)?;
                let done = self.list_item(Rc::make_mut(&mut list), at, level);
                let made = self.scan.node(Data::Null, start);
                put_back(data, &key, Data::List(list), made);
                done
            }
            Some('=') => self.value(|node| set(data, &key, node)),
            Some('.') => self.nested(data, &key, level + 1, start),
            Some(_) => {
                let words = "has no value (cannot end with ,)";
                Stop::fault(format!("key {} {words}", quote(&key)))
            }
        }
    }

    fn nested(
        &mut self,
        data: &MapRef,
        key: &str,
        level: usize,
        start: usize,
    ) -> Result<(), Stop> {
        if level > MAX_NESTED_NAME_LEVEL {
            return Stop::fault(nested_too_deep());
        }
        let inner = find_map(data, key)?;
        let done = self.key(&inner, level);
        let empty = inner.borrow().is_empty();
        if done.is_ok() && empty {
            return Stop::fault(format!("key map {} has no value", quote(key)));
        }
        if !empty {
            let made = self.scan.node(Data::Null, start);
            put_back(data, key, Data::Map(inner), made);
        }
        done
    }

    /// Reads what follows `=` and hands it to `put`.
    fn value(&mut self, put: impl FnOnce(Node)) -> Result<(), Stop> {
        let start = self.scan.at;
        let Values::Read(reader) = self.values else {
            let data = json_value(&mut self.scan)?;
            let node = self.scan.node(data, start);
            put(node);
            return Ok(());
        };
        match self.scan.peek() {
            None => {
                put(self.scan.node(Data::Str("".into()), start));
                Err(Stop::Eof)
            }
            Some('{') => {
                self.scan.next();
                let list = self.val_list(reader)?;
                put(self.scan.node(Data::List(Rc::new(list)), start));
                Ok(())
            }
            Some(_) => {
                let text = self.scan.until(&[',']).text;
                let data = reader(&text).map_err(Stop::Fault)?;
                put(self.scan.node(data, start));
                Ok(())
            }
        }
    }

    fn val_list(&mut self, reader: Reader<'_>) -> Result<Vec<Node>, Stop> {
        let mut list = Vec::new();
        loop {
            let start = self.scan.at;
            let piece = self.scan.until(&[',', '}']);
            let Some(last) = piece.last else {
                return Stop::fault("list must terminate with '}'");
            };
            let data = reader(&piece.text).map_err(Stop::Fault)?;
            let mut node = self.scan.node(data, start);
            node.layer.span.end = node.layer.span.end.max(node.layer.span.start);
            list.push(node);
            if last == '}' {
                if self.scan.peek() == Some(',') {
                    self.scan.next();
                }
                return Ok(list);
            }
        }
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
        let piece = self.scan.until(&['[', '.', '=']);
        if !piece.text.is_empty() {
            let quoted = rune_list(&piece.text);
            return Stop::fault(format!(
                "unexpected data at end of array index: {quoted}"
            ));
        }
        match piece.last {
            None => Err(Stop::Eof),
            Some('=') => {
                let mut node = None;
                match self.value(|made| node = Some(made)) {
                    Ok(()) | Err(Stop::Eof) => {}
                    Err(fault) => return Err(fault),
                }
                match node {
                    Some(node) => set_index(list, at, node),
                    None => Ok(()),
                }
            }
            Some('[') => {
                let next = index(&self.scan.until(&[']']))?;
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

/// The list inside a list, to go on with; null counts as an empty one.
pub(super) fn nested_list(list: &mut [Node], at: i64) -> Result<Rc<Vec<Node>>, Stop> {
    let item = usize::try_from(at).ok().and_then(|at| list.get_mut(at));
    match item.map(|node| &mut node.data) {
        None | Some(Data::Null) => Ok(Rc::default()),
        Some(Data::List(inner)) => Ok(inner.clone()),
        Some(other) => Err(conversion(other, "[]interface {}")),
    }
}

/// The map inside a list, to go on with; anything else counts as an empty one.
pub(super) fn nested_map(list: &[Node], at: i64) -> MapRef {
    let item = usize::try_from(at).ok().and_then(|at| list.get(at));
    item.and_then(|node| node.map().cloned()).unwrap_or_default()
}

pub(super) fn nested_too_deep() -> String {
    format!(
        "value name nested level is greater than maximum supported nested level of \
         {MAX_NESTED_NAME_LEVEL}"
    )
}

/// `%q` of a slice of runes: `['a' 'b']`.
pub(super) fn rune_list(text: &str) -> String {
    let quoted: Vec<String> = text.chars().map(crate::gofmt::quote_rune).collect();
    format!("[{}]", quoted.join(" "))
}

/// The type that `--set` guesses: booleans, null and integers without leading zeros.
fn typed_val(text: &str) -> Data {
    if text.eq_ignore_ascii_case("true") {
        return Data::Bool(true);
    }
    if text.eq_ignore_ascii_case("false") {
        return Data::Bool(false);
    }
    if text.eq_ignore_ascii_case("null") {
        return Data::Null;
    }
    if text == "0" {
        return Data::Int(0);
    }
    match text.parse::<i64>() {
        Ok(n) if !text.starts_with('0') => Data::Int(n),
        _ => Data::Str(text.into()),
    }
}

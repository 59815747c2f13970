//! How whole values print, with any verb. (fmt: `print.go`)

use super::format::Flags;
use crate::limits::MAX_TEXT;
use crate::{Data, Kind, List, Map, Object, Str, Type, UintKind, Value};

/// How deep a value may nest and still be printed. Go would overflow its stack on a map that
/// holds itself; here printing stops.
const MAX_DEPTH: usize = 500;

/// Where a thing lies in memory: here, anywhere.
const ADDRESS: u64 = 0xc0_0000_0000;

/// A printer: the text so far, and the flags of the verb at hand.
#[derive(Debug)]
pub(super) struct Printer<'o> {
    pub(super) out: &'o mut Vec<u8>,
    pub(super) flags: Flags,
    erroring: bool,
    too_deep: bool,
    /// The named type whose plain value is being printed.
    named: Option<&'static str>,
}

/// Appends a value as `%v` prints it.
pub fn print(out: &mut Vec<u8>, value: &Value) {
    Printer::new(out).arg(value, 'v');
}

/// Appends a value as a template prints it: a pointer as what it points at.
/// (text/template: `printableValue`)
pub(crate) fn print_indirect(out: &mut Vec<u8>, value: &Value) {
    match &value.data {
        Data::Object(object)
            if object.type_name().starts_with('*') && object.string().is_none() =>
        {
            let text = object.print();
            out.extend_from_slice(text.strip_prefix('&').unwrap_or(&text).as_bytes());
        }
        _ => print(out, value),
    }
}

/// A value as `%v` prints it.
#[must_use]
pub fn to_text(value: &Value) -> String {
    let mut out = Vec::new();
    print(&mut out, value);
    String::from_utf8_lossy(&out).into_owned()
}

/// Values as `fmt.Sprint` prints them: a space between two that are no strings.
#[must_use]
pub fn sprint<'v>(values: impl IntoIterator<Item = &'v Value>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut before: Option<bool> = None;
    for value in values {
        let string = value.as_str().is_some();
        if before == Some(false) && !string {
            out.push(b' ');
        }
        print(&mut out, value);
        before = Some(string);
    }
    out
}

/// Values as `fmt.Sprintln` prints them.
#[must_use]
pub fn sprintln<'v>(values: impl IntoIterator<Item = &'v Value>) -> Vec<u8> {
    let mut out = Vec::new();
    for (i, value) in values.into_iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        print(&mut out, value);
    }
    out.push(b'\n');
    out
}

impl Printer<'_> {
    pub(super) fn new(out: &mut Vec<u8>) -> Printer<'_> {
        Printer {
            out,
            flags: Flags::default(),
            erroring: false,
            too_deep: false,
            named: None,
        }
    }

    fn write(&mut self, text: impl AsRef<[u8]>) {
        self.out.extend_from_slice(text.as_ref());
    }

    /// Prints an argument. (`printArg`)
    pub(super) fn arg(&mut self, value: &Value, verb: char) {
        match (&value.data, verb) {
            (Data::Nil, 'T' | 'v') => self.flags.pad(self.out, b"<nil>"),
            (Data::Nil, _) => self.bad_verb(value, verb),
            (_, 'T') => {
                let name = value.type_of().map(|of| of.to_string()).unwrap_or_default();
                self.flags.string(self.out, name.as_bytes());
            }
            (Data::List(_) | Data::Map(_) | Data::Func(_), 'p') => self.pointer(),
            (Data::Object(object), 'p') if object.is_reference() => self.pointer(),
            (Data::List(list), 'w') if list.is_bytes() => self.value(value, verb, 0),
            (_, 'p' | 'w') => self.bad_verb(value, verb),
            (Data::List(list), _) if self.flags.sharp_v && list.bytes().is_some() => {
                self.bytes_go_syntax(list);
            }
            _ => self.value(value, verb, 0),
        }
    }

    /// Go prints where a thing lies in memory, which no two runs agree on.
    fn pointer(&mut self) {
        let flags = Flags { sharp: !self.flags.sharp, ..self.flags };
        flags.integer(self.out, i128::from(ADDRESS), 'x');
    }

    /// Prints a value inside others, or an argument after its special cases. (`printValue`)
    fn value(&mut self, value: &Value, verb: char, depth: usize) {
        if depth > MAX_DEPTH || self.too_deep || self.out.len() > MAX_TEXT {
            self.too_deep = true;
            return;
        }
        match &value.data {
            Data::Nil if self.flags.sharp_v => self.write("interface {}(nil)"),
            Data::Nil => self.write("<nil>"),
            Data::Bool(b) => match verb {
                't' | 'v' => {
                    self.flags.pad(self.out, if *b { b"true" } else { b"false" });
                }
                _ => self.bad_verb(value, verb),
            },
            Data::Int(n, _) => self.integer(value, i128::from(*n), verb),
            Data::Uint(n, _) if verb == 'v' && self.flags.sharp_v => self.hex0x(*n),
            Data::Uint(n, _) => self.integer(value, i128::from(*n), verb),
            Data::Float(n) => {
                if !self.float(*n, verb) {
                    self.bad_verb(value, verb);
                }
            }
            Data::Complex(n) => self.complex(value, **n, verb),
            Data::Str(text) => self.string(value, text.as_bytes(), verb),
            Data::List(list) => self.list(list, verb, depth),
            Data::Map(map) => self.map(map, verb, depth),
            Data::Object(object) => self.object(value, object, verb, depth),
            Data::Func(_) => self.pointer(),
        }
    }

    fn integer(&mut self, value: &Value, n: i128, verb: char) {
        let bits = n as u64;
        match verb {
            'v' | 'd' if self.flags.width.is_none() && self.flags.precision.is_none() => {
                self.plain_integer(n, verb);
            }
            'v' | 'd' | 'b' | 'o' | 'O' | 'x' | 'X' => {
                self.flags.integer(self.out, n, verb);
            }
            'c' => self.flags.char(self.out, bits),
            'q' => self.flags.quoted_char(self.out, bits),
            'U' => self.flags.unicode(self.out, bits),
            _ => self.bad_verb(value, verb),
        }
    }

    fn plain_integer(&mut self, n: i128, verb: char) {
        use std::io::Write;
        if self.flags.plus || self.flags.space {
            return self.flags.integer(self.out, n, verb);
        }
        // Writing to a vector cannot fail.
        let _ = match i64::try_from(n) {
            Ok(n) => write!(self.out, "{n}"),
            Err(_) => write!(self.out, "{n}"),
        };
    }

    fn hex0x(&mut self, n: u64) {
        let flags = Flags { sharp: true, ..self.flags };
        flags.integer(self.out, i128::from(n), 'x');
    }

    fn float(&mut self, n: f64, verb: char) -> bool {
        let flags = self.flags;
        match verb {
            'v' => flags.float(self.out, n, 'g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => flags.float(self.out, n, verb, None),
            'f' | 'e' | 'E' => flags.float(self.out, n, verb, Some(6)),
            'F' => flags.float(self.out, n, 'f', Some(6)),
            _ => return false,
        }
        true
    }

    fn complex(&mut self, value: &Value, n: (f64, f64), verb: char) {
        if !matches!(verb, 'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E') {
            return self.bad_verb(value, verb);
        }
        let plus = self.flags.plus;
        self.write("(");
        self.float(n.0, verb);
        self.flags.plus = true;
        self.float(n.1, verb);
        self.write("i)");
        self.flags.plus = plus;
    }

    fn string(&mut self, value: &Value, text: &[u8], verb: char) {
        match verb {
            'v' if self.flags.sharp_v => self.flags.quoted(self.out, text),
            'v' | 's' => self.flags.string(self.out, text),
            'x' => self.flags.hex(self.out, text, false),
            'X' => self.flags.hex(self.out, text, true),
            'q' => self.flags.quoted(self.out, text),
            _ => self.bad_verb(value, verb),
        }
    }

    fn list(&mut self, list: &List, verb: char, depth: usize) {
        if let (Some(bytes), 's' | 'q' | 'x' | 'X') = (list.bytes(), verb) {
            let value = Value::from(Str::new(&bytes));
            return self.string(&value, &bytes, verb);
        }
        let go_syntax = self.flags.sharp_v;
        if go_syntax {
            self.write(list.type_of().to_string());
            if list.is_nil() {
                return self.write("(nil)");
            }
        }
        self.write(if go_syntax { "{" } else { "[" });
        for (i, element) in list.values().iter().enumerate() {
            if i > 0 {
                self.write(if go_syntax { ", " } else { " " });
            }
            self.value(element, verb, depth + 1);
        }
        self.write(if go_syntax { "}" } else { "]" });
    }

    fn bytes_go_syntax(&mut self, list: &List) {
        self.write("[]byte");
        if list.is_nil() {
            return self.write("(nil)");
        }
        self.write("{");
        for (i, byte) in list.bytes().unwrap_or_default().iter().enumerate() {
            if i > 0 {
                self.write(", ");
            }
            self.hex0x(u64::from(*byte));
        }
        self.write("}");
    }

    fn map(&mut self, map: &Map, verb: char, depth: usize) {
        let go_syntax = self.flags.sharp_v;
        if go_syntax {
            self.write(map.type_of().to_string());
            if map.is_nil() {
                return self.write("(nil)");
            }
        }
        self.write(if go_syntax { "{" } else { "map[" });
        for (i, (key, element)) in map.entries().into_iter().enumerate() {
            if self.too_deep {
                return;
            }
            if i > 0 {
                self.write(if go_syntax { ", " } else { " " });
            }
            self.value(&Value::from(key), verb, depth + 1);
            self.write(":");
            self.value(&element, verb, depth + 1);
        }
        self.write(if go_syntax { "}" } else { "]" });
    }

    fn object(&mut self, value: &Value, object: &Object, verb: char, depth: usize) {
        if self.flags.sharp_v && verb == 'v' {
            if depth > 0 && object.type_name().starts_with('*') {
                let address = if object.is_nil() { "nil" } else { "0xc000000000" };
                return self.write(format!("({})({address})", object.type_name()));
            }
            if let (Some(fields), true) = (object.fields(), self.erroring) {
                self.write(object.type_name());
                return self.fields(&fields, verb, depth);
            }
            if let Some(text) = object.go_string() {
                return self.flags.string(self.out, text.as_bytes());
            }
            let text = object.go_syntax();
            return self.write(text);
        }
        if let (Some(text), 'v' | 's' | 'x' | 'X' | 'q', false) =
            (object.string(), verb, self.erroring)
        {
            return self.string(value, text.as_bytes(), verb);
        }
        if depth > 0 && object.type_name().starts_with('*') || object.is_nil() {
            return self.pointer_inside(value, object, verb);
        }
        if let (Some(fields), true) = (object.fields(), object.kind() == Kind::Struct) {
            return self.fields(&fields, verb, depth);
        }
        let shown = object.print();
        if object.kind() == Kind::Struct && !shown.is_empty() {
            return self.write(shown);
        }
        match object.plain() {
            Some(plain) => {
                let one = !matches!(plain.data, Data::List(_) | Data::Map(_));
                self.named = one.then(|| object.type_name());
                self.value(&plain, verb, depth + 1);
                self.named = None;
            }
            None => self.write(shown),
        }
    }

    /// A pointer inside of something else, as the number that it is. (`fmtPointer`)
    fn pointer_inside(&mut self, value: &Value, object: &Object, verb: char) {
        let address = if object.is_nil() { 0 } else { ADDRESS };
        match verb {
            'v' if address == 0 => self.flags.pad(self.out, b"<nil>"),
            'v' => self.pointer(),
            'b' | 'o' | 'd' | 'x' | 'X' => {
                self.integer(value, i128::from(address), verb);
            }
            _ if address == 0 => {
                self.write(format!("%!{verb}({}=", object.type_name()));
                self.flags.pad(self.out, b"<nil>");
                self.write(")");
            }
            _ => self.bad_verb(value, verb),
        }
    }

    fn fields(&mut self, fields: &[(&'static str, Value)], verb: char, depth: usize) {
        self.write("{");
        for (i, (name, field)) in fields.iter().enumerate() {
            if i > 0 {
                self.write(if self.flags.sharp_v { ", " } else { " " });
            }
            if self.flags.plus_v || self.flags.sharp_v {
                self.write(format!("{name}:"));
            }
            self.value(field, verb, depth + 1);
        }
        self.write("}");
    }

    /// `%!d(string=x)`
    fn bad_verb(&mut self, value: &Value, verb: char) {
        let outer = std::mem::replace(&mut self.erroring, true);
        self.write(format!("%!{verb}("));
        match value.type_of() {
            None => self.write("<nil>"),
            Some(of) => {
                match self.named {
                    Some(name) => self.write(format!("{name}=")),
                    None => self.write(format!("{of}=")),
                }
                self.value(value, 'v', 0);
            }
        }
        self.write(")");
        self.erroring = outer;
    }

    /// `%!(EXTRA string=x)`
    pub(super) fn extra<'v>(&mut self, values: impl Iterator<Item = &'v Value>) {
        self.flags = Flags::default();
        self.write("%!(EXTRA ");
        for (i, value) in values.enumerate() {
            if i > 0 {
                self.write(", ");
            }
            match value.type_of() {
                None => self.write("<nil>"),
                Some(of) => {
                    self.write(format!("{of}="));
                    self.arg(value, 'v');
                }
            }
        }
        self.write(")");
    }
}

impl List {
    /// Is it a `[]uint8`?
    #[must_use]
    pub fn is_bytes(&self) -> bool {
        matches!(self.element_type(), Type::Uint(UintKind::Uint8))
    }
}

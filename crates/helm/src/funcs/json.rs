//! JSON. (helm: funcs.go; sprig: defaults.go)

use gotemplate::{Call, Func, List, Map, Text, Type, Value, func};
use goyaml::{Data as Plain, Fault, Html, Value as Tree};
use source::FileId;

use super::args;
use super::pieces::mended;
use super::plain::{BAD_BYTE, Encoder, FIELD, Numbers, from_tree, marked, to_tree, told};
use super::yaml::{array, dictionary};

pub(super) static FUNCS: &[Func] = &[
    func!("toJson", to_json, Transparent),
    func!("mustToJson", must_to_json, Transparent),
    func!("toPrettyJson", to_pretty_json, Transparent),
    func!("mustToPrettyJson", must_to_pretty_json, Transparent),
    func!("toRawJson", must_to_raw_json, Transparent),
    func!("mustToRawJson", must_to_raw_json, Transparent),
    func!("fromJson", from_json, Transparent),
    func!("fromJsonArray", from_json_array, Transparent),
    func!("mustFromJson", must_from_json, Transparent),
];

/// A value as JSON: each scalar keeps its origin.
fn write(
    call: &mut Call<'_>,
    value: &Value,
    html: Html,
    indent: Option<&str>,
) -> Result<Text, String> {
    let tree = to_tree(call, value, Encoder::Json)?;
    let emitted = goyaml::to_json_marked(&tree, html, indent);
    let emitted = emitted.map_err(|fault| fault.upstream())?;
    if !emitted.text.contains([FIELD, BAD_BYTE]) {
        return Ok(Text(marked(call, &emitted.text, &emitted.marks)));
    }
    // The places move, so the text is told as a whole.
    let origins = emitted.marks.iter().map(|(_, _, origin)| *origin);
    let origin = call.origins().union(origins);
    Ok(Text(Value::from(written(emitted.text)).with_origin(origin)))
}

/// The text, with what JSON has for bytes that are no UTF-8.
fn written(mut text: String) -> String {
    if text.contains(FIELD) {
        let mut before = None;
        text.retain(|c| {
            let place = before == Some(FIELD);
            before = Some(c);
            c != FIELD && !place
        });
    }
    match text.contains(BAD_BYTE) {
        true => text.replace(BAD_BYTE, "\\ufffd"),
        false => text,
    }
}

/// A value as JSON, `<` escaped; a fault gives "". (funcs.go, `toJSON`)
fn to_json(call: &mut Call<'_>, value: Value) -> Result<Text, String> {
    must_to_json(call, value).or_else(|fault| told(fault, Text(Value::str(""))))
}

/// A value as JSON; a fault fails the render. (funcs.go, `mustToJSON`)
fn must_to_json(call: &mut Call<'_>, value: Value) -> Result<Text, String> {
    write(call, &value, Html::Escaped, None)
}

/// A value as indented JSON; a fault gives "". (defaults.go, `toPrettyJson`)
fn to_pretty_json(call: &mut Call<'_>, value: Value) -> Result<Text, String> {
    must_to_pretty_json(call, value).or_else(|fault| told(fault, Text(Value::str(""))))
}

/// A value as indented JSON. (defaults.go, `mustToPrettyJson`)
fn must_to_pretty_json(call: &mut Call<'_>, value: Value) -> Result<Text, String> {
    write(call, &value, Html::Escaped, Some("  "))
}

/// A value as JSON, nothing escaped for HTML. (defaults.go, `mustToRawJson`)
fn must_to_raw_json(call: &mut Call<'_>, value: Value) -> Result<Text, String> {
    write(call, &value, Html::Raw, None)
}

/// The words of a fault: a byte that is no UTF-8 is named by its number.
fn named_byte(text: &[u8], fault: &Fault) -> String {
    let message = fault.upstream();
    if !message.starts_with("invalid character 'ï'") {
        return message;
    }
    let mut at = 0;
    for chunk in text.utf8_chunks() {
        at += chunk.valid().len();
        for byte in chunk.invalid() {
            if at == fault.span.start as usize {
                let shown =
                    gotemplate::fmt::quote(char::from(*byte).to_string().as_bytes());
                let shown = format!("'{}'", shown.trim_matches('"'));
                return message.replacen("'ï'", &shown, 1);
            }
            at += 3;
        }
    }
    message
}

fn read(text: &args::Text) -> Result<Tree, String> {
    read_on(text).map_err(|(error, _)| error)
}

/// How many numbers may be too large before the rest is given up.
const MAX_FAULTS: usize = 16;

/// Reads on after numbers that are too large, as `json.Unmarshal` does; the error is the
/// first, and with it what could be read.
fn read_on(text: &args::Text) -> Result<Tree, (String, Option<Tree>)> {
    let mut source = mended(text.text.as_bytes()).into_owned();
    let mut first = None;
    for _ in 0..MAX_FAULTS {
        let fault = match goyaml::parse_json(&source, FileId::NONE) {
            Ok(tree) => {
                return match first {
                    None => Ok(tree),
                    Some(error) => Err((error, Some(tree))),
                };
            }
            Err(fault) => fault,
        };
        let message = named_byte(text.text.as_bytes(), &fault);
        if !message.starts_with("json: cannot unmarshal number") {
            return Err((message, None));
        }
        let range = fault.span.range();
        let null = format!("{:1$}", "null", range.len());
        if source.get(range.clone()).is_none_or(|number| number.len() < 4) {
            return Err((message, None));
        }
        source.replace_range(range, &null);
        first.get_or_insert(message);
    }
    Err((first.unwrap_or_default(), None))
}

/// Reads JSON that is an object. (funcs.go, `fromJSON`)
fn from_json(call: &mut Call<'_>, text: args::Text) -> Map {
    let nil = Map::nil(Type::Any);
    match read_on(&text) {
        Err((_, Some(tree))) if !matches!(tree.data, Plain::Map(_)) => {
            dictionary(call, &text, Ok(tree), "", nil)
        }
        Err((error, Some(tree))) => {
            let map = dictionary(call, &text, Ok(tree), "", nil);
            map.set("Error", Value::from(error).with_origin(text.origin));
            map
        }
        result => dictionary(call, &text, result.map_err(|(error, _)| error), "", nil),
    }
}

/// Reads JSON that is an array. (funcs.go, `fromJSONArray`)
fn from_json_array(call: &mut Call<'_>, text: args::Text) -> List {
    let tree = match read_on(&text) {
        // That it is no list is found first.
        Err((_, Some(tree))) if !matches!(tree.data, Plain::Seq(_)) => Ok(tree),
        result => result.map_err(|(error, _)| error),
    };
    array(call, &text, tree, "", List::nil(Type::Any))
}

/// Reads any JSON. (defaults.go, `mustFromJson`)
fn must_from_json(call: &mut Call<'_>, text: args::Text) -> Result<Value, String> {
    let tree = read(&text)?;
    Ok(from_tree(call, &tree, &text, Numbers::Floats))
}

//! Reading a JSON patch from JSON or YAML.

use ecow::EcoString;
use goyaml::{Data, Dialect, Documents, Fault, Value};
use source::{FileId, Place, Span};

/// A patch: operations in order.
#[derive(Clone, Debug)]
pub(in crate::patch) struct Patch {
    /// The whole text.
    pub(in crate::patch) span: Span,
    /// The operations.
    pub(in crate::patch) operations: Vec<Operation>,
    /// The file of the patch, if its text is JSON.
    pub(super) json_file: Option<FileId>,
}

/// One operation; fields that are missing or of a wrong type are `None`.
#[derive(Clone, Debug)]
pub(in crate::patch) struct Operation {
    op: Option<EcoString>,
    path: Option<EcoString>,
    from: Option<EcoString>,
    /// `value`, if there is one.
    pub(super) value: Option<Value>,
    /// Where `path` is written.
    pub(super) path_span: Span,
    /// Where `op` and `from` are written.
    spans: [Span; 2],
    /// The whole operation.
    pub(super) span: Span,
}

/// What a text is, read as a JSON patch.
pub(in crate::patch) type Decoded = Result<Patch, String>;

/// Reads a patch; the error in upstream's words. (upstream: `jsonPatchFromBytes`)
pub(in crate::patch) fn decode(text: &str, file: FileId) -> Decoded {
    let Some(first) = text.bytes().next() else {
        return Err("empty json patch operations".into());
    };
    let json = first == b'[';
    let read = |fault: Fault| fault.upstream();
    let value = match json {
        true => goyaml::parse_json(text, file).map_err(read)?,
        false => from_yaml(text, file)?,
    };
    let span = Span::new(file, 0, text.len());
    let operations = match value.data {
        Data::Null => Vec::new(),
        Data::Seq(items) => items.into_iter().map(operation).collect::<Result<_, _>>()?,
        data => {
            let name = data.json_kind();
            return Err(format!(
                "json: cannot unmarshal {name} into Go value of type jsonpatch.Patch"
            ));
        }
    };
    Ok(Patch { span, operations, json_file: json.then_some(file) })
}

/// The first document of a YAML text, as `YAMLToJSON` of sigs.k8s.io/yaml reads it.
fn from_yaml(text: &str, file: FileId) -> Result<Value, String> {
    let read = Documents::new(text, file, Dialect::V2).next().transpose();
    let Some(document) = read.map_err(|fault| fault.upstream())? else {
        return Ok(Value::null());
    };
    let value = goyaml::decode(&document.root, Dialect::V2)
        .map_err(|faults| goyaml::upstream_text(&faults))?;
    match not_in_json(&value) {
        Some(number) => Err(format!("json: unsupported value: {number}")),
        None => Ok(value),
    }
}

/// A number that JSON cannot say, in Go's words.
fn not_in_json(value: &Value) -> Option<&'static str> {
    match &value.data {
        Data::Float(number) if number.is_nan() => Some("NaN"),
        Data::Float(number) if *number == f64::INFINITY => Some("+Inf"),
        Data::Float(number) if *number == f64::NEG_INFINITY => Some("-Inf"),
        Data::Seq(items) => items.iter().find_map(not_in_json),
        Data::Map(map) => map.values().find_map(|entry| not_in_json(&entry.value)),
        _ => None,
    }
}

fn operation(value: Value) -> Result<Operation, String> {
    let span = value.span;
    let map = match value.data {
        Data::Map(map) => map,
        Data::Null => return Ok(Operation { span, ..Operation::empty() }),
        data => {
            let name = data.json_kind();
            return Err(format!(
                "json: cannot unmarshal {name} into Go value of type jsonpatch.Operation"
            ));
        }
    };
    let text = |key: &str| match map.get(key).map(|entry| &entry.value.data) {
        Some(Data::Str(text)) => Some(text.clone()),
        _ => None,
    };
    let span_of = |key: &str| map.get(key).map_or(Span::NONE, |entry| entry.value.span);
    let (path_span, spans) = (span_of("path"), ["op", "from"].map(span_of));
    Ok(Operation {
        op: text("op"),
        path: text("path"),
        from: text("from"),
        value: map.get("value").map(|entry| entry.value.clone()),
        path_span,
        spans,
        span,
    })
}

impl Operation {
    fn empty() -> Operation {
        Operation {
            op: None,
            path: None,
            from: None,
            value: None,
            path_span: Span::NONE,
            spans: [Span::NONE; 2],
            span: Span::NONE,
        }
    }

    /// Where it says what is done, and to what.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.spans.iter().chain([&self.path_span]).map(|span| Place::Span(*span))
    }

    /// `op`, or `unknown`.
    pub(super) fn kind(&self) -> &str {
        self.op.as_deref().unwrap_or("unknown")
    }

    pub(super) fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    pub(super) fn from(&self) -> Option<&str> {
        self.from.as_deref()
    }
}

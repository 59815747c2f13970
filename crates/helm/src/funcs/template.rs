//! What reaches back into the render. (helm: engine.go)

use gotemplate::{Call, Func, FuncError, Map, Str, Value, func};

use super::args::Text;
use super::flow::warn;
use super::pieces;
use crate::Host;

pub(super) static FUNCS: &[Func] = &[
    func!("include", include, Transparent),
    func!("tpl", tpl, Transparent),
    func!("required", required, Transparent),
    func!("lookup", lookup, Silent),
];

/// How often a name may be included inside itself (`recursionMaxNums`).
const MAX_INCLUDES: u32 = 1000;

/// What another template prints. (engine.go, `includeFun`)
fn include(call: &mut Call<'_>, name: Str, dot: Value) -> Result<Value, FuncError> {
    let name = name.to_str();
    let host = call.host::<Host>();
    if let Some(host) = &host
        && !host.includes.enter(&name, MAX_INCLUDES)
    {
        return Err(FuncError::from(format!(
            "rendering template has a nested reference name: {name}: unable to execute template"
        )));
    }
    let result = call.include(&name, dot);
    if let Some(host) = &host {
        host.includes.leave(&name);
    }
    result
}

/// What a text prints as a template. (engine.go, `tplFun`)
fn tpl(call: &mut Call<'_>, text: Text, dot: Value) -> Result<Value, FuncError> {
    let printed =
        call.execute_text("gotpl", &text.text, text.origin, dot).map_err(|error| {
            let context = context_of(&error, &text.text);
            error.context(&context)
        })?;
    // Helm's answer to Go's `<no value>`.
    let printed_text = printed.as_str().cloned().unwrap_or_default();
    let found = Text { text: printed_text, origin: printed.origin };
    let nothing = Text { text: Str::default(), origin: source::OriginId::NONE };
    Ok(pieces::replace(call, &Str::from("<no value>"), &nothing, found))
}

/// What Helm says before the failure of such a text.
fn context_of(error: &FuncError, text: &Str) -> String {
    let quoted = gotemplate::fmt::quote(text.as_bytes());
    match error.cause.as_ref().is_some_and(|error| error.executing.is_none()) {
        true => format!("cannot parse template {quoted}: "),
        false => format!("error during tpl function execution for {quoted}: "),
    }
}

/// The value, unless it is nil or "". (engine.go, `required`)
fn required(message: Str, value: Value) -> Result<Value, FuncError> {
    let missing = value.is_nil() || value.as_str().is_some_and(Str::is_empty);
    if missing { Err(warn(&message)) } else { Ok(value) }
}

/// An empty dictionary: there is no cluster to look into. (funcs.go)
fn lookup(_api_version: Str, _kind: Str, _namespace: Str, _name: Str) -> Map {
    Map::new()
}

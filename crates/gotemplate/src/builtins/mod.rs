//! The functions of text/template itself. (text/template: `funcs.go`)

mod compare;
mod escape;
mod index;

use crate::fmt::{printf, sprint, sprintln};
use crate::{Call, Data, Func, FuncError, Reflect, Rest, Str, Text, Type, Value, func};

pub(crate) static FUNCS: &[Func] = &[
    func!("and", never, Special),
    func!("or", never, Special),
    func!("call", never, Special),
    func!("eq", compare::eq),
    func!("ne", compare::ne),
    func!("lt", compare::lt),
    func!("le", compare::le),
    func!("gt", compare::gt),
    func!("ge", compare::ge),
    func!("not", not),
    func!("index", index::index, Transparent),
    func!("slice", index::slice, Transparent),
    func!("len", index::len, Counting),
    func!("print", print, Transparent),
    func!("printf", format, Transparent),
    func!("println", println, Transparent),
    func!("html", escape::html),
    func!("js", escape::js),
    func!("urlquery", escape::url_query),
];

/// The evaluator does `and`, `or` and `call` by itself; this gives them their parameters.
fn never(first: Reflect, _: Rest<Reflect>) -> Reflect {
    first
}

fn not(arg: Reflect) -> bool {
    !arg.0.truth()
}

fn format(call: &mut Call<'_>, format: Str, args: Rest<Value>) -> Text {
    Text(printf(call.builder(), format.as_bytes(), &args.0))
}

fn print(call: &mut Call<'_>, args: Rest<Value>) -> Text {
    let mut builder = call.builder();
    let mut before: Option<bool> = None;
    for value in &args.0 {
        let string = value.as_str().is_some();
        if before == Some(false) && !string {
            builder.push(b" ");
        }
        match value.as_str() {
            Some(text) => builder.push_str(text, value.origin),
            None => builder.push_from(sprint([value]), value.origin),
        }
        before = Some(string);
    }
    Text(builder.finish())
}

fn println(args: Rest<Value>) -> Str {
    Str::from(sprintln(&args.0))
}

/// Checks the arguments of the builtin `call`. (`call`, `prepareArg`)
pub(crate) fn prepare_args(
    name: &str,
    func: &Func,
    args: Vec<Value>,
) -> Result<Vec<Value>, FuncError> {
    let (params, got) = (func.signature.params, args.len());
    if func.signature.variadic {
        let fixed = params.len().saturating_sub(1);
        if got < fixed {
            return Err(format!(
                "wrong number of args for {name}: got {got} want at least {fixed}"
            )
            .into());
        }
    } else if got != params.len() {
        let want = params.len();
        return Err(
            format!("wrong number of args for {name}: got {got} want {want}").into()
        );
    }
    let mut prepared = Vec::with_capacity(got);
    for (i, arg) in args.into_iter().enumerate() {
        let of = params.get(i).or(params.last()).copied().unwrap_or(Type::Any);
        let arg = prepare_arg(arg, of).map_err(|e| e.context(&format!("arg {i}: ")))?;
        prepared.push(arg);
    }
    Ok(prepared)
}

fn prepare_arg(value: Value, of: Type) -> Result<Value, FuncError> {
    let Some(got) = value.type_of() else {
        return match of.can_be_nil() {
            true => Ok(value),
            false => Err(format!("value is nil; should be of type {of}").into()),
        };
    };
    if matches!(of, Type::Reflect) || got.assignable_to(of) {
        return Ok(value);
    }
    let origin = value.origin;
    let data = match (&value.data, of) {
        (Data::Int(n, _), Type::Int(kind)) => Data::Int(*n, kind),
        (Data::Int(n, _), Type::Uint(kind)) => Data::Uint(*n as u64, kind),
        (Data::Uint(n, _), Type::Int(kind)) => Data::Int(*n as i64, kind),
        (Data::Uint(n, _), Type::Uint(kind)) => Data::Uint(*n, kind),
        _ => return Err(format!("value has type {got}; should be {of}").into()),
    };
    Ok(Value::new(data).with_origin(origin))
}

//! The grammar of `--set` and its relatives: `a.b[0].c=1,d={x,y}`.
//!
//! Follows `pkg/strvals` of Helm 4.2. A parser writes straight into the values tree, so that
//! `--set a[1]=x` changes one item of a list that a file set.

mod json;
mod literal;
mod parser;
mod scanner;

pub(crate) use json::json_object;
pub(crate) use literal::parse_literal_into;
pub(crate) use parser::{parse_into, parse_into_file, parse_into_string, parse_json};

/// The largest index of `a[65536]`.
pub(crate) const MAX_INDEX: i64 = 65536;

/// How many dots a name may have.
pub(crate) const MAX_NESTED_NAME_LEVEL: usize = 30;

/// Why a parser stopped.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The text ended: no fault, wherever it happens, as in Helm.
    Eof,
    /// A fault, in Helm's words.
    Fault(String),
}

impl Stop {
    fn fault<T>(words: impl Into<String>) -> Result<T, Stop> {
        Err(Stop::Fault(words.into()))
    }
}

#[cfg(test)]
mod tests {
    use source::FileId;

    use super::{parse_into, parse_json, parse_literal_into};
    use crate::values::{MapRef, to_value};

    type Parse = fn(&str, FileId, &MapRef) -> Result<(), String>;

    /// What the text makes, as JSON; or the fault.
    fn made(parse: Parse, text: &str) -> String {
        let dest = MapRef::default();
        match parse(text, FileId::NONE, &dest) {
            Ok(()) => goyaml::to_json(&to_value(&dest), goyaml::Html::Raw).unwrap(),
            Err(words) => words,
        }
    }

    #[test]
    fn sets_what_helm_sets() {
        let cases = [
            ("a.b=1,c=true,d=null", r#"{"a":{"b":1},"c":true,"d":null}"#),
            ("a[1].b=x,a[0]=y", r#"{"a":["y",{"b":"x"}]}"#),
            ("a={x,1,007},b=", r#"{"a":["x",1,"007"],"b":""}"#),
            (r"a\.b=x\,y", r#"{"a.b":"x,y"}"#),
            ("a[0][1]=z", r#"{"a":[[null,"z"]]}"#),
            ("a[", "{}"),
            ("a", "key \"a\" has no value"),
            ("a,b=1", "key \"a\" has no value (cannot end with ,)"),
            ("a={x", "list must terminate with '}'"),
            (
                "a[x]=1",
                "error parsing index: strconv.Atoi: parsing \"x\": invalid syntax",
            ),
            ("a[0]x=1", "unexpected data at end of array index: ['x']"),
            (
                "a[65537]=1",
                "index of 65537 is greater than maximum supported index of 65536",
            ),
            (
                "a=1,a.b=2",
                "unable to parse key: interface conversion: interface {} is int64, not \
                 map[string]interface {}",
            ),
        ];
        for (text, expect) in cases {
            assert_eq!(made(parse_into, text), expect, "{text}");
        }
        let deep = vec!["a"; 32].join(".") + "=1";
        assert!(made(parse_into, &deep).contains("maximum supported nested level of 30"));
        assert_eq!(made(parse_literal_into, "a.b=x,y={z"), r#"{"a":{"b":"x,y={z"}}"#);
        let json = r#"{"a":[1,{"b":2}],"c":null,"d":"e"}"#;
        assert_eq!(made(parse_json, r#"a=[1,{"b":2}],c=,d="e""#), json);
    }
}

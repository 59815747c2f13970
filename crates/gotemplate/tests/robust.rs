//! Nothing that a template says makes the engine panic, hang, or eat the machine.

use std::sync::Arc;

use gotemplate::{
    Call, Executor, Func, FuncError, Funcs, Limits, List, Map, Rest, Str, TemplateSet,
    Value, func, with_stack,
};
use proptest::prelude::*;
use source::{FileId, Origins, SourceMap};

static FUNCS: &[Func] = &[
    func!("include", include, Transparent),
    func!("set", set, Transparent),
    func!("list", list, Transparent),
];

fn include(call: &mut Call<'_>, name: Str, dot: Value) -> Result<Value, FuncError> {
    call.include(&name.to_str(), dot)
}

fn set(map: Map, key: Str, value: Value) -> Map {
    map.set(key, value);
    map
}

fn list(values: Rest<Value>) -> List {
    List::new(values.0)
}

fn parse(text: &str) -> TemplateSet {
    let mut set = TemplateSet::new(Arc::new(Funcs::builtins().with(FUNCS)));
    set.parse("t", text, FileId::NONE).expect("it parses");
    set
}

fn run_limited(text: &str, limits: Limits) -> Result<Vec<u8>, String> {
    let dot = Value::from([(Str::from("a"), Value::int(1))].into_iter().collect::<Map>());
    let mut exec =
        Executor::new(Arc::new(parse(text)), Origins::new()).with_limits(limits);
    exec.execute("t", dot)
        .map(|out| out.text)
        .map_err(|error| error.root().message.clone())
}

#[test]
fn recursion_ends() {
    for (text, depth) in [
        // What Go says of such a template.
        (
            "{{ define \"x\" }}{{ template \"x\" . }}{{ end }}{{ template \"x\" . }}",
            "(100000)",
        ),
        (
            "{{ define \"x\" }}{{ if true }}{{ include \"x\" . }}{{ end }}{{ end }}{{ include \"x\" . }}",
            "(8480)",
        ),
    ] {
        const TEXT: &str = "exceeded maximum template depth (";
        let error = with_stack(|| run_limited(text, Limits::default())).unwrap_err();
        assert!(error.contains(TEXT) && error.ends_with(depth), "{error}");
        // Without a large stack it ends sooner, but in the same way.
        let error = run_limited(text, Limits::default()).unwrap_err();
        assert!(error.contains(TEXT), "{error}");
    }
}

#[test]
fn loops_and_output_end() {
    let limits = Limits { steps: 1000, ..Limits::default() };
    let error = run_limited("{{ range 100000000 }}{{ end }}", limits).unwrap_err();
    assert_eq!(error, "template takes more than 1000 steps");
    let limits = Limits { output: 1000, ..Limits::default() };
    let text = "{{ define \"x\" }}{{ range 100 }}0123456789{{ end }}{{ end }}{{ range 9 }}{{ include \"x\" . }}{{ end }}";
    let error = run_limited(text, limits).unwrap_err();
    assert_eq!(error, "template prints more than 1000 bytes");
}

#[test]
fn values_do_not_fill_the_memory() {
    let limits = Limits { memory: 1 << 20, ..Limits::default() };
    let text =
        "{{ $s := \"0123456789abcdef\" }}{{ range 64 }}{{ $s = print $s $s }}{{ end }}";
    let error = run_limited(text, limits).unwrap_err();
    let words = "error calling print: functions make values of more than 1048576 bytes";
    assert_eq!(error, words);
    // What is small or is there already does not count.
    let text = "{{ $s := \"x\" }}{{ range 9999 }}{{ $t := print $s $s }}{{ end }}";
    assert!(run_limited(text, limits).is_ok());
}

#[test]
fn maps_may_change_while_they_are_ranged_over() {
    let text = "{{ range $k, $v := $ }}{{ $_ := set $ (print $k \"x\") 2 }}{{ $k }}{{ end }} {{ len $ }}";
    assert_eq!(run_limited(text, Limits::default()).unwrap(), b"a 2");
}

#[test]
fn a_map_that_holds_itself_prints() {
    let text = "{{ $_ := set . \"self\" . }}{{ $_ := set . \"me\" . }}{{ len (print .) | lt 0 }}";
    assert_eq!(run_limited(text, Limits::default()).unwrap(), b"true");
}

#[test]
fn deep_values_are_dropped() {
    let text =
        "{{ $l := list }}{{ range 300000 }}{{ $l = list $l }}{{ end }}{{ len $l }}";
    assert_eq!(run_limited(text, Limits::default()).unwrap(), b"1");
}

#[test]
fn deep_nesting_is_an_error() {
    let mut set = TemplateSet::new(Arc::new(Funcs::builtins()));
    for text in [
        format!("{{{{ {}1{} }}}}", "(".repeat(100_000), ")".repeat(100_000)),
        "{{ if 1 }}".repeat(100_000),
        "{{ range 1 }}{{ else }}".repeat(100_000),
        format!("{{{{ if 1 }}}}{}", "{{ else if 1 }}".repeat(100_000)),
        "{{ define \"x\" }}{{ block \"y\" . }}".repeat(100_000),
    ] {
        assert!(set.parse("t", &text, FileId::NONE).is_err());
    }
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(pieces in prop::collection::vec(piece(), 0..40)) {
        let text = pieces.concat();
        let map = SourceMap::new();
        let file = map.add("t", text.as_str());
        let mut set = TemplateSet::new(Arc::new(Funcs::builtins().with(FUNCS)));
        match set.parse("t", &text, file) {
            Err(error) => prop_assert!(error.span.end as usize <= text.len()),
            Ok(()) => {
                let limits = Limits {
                    steps: 10_000,
                    output: 1 << 20,
                    depth: 20,
                    depth_of_all: 30,
                    memory: 1 << 26,
                };
                let mut exec =
                    Executor::new(Arc::new(set), Origins::new()).with_limits(limits);
                match exec.execute("t", Value::NIL) {
                    Err(error) => prop_assert!(error.span.end as usize <= text.len()),
                    Ok(out) => {
                        let mut end = 0;
                        for mark in &out.marks {
                            prop_assert!(mark.start >= end && mark.start < mark.end);
                            prop_assert!(mark.at.end as usize <= text.len());
                            end = mark.end;
                        }
                        prop_assert!(end as usize <= out.text.len());
                    }
                }
            }
        }
    }
}

fn piece() -> impl Strategy<Value = String> {
    let words = [
        "{{",
        "}}",
        "{{-",
        "-}}",
        " ",
        "\n",
        "if ",
        "else",
        "end",
        "range ",
        "with ",
        "define ",
        "template ",
        "block ",
        "break",
        ".",
        ".a",
        "$",
        "$x",
        ":=",
        "=",
        ",",
        "|",
        "(",
        ")",
        "\"s\"",
        "`r`",
        "'c'",
        "12",
        "1.5e3",
        "1i",
        "/*",
        "*/",
        "printf ",
        "é",
        "{{end}}",
        "{{if 1}}",
        "{{else}}",
        "{{range 3}}",
        "{{break}}",
        "{{$x := 1}}",
        "{{.}}",
        "{{\"x\"}}",
        "{{template \"t\"}}",
        "{{printf \"%v%d\" 1}}",
        "text",
    ];
    prop_oneof![
        9 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

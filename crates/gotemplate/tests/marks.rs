//! Marks and frames: where output says it came from.

use std::rc::Rc;
use std::sync::Arc;

use gotemplate::{
    Call, Executor, Func, FuncError, Funcs, Map, Output, Rest, Str, TemplateSet, Value,
    func, map_ranges,
};
use source::{
    Frame, FrameId, FrameKind, Origin, OriginId, Origins, SlotId, SourceMap, Trace,
};

static FUNCS: &[Func] = &[
    func!("include", include, Transparent),
    func!("tpl", tpl, Transparent),
    func!("upper", upper),
    func!("join", join, Transparent),
    func!("first", first, Transparent),
    func!("default", default, Transparent),
    func!("indent", indent, Transparent),
    func!("boom", boom),
    func!("host", host),
];

fn include(call: &mut Call<'_>, name: Str, dot: Value) -> Result<Value, FuncError> {
    call.include(&name.to_str(), dot)
}

fn tpl(call: &mut Call<'_>, text: Value, dot: Value) -> Result<Value, FuncError> {
    let origin = text.origin;
    let text = text.as_str().cloned().unwrap_or_default();
    call.execute_text("tpl", &text, origin, dot)
}

fn upper(s: Str) -> String {
    s.to_str().to_uppercase()
}

fn join(call: &mut Call<'_>, parts: Rest<Value>) -> Value {
    let mut builder = call.builder();
    for part in &parts.0 {
        builder.push_str(part.as_str().unwrap_or(&Str::default()), part.origin);
    }
    builder.finish()
}

fn first(list: Value) -> Value {
    list.as_list().and_then(|list| list.get(0)).cloned().unwrap_or(Value::NIL)
}

fn default(call: &mut Call<'_>, fallback: Value, given: Value) -> Value {
    if given.truth() { given } else { call.because(fallback, &given) }
}

fn indent(s: Str) -> Str {
    let mut out = b"  ".to_vec();
    out.extend_from_slice(s.as_bytes());
    let length = s.len();
    map_ranges(&s, out, [(0..length, 2..length + 2)])
}

fn boom(_: Rest<Value>) -> Result<Value, String> {
    Err("it broke".to_owned())
}

fn host(call: &mut Call<'_>) -> String {
    call.host::<&str>().map(|text| (*text).to_owned()).unwrap_or_default()
}

/// Values `a`: slot 0, `b`: slot 1, `c` (false): slot 2.
fn values(origins: &Origins) -> Value {
    let slot = |n| origins.slot(SlotId(n));
    let entries = [
        ("a", Value::str("AA").with_origin(slot(0))),
        ("b", Value::str("B").with_origin(slot(1))),
        ("c", Value::from(false).with_origin(slot(2))),
    ];
    Value::from(entries.map(|(k, v)| (Str::from(k), v)).into_iter().collect::<Map>())
}

struct Done {
    out: Output,
    trace: Trace,
    map: SourceMap,
}

fn run(text: &str) -> Done {
    let map = SourceMap::new();
    let file = map.add("t", text);
    let mut set = TemplateSet::new(Arc::new(Funcs::builtins().with(FUNCS)));
    set.parse("t", text, file).expect("it parses");
    let origins = Origins::with_slots(3);
    let dot = values(&origins);
    let mut exec = Executor::new(Arc::new(set), origins).with_host(Rc::new("the host"));
    let out = exec.execute("t", dot).expect("it executes");
    Done { out, trace: exec.finish(), map }
}

impl Done {
    /// Each mark as `text<origin@what stands there`.
    fn show(&self) -> String {
        let mut shown = Vec::new();
        for mark in &self.out.marks {
            let text = &self.out.text[mark.start as usize..mark.end as usize];
            let origin = self.origin(mark.origin);
            let at = self.map.text(mark.at);
            shown.push(format!("{}<{origin}@{at}", String::from_utf8_lossy(text)));
        }
        shown.join("; ")
    }

    fn origin(&self, id: OriginId) -> String {
        match self.trace.origins.get(id) {
            None => "-".to_owned(),
            Some(Origin::Slot(slot)) => slot.0.to_string(),
            Some(Origin::Union(ids)) => {
                let ids: Vec<String> = ids.iter().map(|id| self.origin(*id)).collect();
                format!("[{}]", ids.join(" "))
            }
            Some(Origin::Because { data, reason }) => {
                format!("{}?{}", self.origin(data), self.origin(reason))
            }
            Some(Origin::Key(slot)) => format!("{}:", slot.0),
            Some(Origin::Line { of, line }) => format!("{}#{line}", self.origin(of)),
            Some(other) => format!("{other:?}"),
        }
    }

    fn frames(&self, mut id: FrameId) -> Vec<(FrameKind, String)> {
        let mut chain = Vec::new();
        while let Some(Frame { parent, kind, origin, .. }) =
            self.trace.frames.get(id.0 as usize).copied()
        {
            if parent == id {
                break;
            }
            chain.push((kind, self.origin(origin)));
            id = parent;
        }
        chain
    }
}

#[test]
fn text_and_data() {
    assert_eq!(run("x: {{ .a }}\n").show(), "x: <-@x: ; AA<0@{{ .a }}; \n<-@\n");
    assert_eq!(run("{{ upper .a }}").show(), "AA<0@{{ upper .a }}");
    assert_eq!(run("{{ eq .a .b }}").show(), "false<[0 1]@{{ eq .a .b }}");
    assert_eq!(run("{{ $x := .a }}{{ $x }}").show(), "AA<0@{{ $x }}");
    assert_eq!(
        run("{{ range $k, $v := . }}{{ $k }}{{ end }}").show(),
        "a<0:@{{ $k }}; b<1:@{{ $k }}; c<2:@{{ $k }}"
    );
}

#[test]
fn joined_strings_keep_their_parts() {
    let done = run("{{ printf \"%s-%s!\" .a .b }}");
    assert_eq!(done.out.text, b"AA-B!");
    let at = "printf \"%s-%s!\" .a .b";
    let own = "{{ printf \"%s-%s!\" .a .b }}";
    assert_eq!(done.show(), format!("AA<0@{at}; -<-@{own}; B<1@{at}; !<-@{own}"));
    let done = run("{{ $x := join .a .b }}{{ slice $x 1 3 | indent }}");
    assert_eq!(done.out.text, b"  AB");
    assert!(done.show().contains("A<0@join .a .b; B<1@join .a .b"), "{}", done.show());
}

#[test]
fn includes_keep_marks_and_frames() {
    let text = "{{ define \"x\" }}<{{ if .a }}{{ .a }}{{ end }}>{{ end }}{{ include \"x\" . | indent }}";
    let done = run(text);
    assert_eq!(done.out.text, b"  <AA>");
    let inner = done.out.marks.iter().find(|m| done.origin(m.origin) == "0").unwrap();
    let chain = done.frames(inner.frame);
    let kinds: Vec<FrameKind> = chain.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [FrameKind::If, FrameKind::Include, FrameKind::File]);
    assert_eq!(chain[0].1, "0");
}

#[test]
fn reasons() {
    assert_eq!(run("{{ default \"d\" .c }}").show(), "d<-?2@{{ default \"d\" .c }}");
    assert_eq!(run("{{ or .c .b }}").show(), "B<1?2@{{ or .c .b }}");
}

#[test]
fn tpl_text_is_data() {
    let done = run("{{ tpl \"<{{ .a }}>\" . }}");
    assert_eq!(done.out.text, b"<AA>");
    let at = "tpl \"<{{ .a }}>\" .";
    assert_eq!(done.show(), format!("<<-@{at}; AA<0@{at}; ><-@{at}"));
    assert_eq!(run("{{ tpl .a . }}").show(), "AA<0@tpl .a .");
}

#[test]
fn tpl_sees_outer_defines_and_leaks_none() {
    let text = "{{ define \"o\" }}outer{{ end }}{{ tpl \"{{ define \\\"n\\\" }}new{{ end }}{{ include \\\"o\\\" . }}{{ include \\\"n\\\" . }}\" . }}";
    assert_eq!(run(text).out.text, b"outernew");
    let text =
        "{{ $_ := tpl \"{{ define \\\"n\\\" }}new{{ end }}\" . }}{{ include \"n\" . }}";
    let mut set = TemplateSet::new(Arc::new(Funcs::builtins().with(FUNCS)));
    set.parse("t", text, source::FileId::NONE).unwrap();
    let mut exec = Executor::new(Arc::new(set), Origins::new()).with_root_name("gotpl");
    let error = exec.execute("t", Value::NIL).unwrap_err().to_string();
    assert!(error.ends_with("error calling include: template: no template \"n\" associated with template \"gotpl\""), "{error}");
}

#[test]
fn hosts_and_nested_errors() {
    assert_eq!(run("{{ host }}").out.text, b"the host");
    let map = SourceMap::new();
    let text = "{{ define \"x\" }}\n  {{ boom 1 }}{{ end }}{{ include \"x\" . }}";
    let file = map.add("t", text);
    let mut set = TemplateSet::new(Arc::new(Funcs::builtins().with(FUNCS)));
    set.parse("t", text, file).unwrap();
    let mut exec = Executor::new(Arc::new(set), Origins::new());
    let error = exec.execute("t", Value::NIL).unwrap_err();
    assert_eq!(
        error.to_string(),
        "template: t:2:26: executing \"t\" at <include \"x\" .>: error calling include: \
         template: t:2:5: executing \"x\" at <boom 1>: error calling boom: it broke"
    );
    let diagnostic = error.diagnostic();
    assert_eq!(map.text(diagnostic.span), "boom 1");
    assert_eq!(diagnostic.trace.len(), 1);
}

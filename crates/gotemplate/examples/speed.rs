//! How fast the engine is: `cargo run --release -p thanos-gitops-gotemplate --example speed`.

use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

use gotemplate::{
    Call, Executor, Func, FuncError, Funcs, Map, Output, Str, TemplateSet, Value, func,
};
use source::{FileId, Origins};

static FUNCS: &[Func] = &[func!("include", include, Transparent)];

fn include(call: &mut Call<'_>, name: Str, dot: Value) -> Result<Value, FuncError> {
    call.include(&name.to_str(), dot)
}

fn map(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::from(entries.into_iter().map(|(k, v)| (Str::from(k), v)).collect::<Map>())
}

#[expect(clippy::disallowed_methods, reason = "this is the command line")]
fn run(name: &str, text: &str, count: usize) -> std::io::Result<()> {
    let mut set = TemplateSet::new(Arc::new(Funcs::builtins().with(FUNCS)));
    let parse = Instant::now();
    if let Err(error) = set.parse("t", text, FileId::NONE) {
        return writeln!(std::io::stderr(), "{error}");
    }
    let parsed = parse.elapsed();
    let dot = map([
        ("a", map([("b", map([("c", Value::str("value")), ("n", Value::int(42))]))])),
        ("t", Value::from(true)),
    ]);
    let mut exec = Executor::new(Arc::new(set), Origins::new());
    let start = Instant::now();
    let Output { text: out, marks } = match exec.execute("t", dot) {
        Ok(out) => out,
        Err(error) => return writeln!(std::io::stderr(), "{error}"),
    };
    let took = start.elapsed().as_secs_f64();
    let megabytes = out.len() as f64 / 1e6;
    writeln!(
        std::io::stdout(),
        "{name:<28} parse {:>8.1?}  execute {:>7.1} ms  {:>7.1} MB/s  {:>6.2} million a second, {} marks",
        parsed,
        took * 1e3,
        megabytes / took,
        count as f64 / took / 1e6,
        marks.len(),
    )
}

fn main() -> std::io::Result<()> {
    let line = "        - name: a line of text that is as long as lines of charts are\n";
    let text = line.repeat(300_000);
    run("literal text, one node", &text, 1)?;
    let few = format!("{}{{{{ .a.b.c }}}}\n", line.repeat(3)).repeat(100_000);
    run("3 lines an action", &few, 100_000)?;
    let looped = |body: &str| format!("{{{{ range 1000000 }}}}{body}{{{{ end }}}}");
    run("field chain", &looped("{{ $.a.b.c }}"), 1_000_000)?;
    run("number", &looped("{{ $.a.b.n }}"), 1_000_000)?;
    run("if", &looped("{{ if $.t }}x{{ end }}"), 1_000_000)?;
    run("if eq", &looped("{{ if eq $.a.b.c \"value\" }}x{{ end }}"), 1_000_000)?;
    run("printf", &looped("{{ printf \"%s-%d\" $.a.b.c $.a.b.n }}"), 1_000_000)?;
    run("assignment", &looped("{{ $x := . }}{{ $x }}"), 1_000_000)?;
    let include = "{{ define \"x\" }}name: {{ .c }}{{ end }}";
    run(
        "include",
        &format!("{include}{}", looped("{{ include \"x\" $.a.b }}")),
        1_000_000,
    )
}

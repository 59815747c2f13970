//! The other half of the differential program: renders each case that a line of its standard
//! input holds, and answers with a line. All texts are Latin-1, a character for each byte.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::sync::Arc;

use helm::{
    Capabilities, Compat, NamedAt, Options, Ownership, Release, RenderOptions, Renderer,
    Selection, SetFlag, SetFlagKind, ValuesLayer,
};
use serde::{Deserialize, Serialize};
use source::{FixedAmbient, MemoryWorld, SourceMap, VPath};

#[derive(Deserialize)]
#[serde(untagged)]
enum Request {
    Case(Case),
    /// `"names"`: which functions are known?
    Names(#[expect(dead_code, reason = "the word only selects the variant")] String),
}

#[derive(Deserialize)]
struct Case {
    files: BTreeMap<String, String>,
    #[serde(default)]
    values: String,
    #[serde(default)]
    flags: Vec<Flag>,
    now: i64,
}

#[derive(Deserialize)]
struct Flag {
    kind: String,
    text: String,
}

#[derive(Serialize, Default)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    out: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    err: Option<String>,
}

fn main() {
    let stdin = std::io::stdin();
    let mut stdout = std::io::stdout().lock();
    for line in stdin.lock().lines() {
        let line = line.expect("the other side writes UTF-8");
        let reply = match serde_json::from_str(&line).expect("a request") {
            Request::Names(_) => serde_json::to_string(&names()),
            Request::Case(case) => {
                let answer = match render(&case) {
                    Ok(text) => Answer { out: Some(latin(text.as_bytes())), err: None },
                    Err(words) => Answer { out: None, err: Some(latin(words.as_bytes())) },
                };
                serde_json::to_string(&answer)
            }
        };
        let reply = reply.expect("an answer");
        if writeln!(stdout, "{reply}").and_then(|()| stdout.flush()).is_err() {
            return;
        }
    }
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn bytes(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

fn names() -> Vec<&'static str> {
    let tables = helm::funcs::tables(Compat::Helm4);
    let helm: Vec<&str> = tables.into_iter().flatten().map(|func| func.name).collect();
    let go = gotemplate::Funcs::builtins();
    let mut all: Vec<&str> = BUILTINS.iter().copied().filter(|name| go.get(name).is_some()).collect();
    all.extend(helm.iter().copied());
    all.sort_unstable();
    all.dedup();
    all
}

const BUILTINS: &[&str] = &[
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not",
    "or", "print", "printf", "println", "slice", "urlquery",
];

fn render(case: &Case) -> Result<String, String> {
    let mut world = MemoryWorld::new();
    for (name, text) in &case.files {
        world.insert(&format!("c/{name}"), bytes(text));
    }
    let sources = SourceMap::new();
    let renderer = Renderer::new();
    let path = VPath::new("c").ok_or("c is a path")?;
    let told = |fault: Box<source::Diagnostic>| fault.message;
    let load = || renderer.charts.load(&world, &path, &sources, Ownership::Repository);
    let chart = load().map_err(told)?;
    let mut options = Options::default();
    let text = |text: &str| String::from_utf8_lossy(&bytes(text)).into_owned();
    if !case.values.is_empty() {
        let raw = bytes(&case.values);
        let text = helm::values_text(&raw, Compat::Helm4)
            .map_err(|words| format!("failed to parse v.yaml: {words}"))?;
        let id = sources.add("v.yaml", text);
        options.layers.push(ValuesLayer::File(id));
    }
    for flag in &case.flags {
        let kind = match flag.kind.as_str() {
            "json" => SetFlagKind::Json,
            "string" => SetFlagKind::String,
            "file" => SetFlagKind::File,
            "literal" => SetFlagKind::Literal,
            _ => SetFlagKind::Set,
        };
        let files = [("f1", "plain"), ("f2", "two\nlines\n"), ("f3", "")];
        let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
        options.flags.push(SetFlag { kind, text: text(&flag.text), files: files.into() });
    }
    let release = Release {
        name: "r".into(),
        namespace: "default".into(),
        is_upgrade: false,
    };
    let render = RenderOptions {
        release,
        named_at: NamedAt::default(),
        capabilities: Arc::new(Capabilities::default_for(Compat::Helm4)),
        compat: Compat::Helm4,
        skip_schema_validation: false,
        ambient: Arc::new(FixedAmbient { now: (case.now, 0), seed: 1 }),
        seed: None,
    };
    let manifests = renderer.render(&chart, &options, &render, &sources).map_err(told)?;
    manifests.to_stdout(&Selection::default()).map_err(told)
}

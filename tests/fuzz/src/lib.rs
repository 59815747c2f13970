//! What the targets share: bytes cut into parts, and a chart rendered from memory.
//!
//! Inputs are text with a line of its own between the parts, so that a fuzzer's dictionary,
//! a person's editor and the committed seeds all speak the same format.

use std::sync::Arc;

use helm::{
    Capabilities, Compat, Limits, NamedAt, Options, Ownership, Release, RenderOptions,
    Renderer, Selection,
};
use source::{FixedAmbient, MemoryWorld, SourceMap, VPath};

/// The line that begins a part, followed by its name.
pub const CUT: &str = "\n==== ";

/// Small limits: a hang shows within a second, not after fifty million steps.
pub const LIMITS: Limits = Limits {
    depth: 100,
    depth_of_all: 200,
    output: 1 << 20,
    steps: 160_000,
    memory: 1 << 26,
};

/// The parts of an input: a name and its bytes; what comes first has no name.
#[must_use]
pub fn parts(data: &[u8]) -> Vec<(String, &[u8])> {
    let mut found = Vec::new();
    let mut rest = data;
    let mut name = String::new();
    loop {
        let Some(at) = find(rest, CUT.as_bytes()) else {
            found.push((name, rest));
            return found;
        };
        found.push((name, &rest[..at]));
        let after = &rest[at + CUT.len()..];
        let end = find(after, b"\n").unwrap_or(after.len());
        name = String::from_utf8_lossy(&after[..end]).into_owned();
        rest = &after[(end + 1).min(after.len())..];
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// The files of a chart under `c/`: metadata unless there is one, values, and the rest.
#[must_use]
pub fn chart(files: &[(String, &[u8])]) -> MemoryWorld {
    let mut world = MemoryWorld::new();
    world.insert("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.2.3\n");
    for (name, bytes) in files {
        let name = if name.is_empty() { "values.yaml" } else { name };
        world.insert(&format!("c/{name}"), bytes);
    }
    world
}

/// Loads the chart at `path` and renders it, as `helm template` does.
pub fn render(
    world: &MemoryWorld,
    path: &str,
    values: &Options,
) -> Result<String, String> {
    let sources = SourceMap::new();
    let mut renderer = Renderer::new();
    renderer.limits = LIMITS;
    let path = VPath::new(path).unwrap_or_else(VPath::root);
    let load = renderer.charts.load(world, &path, &sources, Ownership::Repository);
    let chart = load.map_err(|fault| shown(&fault, &sources))?;
    let options = RenderOptions {
        release: Release {
            name: "r".into(),
            namespace: "default".into(),
            is_upgrade: false,
        },
        named_at: NamedAt::default(),
        capabilities: Arc::new(Capabilities::default_for(Compat::Helm4)),
        compat: Compat::Helm4,
        skip_schema_validation: false,
        ambient: Arc::new(FixedAmbient { now: (1_700_000_000, 0), seed: 1 }),
        seed: None,
    };
    let rendered = renderer.render(&chart, values, &options, &sources);
    let manifests = rendered.map_err(|fault| shown(&fault, &sources))?;
    let printed = manifests.to_stdout(&Selection::default());
    printed.map_err(|fault| shown(&fault, &sources))
}

/// A diagnostic with its places: each span must be one that its file has.
#[must_use]
pub fn shown(fault: &source::Diagnostic, sources: &SourceMap) -> String {
    let mut text = fault.message.clone();
    let labels = fault.labels.iter().map(|label| label.span);
    let trace = fault.trace.iter().map(|step| step.span);
    for span in std::iter::once(fault.span).chain(labels).chain(trace) {
        if let Some(place) = sources.location(span) {
            text += &format!("\n{}:{}:{}", place.path, place.line, place.column);
        }
    }
    text
}

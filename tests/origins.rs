//! Origins are true: change a value, build again, and see whether the fields that changed are
//! those that named it.
//!
//! For scalars of the values files, patches, bases and kustomizations of `repo-template/`: each is
//! replaced by another of its type in an `OverlayWorld`. *Precision* is the share of the fields
//! that name the scalar as their data which did change; *recall* the share of the changed
//! fields which name it, as data or as a reason. Builds that fail are counted apart.
//!
//! The test takes a sample; `ORIGINS=all UPDATE=1 cargo test --release origins` takes all and
//! writes `tests/conformance/origins.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use goyaml::{Node, Style, Tag};
use source::{DiskWorld, OverlayWorld, Role, SourceMap, Span, VPath, World};
use thanos_gitops::RenderOptions;
use thanos_gitops::explain::{FieldPath, fields};
use thanos_gitops::fleet::Fleet;
use thanos_gitops::lint::{Tree, TreeFileKind};

/// A scalar that can be changed.
struct Scalar {
    path: VPath,
    shown: String,
    kind: TreeFileKind,
    span: Span,
    edited: String,
}

/// A field of a final manifest: cluster, component, object, path.
type Key = (String, String, String, String);

/// What a field says and which places it names: (path, start, end, is it data?).
struct FieldState {
    value: Option<String>,
    names: Vec<(String, u32, u32, bool)>,
}

type Snapshot = BTreeMap<Key, FieldState>;

/// How often explanations were right.
#[derive(Default, Clone, Copy)]
struct Score {
    scalars: usize,
    failed: usize,
    without_effect: usize,
    named: usize,
    named_and_changed: usize,
    changed: usize,
    changed_and_named: usize,
}

#[test]
fn fields_name_the_lines_that_change_them() {
    let all = std::env::var("ORIGINS").is_ok_and(|v| v == "all");
    let step = if all { 1 } else { 13 };
    // A sample has few edits of each kind, so one miss weighs more.
    let least = if all { 95.0 } else { 90.0 };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("repo-template");
    let world = DiskWorld::new(&root, Path::new("")).expect("the template");
    let base = snapshot(&world).expect("the template builds");
    let mut scores: BTreeMap<&'static str, Score> = BTreeMap::new();
    let mut misses = Vec::new();
    for scalar in scalars(&world).iter().step_by(step) {
        let group = match scalar.kind {
            TreeFileKind::Values => "values files",
            TreeFileKind::Patch => "patches",
            TreeFileKind::Manifest => "manifests",
            TreeFileKind::Kustomization => "kustomizations",
        };
        let score = scores.entry(group).or_default();
        measure(&world, &base, scalar, score, &mut misses);
    }
    let mut total = Score::default();
    scores.values().for_each(|score| total.add(score));
    let report = report(&scores, &total, &misses);
    if all && std::env::var_os("UPDATE").is_some() {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/origins.md");
        std::fs::write(path, &report).expect("the report");
    }
    assert!(total.precision() >= least && total.recall() >= least, "{report}");
}

/// Changes one scalar, builds, and counts.
fn measure(
    world: &DiskWorld,
    base: &Snapshot,
    scalar: &Scalar,
    score: &mut Score,
    misses: &mut Vec<String>,
) {
    score.scalars += 1;
    let changed = vec![(scalar.path.clone(), scalar.edited.clone().into_bytes())];
    let Some(after) = snapshot(&OverlayWorld::new(world, changed)) else {
        score.failed += 1;
        return;
    };
    let (before, after) = paired(base, &after);
    let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
    let names = |state: &FieldState, data_only: bool| {
        state.names.iter().any(|(path, start, end, data)| {
            *path == scalar.shown
                && *start < scalar.span.end.max(scalar.span.start + 1)
                && scalar.span.start < (*end).max(*start + 1)
                && (*data || !data_only)
        })
    };
    let mut effect = false;
    let (mut missed, mut wrong, mut example) = (0, 0, None);
    for key in keys {
        let (old, new) = (before.get(key), after.get(key));
        let value = |state: Option<&&FieldState>| state.map(|s| s.value.clone());
        let differs = value(old) != value(new);
        effect |= differs;
        let named_as_data = old.is_some_and(|state| names(state, true));
        score.named += usize::from(named_as_data);
        score.named_and_changed += usize::from(named_as_data && differs);
        if differs {
            let named = [old, new].into_iter().flatten().any(|state| names(state, false));
            score.changed += 1;
            score.changed_and_named += usize::from(named);
            missed += usize::from(!named);
            if !named {
                example = example.or(Some(key_text(key)));
            }
        } else if named_as_data {
            wrong += 1;
            example = example.or(Some(key_text(key)));
        }
    }
    if let Some(example) = example {
        let place = place(scalar);
        misses.push(format!(
            "`{place}`: {missed} missed, {wrong} named in vain; `{example}`"
        ));
    }
    score.without_effect += usize::from(!effect);
}

fn place(scalar: &Scalar) -> String {
    format!("{} byte {}", scalar.shown, scalar.span.start)
}

fn key_text(key: &Key) -> String {
    format!("{}/{} {} {}", key.0, key.1, key.2, key.3)
}

/// The objects of one component: name to fields.
type Objects<'a> = BTreeMap<&'a str, BTreeMap<&'a str, &'a FieldState>>;

/// Both snapshots by the old names: objects that only one side has are paired in order.
fn paired<'a>(
    before: &'a Snapshot,
    after: &'a Snapshot,
) -> (BTreeMap<Key, &'a FieldState>, BTreeMap<Key, &'a FieldState>) {
    let (old, new) = (by_component(before), by_component(after));
    let mut renamed: BTreeMap<(&str, &str, &str), &str> = BTreeMap::new();
    for (component, objects) in &new {
        let empty = Objects::new();
        let others = old.get(component).unwrap_or(&empty);
        let gone = others.keys().filter(|id| !objects.contains_key(**id));
        let come = objects.keys().filter(|id| !others.contains_key(**id));
        for (gone, come) in gone.zip(come) {
            renamed.insert((component.0, component.1, come), gone);
        }
    }
    let flat = |snapshot: &'a Snapshot, rename: bool| {
        let entries = snapshot.iter().map(|(key, state)| {
            let old = renamed.get(&(&*key.0, &*key.1, &*key.2)).filter(|_| rename);
            let object = old.map_or_else(|| key.2.clone(), |id| (*id).to_owned());
            ((key.0.clone(), key.1.clone(), object, key.3.clone()), state)
        });
        entries.collect()
    };
    (flat(before, false), flat(after, true))
}

fn by_component(snapshot: &Snapshot) -> BTreeMap<(&str, &str), Objects<'_>> {
    let mut components: BTreeMap<(&str, &str), Objects<'_>> = BTreeMap::new();
    for ((cluster, component, object, path), state) in snapshot {
        let objects = components.entry((cluster, component)).or_default();
        objects.entry(object).or_default().insert(path, state);
    }
    components
}

/// Every field of the fleet; `None` if something does not build.
fn snapshot(world: &dyn World) -> Option<Snapshot> {
    let sources = SourceMap::new();
    let repo = thanos_gitops::load(world, &sources).ok()?;
    let renders = thanos_gitops::render(&repo, &RenderOptions::default());
    if renders.iter().any(|render| render.outcome.is_err()) {
        return None;
    }
    let fleet: Fleet<'_> = thanos_gitops::link(&repo, &renders);
    let mut snapshot = Snapshot::new();
    for object in fleet.objects() {
        let id = object.subject("").object;
        for field in fields(&sources, &object, &FieldPath::default()) {
            let names = field.causes.iter().map(|cause| {
                let data = matches!(
                    cause.role,
                    Role::Data | Role::Text | Role::Value(_) | Role::Edit(_)
                );
                let path = sources.file(cause.span.file).path.clone();
                (path, cause.span.start, cause.span.end, data)
            });
            let key = (
                object.render.cluster().to_owned(),
                object.render.component().to_owned(),
                id.clone(),
                field.path.to_string(),
            );
            let state =
                FieldState { value: Some(field.text.clone()), names: names.collect() };
            snapshot.insert(key, state);
        }
    }
    Some(snapshot)
}

/// The scalars of the sources, each with the file's text after its change.
fn scalars(world: &DiskWorld) -> Vec<Scalar> {
    let sources = SourceMap::new();
    let repo = thanos_gitops::load(world, &sources).expect("the template loads");
    let tree = Tree::read(&repo);
    let mut scalars = Vec::new();
    for file in &tree.files {
        let top = file.path.parts().next().unwrap_or("");
        let wanted = match top {
            "base" | "overlays" => true,
            "charts" => file.kind == TreeFileKind::Values,
            _ => false,
        };
        if !wanted {
            continue;
        }
        let text = sources.file(file.file).text.clone();
        for document in &file.documents {
            values(document, &mut |node| {
                let Some(edited) = edited(&text, node) else { return };
                let (path, shown) = (file.path.clone(), world.display(&file.path));
                scalars.push(Scalar {
                    path,
                    shown,
                    kind: file.kind,
                    span: node.span,
                    edited,
                });
            });
        }
    }
    scalars
}

/// Calls `visit` for every scalar that is a value, not a key.
fn values(node: &Node, visit: &mut dyn FnMut(&Node)) {
    for (_, value) in node.entries().unwrap_or_default() {
        values(value, visit);
    }
    for item in node.items().unwrap_or_default() {
        values(item, visit);
    }
    if node.text().is_some() {
        visit(node);
    }
}

/// The text of the file with the scalar replaced by another of its type.
fn edited(text: &str, node: &Node) -> Option<String> {
    let raw = text.get(node.span.range())?;
    let plain = node.text()?;
    let new = match (node.tag, node.style) {
        (Tag::Null, _) => return None,
        (Tag::Bool, _) => if plain == "true" { "false" } else { "true" }.to_owned(),
        (Tag::Int, Style::Plain) => (plain.parse::<i64>().ok()? + 1).to_string(),
        (Tag::Float, Style::Plain) => (plain.parse::<f64>().ok()? + 1.5).to_string(),
        (_, Style::Plain) => format!("{raw}x"),
        (_, Style::SingleQuoted | Style::DoubleQuoted) => {
            let (body, quote) = raw.split_at(raw.len().checked_sub(1)?);
            format!("{body}x{quote}")
        }
        // The end of the first line of the block.
        (_, Style::Literal | Style::Folded) => {
            let first = raw.find('\n')? + 1;
            let end = first + raw.get(first..)?.find('\n').unwrap_or(raw.len() - first);
            format!("{}x{}", &raw[..end], &raw[end..])
        }
        _ => return None,
    };
    let range = node.span.range();
    Some(format!("{}{new}{}", &text[..range.start], &text[range.end..]))
}

impl Score {
    fn add(&mut self, other: &Score) {
        self.scalars += other.scalars;
        self.failed += other.failed;
        self.without_effect += other.without_effect;
        self.named += other.named;
        self.named_and_changed += other.named_and_changed;
        self.changed += other.changed;
        self.changed_and_named += other.changed_and_named;
    }

    fn precision(&self) -> f64 {
        share(self.named_and_changed, self.named)
    }

    fn recall(&self) -> f64 {
        share(self.changed_and_named, self.changed)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { part as f64 * 100.0 / whole as f64 }
}

fn report(
    scores: &BTreeMap<&'static str, Score>,
    total: &Score,
    misses: &[String],
) -> String {
    let mut text = String::from(
        "# Origins are true\n\nEvery scalar of every values file, patch, base and overlay of `repo-template/` was changed, the fleet built again. \
         Precision: of the fields that name the scalar as data, how many changed. Recall: of the fields that changed, \
         how many name it as data or reason. `ORIGINS=all UPDATE=1 cargo test --release origins` writes this file.\n\n\
         | sources | scalars | build fails | no effect | named | precision | changed | recall |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    let rows = scores.iter().map(|(name, score)| (*name, score));
    for (name, s) in rows.chain([("all", total)]) {
        writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {:.2} % | {} | {:.2} % |",
            s.scalars,
            s.failed,
            s.without_effect,
            s.named,
            s.precision(),
            s.changed,
            s.recall(),
        )
        .expect("room");
    }
    if !misses.is_empty() {
        text.push_str("\n## Scalars whose fields are not all as they should be\n\n");
        misses.iter().for_each(|miss| writeln!(text, "- {miss}").expect("room"));
    }
    text
}

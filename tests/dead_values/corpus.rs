//! Charts of others: their own values have no findings, injected mistakes are found.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use goyaml::{Data, Entry, Map, Value};
use helm::{Chart, ChartCache, ChartKeys, Ownership};
use source::{MemoryWorld, Severity, SourceMap, VPath};

use super::{Found, chart, charts, fleet, lint};

/// How many keys of a chart are misspelt in each way.
const SAMPLE: usize = 40;

/// What files of `ci/` folders give to their own charts in vain: each was looked up in the
/// templates, and no finding but the one that it deserves.
const OWN_MISTAKES: [(&str, &str, &str); 12] = [
    (
        "grafana-12.11.1/ci/with-image-renderer-values.yaml",
        "imageRenderer.extraVolumes.0.emtpyDir",
        "`emptyDir`, misspelt",
    ),
    (
        "kyverno-3.5.2/ci/hooks-values.yaml",
        "webhooksCleanup.enable",
        "`enabled`, misspelt",
    ),
    (
        "kyverno-3.5.2/ci/networkpolicy-values.yaml",
        "networkPolicy",
        "each controller has its own",
    ),
    (
        "loki-6.30.1/ci/distributed-disabled.yaml",
        "bloomCompactor",
        "removed from the chart",
    ),
    ("loki-6.30.1/ci/enterprise.yaml", "storage", "`loki.storage`"),
    (
        "loki-6.30.1/ci/ingress-values.yaml",
        "monitoring.lokiCanary",
        "moved to `lokiCanary`",
    ),
    (
        "loki-6.30.1/ci/legacy-monitoring-values.yaml",
        "monitoring.enabled",
        "no template reads it",
    ),
    (
        "oauth2-proxy-8.3.2/ci/tpl-values.yaml",
        "oauth2-proxy",
        "as for a parent chart; here its values are the root",
    ),
    (
        "oauth2-proxy-8.3.2/ci/tpl-values.yaml",
        "serviceMonitor",
        "`metrics.serviceMonitor`",
    ),
    (
        "thanos-community-0.35.0/ci/ci-values.yaml",
        "rustfs.mode",
        "the copy at hand is without the dependency `rustfs`",
    ),
    (
        "thanos-community-0.35.0/ci/ci-values.yaml",
        "rustfs.replicaCount",
        "the copy at hand is without the dependency `rustfs`",
    ),
    (
        "thanos-community-0.35.0/ci/ci-values.yaml",
        "rustfs.storageclass",
        "the copy at hand is without the dependency `rustfs`",
    ),
];

/// Is it a mistake of the chart's authors?
fn deserved(found: &Found) -> bool {
    let is = |(file, field, _): &(&str, &str, &str)| {
        found.file.ends_with(file) && found.field == *field
    };
    OWN_MISTAKES.iter().any(is)
}

/// What was measured of one chart.
#[derive(Default)]
struct Row {
    name: String,
    defaults: usize,
    false_dead: usize,
    forgotten: usize,
    ci: usize,
    false_ci: usize,
    /// By kind of mistake: injected, found, corrected (the first suggestion), named (any).
    mistakes: BTreeMap<&'static str, [usize; 4]>,
    /// Of keys one level too high: those for which one key alone can be meant, of these those
    /// of which it is the first suggestion, and the same of the others.
    decidable: [usize; 4],
    missed: Vec<String>,
}

/// Lints every values file of a `ci/` folder: nothing in them is dead.
pub(super) fn no_false_findings(name: &str, folder: &Path) {
    let (count, mut found) = ci(name, folder);
    found.retain(|found| !deserved(found));
    assert!(count > 0 && found.is_empty(), "{name}: {found:#?}");
}

fn ci(name: &str, folder: &Path) -> (usize, Vec<Found>) {
    let mut all = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return (0, all) };
    let mut files: Vec<_> =
        entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "yaml" || e == "yml"));
    files.sort();
    for path in &files {
        let Some(world) = chart(name) else { continue };
        let text = std::fs::read_to_string(path).expect("values");
        let (found, _) = lint(&fleet(world, name, &text));
        let wrong = |found: &Found| {
            found.severity > Severity::Info && found.code != "HELM004"
                || found.code == "HELM002"
        };
        all.extend(found.into_iter().filter(wrong).map(|mut found| {
            found.file = path.display().to_string();
            found
        }));
    }
    (files.len(), all)
}

#[test]
fn charts_of_others() {
    let all = std::env::var("DEAD_VALUES").unwrap_or_default();
    let Some(folder) = charts().filter(|_| !all.is_empty()) else {
        return println!("skipped: set THANOS_GITOPS_CHARTS and DEAD_VALUES=all");
    };
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("charts")
        .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
        .filter(|name| folder.join(name).join("Chart.yaml").is_file())
        .filter(|name| all == "all" || name.starts_with(&all))
        .collect();
    names.sort();
    let rows: Vec<Row> = names.iter().map(|name| measure(name, &folder, seed)).collect();
    let report = report(&rows, seed);
    println!("{report}");
    if all == "all" && std::env::var_os("UPDATE").is_some() {
        let path = "tests/conformance/dead-values.md";
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        std::fs::write(path, &report).expect("the report");
    }
    let wrong: usize = rows.iter().map(|row| row.false_dead + row.false_ci).sum();
    assert_eq!(wrong, 0, "findings in vain:\n{report}");
    for kind in KINDS {
        let [injected, found, _, named] = total(&rows, kind);
        assert!(found * 100 >= injected * 95, "{kind}: {found} of {injected}");
        assert!(named * 100 >= injected * 95, "{kind}: {named} of {injected}");
    }
}

const HIGHER: &str = "one level too high";

const KINDS: [&str; 3] = ["one letter", HIGHER, "snake case"];

fn total(rows: &[Row], kind: &str) -> [usize; 4] {
    rows.iter()
        .filter_map(|row| row.mistakes.get(kind))
        .fold([0; 4], |sum, row| std::array::from_fn(|n| sum[n] + row[n]))
}

fn measure(name: &str, folder: &Path, seed: u64) -> Row {
    let mut row = Row { name: name.to_owned(), ..Row::default() };
    let Some(world) = chart(name) else { return row };
    let path = folder.join(name).join("values.yaml");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let (found, _) = lint(&fleet(world.clone(), name, &text));
    let dead: Vec<&Found> = found.iter().filter(|f| f.code == "HELM001").collect();
    row.false_dead = dead.len();
    row.missed.extend(dead.iter().map(|f| format!("{name}: in vain: `{}`", f.field)));
    let forgotten = |f: &&Found| f.code == "HELM007" && f.message.contains("no template");
    row.forgotten = found.iter().filter(forgotten).count();
    let (count, mut wrong) = ci(name, &folder.join(name).join("ci"));
    wrong.retain(|found| !deserved(found));
    (row.ci, row.false_ci) = (count, wrong.len());
    row.missed
        .extend(wrong.iter().map(|f| format!("{}: in vain: `{}`", f.file, f.field)));
    let Some((chart, keys)) = keys_of(&world, name) else { return row };
    let mut leaves = Vec::new();
    collect(chart.values(), &mut Vec::new(), &mut leaves);
    row.defaults = leaves.len();
    // Below a map that a template takes as a whole any key is right.
    leaves.retain(|(path, _)| {
        let keys_of =
            |path: &[String]| path.iter().map(String::clone).collect::<Vec<_>>();
        let mut strange = keys_of(path);
        strange.pop();
        strange.push("zzz-nowhere".to_owned());
        mentions(&keys, path) && !knows(&keys, &strange)
    });
    for kind in KINDS {
        inject(kind, &world, name, &keys, &leaves, seed, &mut row);
    }
    row
}

fn keys_of(world: &MemoryWorld, name: &str) -> Option<(Arc<Chart>, Arc<ChartKeys>)> {
    let path = VPath::new(&format!("charts/{name}"))?;
    let sources = SourceMap::new();
    let chart =
        ChartCache::new().load(world, &path, &sources, Ownership::Repository).ok()?;
    let keys = ChartKeys::of(&chart)?;
    Some((chart, keys))
}

fn mentions(keys: &ChartKeys, path: &[String]) -> bool {
    keys.mentions(&path.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Does a chart know a value in any way?
fn knows(keys: &ChartKeys, path: &[String]) -> bool {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    keys.mentions(&path) || keys.declares(&path) || keys.default(&path).is_some()
}

fn collect(
    value: &Value,
    path: &mut Vec<String>,
    leaves: &mut Vec<(Vec<String>, Value)>,
) {
    match &value.data {
        Data::Map(map) if !map.is_empty() => {
            for (key, entry) in map {
                path.push(key.to_string());
                collect(&entry.value, path, leaves);
                path.pop();
            }
        }
        _ if path.is_empty() => {}
        _ => leaves.push((path.clone(), value.clone())),
    }
}

/// Makes one kind of mistake with a sample of the keys, all in one document.
fn inject(
    kind: &'static str,
    world: &MemoryWorld,
    name: &str,
    keys: &ChartKeys,
    leaves: &[(Vec<String>, Value)],
    seed: u64,
    row: &mut Row,
) {
    let mut random = seed ^ 0x9e37_79b9_7f4a_7c15;
    let mut order: Vec<(u64, &(Vec<String>, Value))> =
        leaves.iter().map(|leaf| (next(&mut random), leaf)).collect();
    order.sort_by_key(|(at, _)| *at);
    let mut document = Value::new(Map::default());
    let mut meant: BTreeMap<String, (String, usize)> = BTreeMap::new();
    let mut used: BTreeSet<Vec<String>> = BTreeSet::new();
    for (at, (path, value)) in order {
        if meant.len() >= SAMPLE {
            break;
        }
        let Some(wrong) = mistaken(kind, path, at) else { continue };
        let clash =
            used.iter().any(|known| known.iter().zip(&wrong).all(|(a, b)| a == b));
        if clash || knows(keys, &wrong) || wrong == *path {
            continue;
        }
        put(&mut document, &wrong, other(value));
        used.insert(wrong.clone());
        let right = (path.join("."), rivals(keys, path, value));
        meant.insert(wrong.join("."), right);
    }
    if meant.is_empty() {
        return;
    }
    let text = goyaml::to_yaml(&document, goyaml::Format::Sigs).expect("plain values");
    let (found, _) = lint(&fleet(world.clone(), name, &text));
    let counts = row.mistakes.entry(kind).or_default();
    for (wrong, (right, rivals)) in &meant {
        counts[0] += 1;
        let hit = found.iter().find(|f| {
            f.code == "HELM001"
                && (f.field == *wrong || wrong.starts_with(&format!("{}.", f.field)))
        });
        let Some(hit) = hit else {
            row.missed.push(format!("{name}, {kind}: `{wrong}` not found"));
            continue;
        };
        counts[1] += 1;
        // A suggestion for a map that holds nothing else stands for what is in it.
        let rest = wrong.strip_prefix(&hit.field).unwrap_or("");
        let asked: Vec<String> = hit
            .hints
            .split('`')
            .skip(1)
            .step_by(2)
            .map(|path| format!("{path}{rest}"))
            .collect();
        let first = usize::from(asked.first() == Some(right));
        if kind == HIGHER {
            let at = if *rivals == 1 { 0 } else { 2 };
            row.decidable[at] += 1;
            row.decidable[at + 1] += first;
        }
        counts[2] += first;
        counts[3] += usize::from(asked.contains(right));
        if !asked.contains(right) {
            let asked = asked.join("`, `");
            row.missed
                .push(format!("{name}, {kind}: `{wrong}` for `{right}`: `{asked}`"));
        }
    }
}

/// How many keys could be meant by one that was written a level above `path`: they have its
/// name, stand one level below what was written, and hold a value of its kind or none.
fn rivals(keys: &ChartKeys, path: &[String], value: &Value) -> usize {
    let of = |value: &Value| match &value.data {
        Data::Int(_) | Data::Uint(_) | Data::Float(_) => None,
        data => Some(std::mem::discriminant(data)),
    };
    let mut count = 0;
    keys.each(&mut |known| {
        let outer = path.len().saturating_sub(2);
        let alike = known.len() == path.len()
            && known.last().copied() == path.last().map(String::as_str)
            && known.iter().zip(path).take(outer).all(|(a, b)| a == b);
        let default = keys.default(known);
        let fits = default.is_none_or(|d| of(d) == of(value) || d.is_null());
        count += usize::from(alike && fits && keys.mentions(known));
    });
    count
}

fn mistaken(kind: &str, path: &[String], random: u64) -> Option<Vec<String>> {
    let (last, parents) = path.split_last()?;
    let mut wrong = parents.to_vec();
    match kind {
        "one letter" => {
            let letters: Vec<char> = last.chars().collect();
            if letters.len() < 4 || !last.is_ascii() {
                return None;
            }
            let at = usize::try_from(random % letters.len() as u64).ok()?;
            let mut new = letters.clone();
            match (random >> 32) % 3 {
                0 => drop(new.remove(at)),
                1 => new[at] = if new[at] == 'x' { 'y' } else { 'x' },
                _ => new.swap(at, (at + 1) % letters.len()),
            }
            wrong.push(new.into_iter().collect());
        }
        HIGHER => {
            wrong.pop()?;
            wrong.push(last.clone());
        }
        _ => {
            let mut new = String::new();
            for c in last.chars() {
                if c.is_ascii_uppercase() && !new.is_empty() {
                    new.push('_');
                }
                new.push(c.to_ascii_lowercase());
            }
            if new == last.to_lowercase() {
                return None;
            }
            wrong.push(new);
        }
    }
    Some(wrong)
}

/// Another value of the same kind: people write what is not there already.
fn other(value: &Value) -> Value {
    let text = |text: &str| Value::new(Data::Str(text.into()));
    Value::new(match &value.data {
        Data::Null => Data::Str("some".into()),
        Data::Bool(value) => Data::Bool(!value),
        Data::Int(n) => Data::Int(n + 1),
        Data::Uint(n) => Data::Uint(*n),
        Data::Float(n) => Data::Float(n + 0.5),
        Data::Str(text) => Data::Str(format!("{text}x").into()),
        Data::Seq(_) => Data::Seq(vec![text("some")]),
        Data::Map(_) => {
            Data::Map(Map::from_iter([("some".into(), Entry::from(text("other")))]))
        }
    })
}

fn put(document: &mut Value, path: &[String], value: Value) {
    let Some((key, rest)) = path.split_first() else { return };
    let Data::Map(map) = &mut document.data else { return };
    if rest.is_empty() {
        map.insert(key.as_str().into(), value.into());
        return;
    }
    let empty = || Entry::from(Value::new(Map::default()));
    put(&mut map.entry(key.as_str().into()).or_insert_with(empty).value, rest, value);
}

/// The next number of a xorshift generator.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// What can be known of keys that are one level too high.
fn of_decidable(rows: &[Row]) -> String {
    let mut sum = [0; 4];
    for row in rows {
        sum.iter_mut().zip(row.decidable).for_each(|(sum, own)| *sum += own);
    }
    let [one, first, many, guessed] = sum;
    let share = |n: usize, of: usize| 100.0 * n as f64 / of.max(1) as f64;
    format!(
        "\nOf the keys one level too high, {one} ({:.2} %) can mean one key alone: no other of the name, with a default of the kind of\n\
         what was written, stands a level below. Of these the first suggestion is right for {first} ({:.2} %). For the other {many},\n\
         several keys are as likely (`annotations` of each Service, `nodeSelector` of each component), and the first is right for\n\
         {guessed} ({:.2} %).\n",
        share(one, one + many),
        share(first, one),
        share(guessed, many),
    )
}

fn report(rows: &[Row], seed: u64) -> String {
    let mut out = String::from(
        "# Dead values\n\n\
         For each chart: how many defaults its own `values.yaml` has, and how many of them were reported as dead when a user\n\
         writes them all out (a finding in vain); how many the chart lists although no template mentions them (an info); the\n\
         same for the files of its `ci/` folder. Then mistakes were made with a sample of its keys, each with another value than the\n\
         default's, and counted: how many were found, and for how many the key that was meant was the first suggestion, or one\n\
         of at most five. Keys below maps that a template takes as a whole are left out: any key is right there.\n\n",
    );
    writeln!(
        out,
        "`THANOS_GITOPS_CHARTS=… DEAD_VALUES=all SEED={seed} UPDATE=1 cargo test dead_values` writes this file.\n"
    )
    .expect("room");
    out.push_str("| mistake | made | found | first suggestion | among the suggestions |\n|---|---:|---:|---:|---:|\n");
    for kind in KINDS {
        let [made, found, first, named] = total(rows, kind);
        let share =
            |n: usize| format!("{n} ({:.2} %)", 100.0 * n as f64 / made.max(1) as f64);
        let (found, first, named) = (share(found), share(first), share(named));
        writeln!(out, "| {kind} | {made} | {found} | {first} | {named} |").expect("room");
    }
    let sum = |of: fn(&Row) -> usize| rows.iter().map(of).sum::<usize>();
    out.push_str(&of_decidable(rows));
    writeln!(
        out,
        "\n{} charts, {} defaults: {} in vain; {} files of `ci/` folders: {} in vain.\n",
        rows.len(),
        sum(|r| r.defaults),
        sum(|r| r.false_dead),
        sum(|r| r.ci),
        sum(|r| r.false_ci)
    )
    .expect("room");
    out.push_str("| chart | defaults | in vain | no template mentions | ci files | in vain | mistakes | found | first | named |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    for row in rows {
        let [made, found, first, named] =
            KINDS.iter().fold([0; 4], |sum: [usize; 4], kind| {
                let own = row.mistakes.get(kind).copied().unwrap_or_default();
                std::array::from_fn(|n| sum[n] + own[n])
            });
        let Row { name, defaults, false_dead, forgotten, ci, false_ci, .. } = row;
        writeln!(
            out,
            "| {name} | {defaults} | {false_dead} | {forgotten} | {ci} | {false_ci} | {made} | {found} | {first} | {named} |"
        )
        .expect("room");
    }
    out.push_str("\n## Mistakes of the documents\n\nThe values of `tests/fleets`, as the documents give them; mistakes by their numbers.\n\n");
    out.push_str(&super::seeds::table());
    out.push_str("\n## Mistakes of the charts' authors\n\nFindings in files of `ci/` folders that are not in vain: nothing reads these keys.\n\n| file | value | why |\n|---|---|---|\n");
    for (file, field, why) in OWN_MISTAKES {
        writeln!(out, "| {file} | `{field}` | {why} |").expect("room");
    }
    out.push_str("\n## What is not as it should be\n\n");
    for missed in rows.iter().flat_map(|row| &row.missed) {
        writeln!(out, "- {missed}").expect("room");
    }
    out
}

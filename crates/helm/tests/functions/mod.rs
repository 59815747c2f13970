//! Each template function against what Helm 4.2.4 printed.
//!
//! A case is a line: a template, ` --> `, and what it prints, as a JSON string if it would
//! not stand on a line; or ` --> error: ` and why it fails. Results are recorded from Helm,
//! never typed by hand.

mod origins;

use std::rc::Rc;
use std::sync::Arc;

use gotemplate::{Executor, Funcs, Map, MissingKey, TemplateSet, Value, with_stack};
use helm::{Compat, Host};
use source::{FileId, FixedAmbient, Origins};

const CHAPTERS: &[(&str, &str)] = &[
    ("certificates", include_str!("certificates.txt")),
    ("crypto", include_str!("crypto.txt")),
    ("dates", include_str!("dates.txt")),
    ("defaults", include_str!("defaults.txt")),
    ("dicts", include_str!("dicts.txt")),
    ("encoding", include_str!("encoding.txt")),
    ("flow", include_str!("flow.txt")),
    ("json", include_str!("json.txt")),
    ("lists", include_str!("lists.txt")),
    ("numeric", include_str!("numeric.txt")),
    ("paths", include_str!("paths.txt")),
    ("random", include_str!("random.txt")),
    ("reflection", include_str!("reflection.txt")),
    ("regex", include_str!("regex.txt")),
    ("semver", include_str!("semver.txt")),
    ("strings", include_str!("strings.txt")),
    ("template", include_str!("template.txt")),
    ("toml", include_str!("toml.txt")),
    ("url", include_str!("url.txt")),
    ("yaml", include_str!("yaml.txt")),
];

fn functions(compat: Compat) -> Arc<Funcs> {
    let tables = helm::funcs::tables(compat);
    Arc::new(tables.into_iter().fold(Funcs::builtins(), Funcs::with))
}

/// What a template prints, `<no value>` taken out; or the last words of its failure.
fn render(funcs: &Arc<Funcs>, template: &str) -> Result<String, String> {
    let mut set = TemplateSet::new(funcs.clone());
    let reason = |error: Box<gotemplate::Error>| {
        let root = error.root().to_string();
        let words = root.rsplit_once(">: ").map_or(root.as_str(), |(_, words)| words);
        let words = match words.strip_prefix("error calling ") {
            Some(rest) => rest.split_once(": ").map_or(rest, |(_, words)| words),
            None => words,
        };
        words.replace("HELM_ERR_START", "").replace("HELM_ERR_END", "")
    };
    set.parse("c/templates/a.yaml", template.as_bytes(), FileId::NONE).map_err(reason)?;
    let ambient = FixedAmbient { now: (1_700_000_000, 0), seed: 1 };
    let mut executor = Executor::new(Arc::new(set), Origins::new())
        .with_host(Rc::new(Host::new(Arc::new(ambient), Compat::Helm4)))
        .with_missing_key(MissingKey::Zero)
        .with_root_name("gotpl");
    let dot = Value::from(Map::new());
    let output = executor.execute("c/templates/a.yaml", dot).map_err(reason)?;
    Ok(String::from_utf8_lossy(&output.text).replace("<no value>", ""))
}

/// The cases of a chapter: template and expected text.
fn cases(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = text.lines().filter(|line| !line.is_empty());
    lines.map(|line| line.rsplit_once(" --> ").expect("a case has an arrow"))
}

fn printed(result: Result<String, String>, expected: &str) -> String {
    match result {
        Err(reason) => {
            format!("error: {}", reason.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        Ok(text) if expected.starts_with('"') => {
            match serde_json::from_str::<String>(expected).is_ok_and(|e| e == text) {
                true => expected.to_owned(),
                false => serde_json::to_string(&text).unwrap_or_default(),
            }
        }
        Ok(text) => text,
    }
}

#[test]
fn functions_print_what_helm_prints() {
    let faults = with_stack(|| {
        let funcs = functions(Compat::Helm4);
        let mut faults = Vec::new();
        for (chapter, text) in CHAPTERS {
            for (template, expected) in cases(text) {
                let got = printed(render(&funcs, template), expected);
                if got != expected {
                    faults.push(format!(
                        "{chapter}: {template}\n  want {expected}\n  got  {got}"
                    ));
                }
            }
        }
        faults
    });
    assert!(faults.is_empty(), "{} cases differ\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_function_has_a_case_and_stands_in_one_table() {
    let mut seen = std::collections::BTreeSet::new();
    for func in helm::funcs::tables(Compat::Helm4).into_iter().flatten() {
        assert!(seen.insert(func.name), "{} stands in two tables", func.name);
        let is_called = |template: &str| {
            template
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|w| w == func.name)
        };
        let has_case = CHAPTERS
            .iter()
            .any(|(_, text)| cases(text).any(|(template, _)| is_called(template)));
        assert!(has_case, "{} has no case", func.name);
    }
}

#[test]
fn helm_3_lacks_two_functions() {
    let names = |compat| -> Vec<&str> {
        helm::funcs::tables(compat).into_iter().flatten().map(|func| func.name).collect()
    };
    let helm3 = names(Compat::Helm3);
    let more: Vec<&str> =
        names(Compat::Helm4).into_iter().filter(|name| !helm3.contains(name)).collect();
    assert_eq!(more, ["mustToToml", "mustToYaml"]);
}

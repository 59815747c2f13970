//! Findings in every format.

use serde_json::Value;
use source::{Diagnostic, Fix, SourceMap, Span, Subject};
use thanos_gitops::report::{Format, Pretty, Report};

use crate::schemas::violations;

/// A finding with everything that one may have, and a fault with nothing.
fn written(format: Format) -> String {
    let sources = SourceMap::new();
    let file = sources.add("overlays/c1/values.yaml", "a: 1\nadminPassword: hunter2\n");
    let span = Span::new(file, 20, 27);
    sources.taint(span);
    let mut finding = *Diagnostic::error(span, "plaintext secret at `adminPassword`")
        .code("SEC001")
        .label(Span::new(file, 0, 1), "the chart's default is here")
        .trace(Span::new(file, 0, 4), "while rendering <chart>")
        .hint("use an ExternalSecret")
        .about(Subject {
            clusters: vec!["c1".to_owned()],
            object: "v1/Secret mon/grafana".to_owned(),
            field: "/data/admin".to_owned(),
        });
    finding.fix =
        Some(Fix { title: "remove it".to_owned(), edits: vec![(span, String::new())] });
    let fault = *Diagnostic::warning(Span::NONE, "something & nowhere");
    let report = Report { sources: &sources, diagnostics: &[finding, fault] };
    let mut out = Vec::new();
    report.write(format, &Pretty::default(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(!text.contains("hunter2"), "a secret is shown:\n{text}");
    text
}

#[test]
fn json_obeys_its_schema() {
    let report: Value = serde_json::from_str(&written(Format::Json)).unwrap();
    let schema = thanos_gitops::report::json_schema();
    assert_eq!(violations(&schema, &report), Vec::<String>::new());
    assert_eq!(report["summary"]["errors"], 1);
    assert_eq!(report["findings"][0]["location"]["line"], 2);
    assert_eq!(report["findings"][0]["location"]["excerpt"], "adminPassword: •••••");
    assert_eq!(report["findings"][1]["location"], Value::Null);
}

#[test]
fn sarif_places_findings() {
    let report: Value = serde_json::from_str(&written(Format::Sarif)).unwrap();
    let result = &report["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "SEC001");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "overlays/c1/values.yaml");
    assert_eq!(place["region"]["startColumn"], 16);
    assert_eq!(report["runs"][0]["results"][1]["ruleId"], "fault");
}

#[test]
fn sarif_tells_what_code_scanning_shows_of_a_rule() {
    let report: Value = serde_json::from_str(&written(Format::Sarif)).unwrap();
    let run = &report["runs"][0];
    assert_eq!(report["version"], "2.1.0");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let rule =
            &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    let [rule, fault] = rules.as_slice() else { panic!("{rules:#?}") };
    assert_eq!(rule["name"], "plaintext-secret-in-values");
    assert!(rule["help"]["markdown"].as_str().unwrap().starts_with("# SEC001 "));
    assert!(rule["helpUri"].as_str().unwrap().ends_with("plaintext-secret-in-values.md"));
    assert_eq!(rule["properties"]["tags"], serde_json::json!(["SEC", "security"]));
    // GitHub cuts longer ones.
    for (rule, key) in
        [rule, fault].into_iter().zip(["shortDescription", "fullDescription"])
    {
        let length = rule[key]["text"].as_str().unwrap().chars().count();
        assert!((1..=1024).contains(&length), "{key}: {length}");
    }
    for lint in thanos_gitops::lint::LINTS {
        let description = lint.description();
        assert!((1..=1024).contains(&description.chars().count()), "{}", lint.code);
    }
}

#[test]
fn github_commands_are_escaped() {
    let text = written(Format::Github);
    let first = "::error file=overlays/c1/values.yaml,line=2,col=16,endLine=2,endColumn=23,\
                 title=SEC001::plaintext secret at `adminPassword`%0Ause an ExternalSecret";
    assert_eq!(text.lines().next(), Some(first));
}

#[test]
fn junit_is_well_formed() {
    let text = written(Format::Junit);
    assert!(text.contains("tests=\"2\" failures=\"2\""), "{text}");
    assert!(text.contains("something &amp; nowhere"), "{text}");
}

#[test]
fn gitlab_has_a_path_for_everything() {
    let report: Value = serde_json::from_str(&written(Format::Gitlab)).unwrap();
    assert_eq!(report[0]["location"]["lines"]["begin"], 2);
    assert_eq!(report[1]["location"]["path"], "thanos-gitops.yaml");
    assert_ne!(report[0]["fingerprint"], report[1]["fingerprint"]);
}

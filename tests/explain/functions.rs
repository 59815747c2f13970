//! The chain through each function that charts put their texts together with.
//!
//! One chart, one ConfigMap with one field; what prints the field is the test's. A line of a
//! chain is what it did, where, and what stands there.

use source::{MemoryWorld, Role, SourceMap};
use thanos_gitops::RenderOptions;
use thanos_gitops::explain::{FieldPath, fields};
use thanos_gitops::fleet::Object;

const CHART: &str = "charts/c/templates/all.yaml";

const HELPERS: &str = "\
{{- define \"c.name\" -}}
{{ .Release.Name }}-web
{{- end }}
{{- define \"c.labels\" -}}
app: {{ include \"c.name\" . }}
{{- if .Values.tier }}
tier: {{ .Values.tier }}
{{- end }}
{{- end }}
";

const DEFAULTS: &str = "\
a: one
b: two
tier: back
flag: true
host: '{{ .Release.Name }}.kr'
map: {x: one, z: two}
list: [p, q]
text: |
  k: {v: deep}
";

const KUSTOMIZATION: &str = "\
helmGlobals: {chartHome: ../../../charts}
helmCharts:
- name: c
  releaseName: demo
  valuesFile: base.yaml
  additionalValuesFiles: [overlay.yaml]
  valuesInline: {b: inline}
";

/// The chain of the field `v` of what a chart prints with this text in its template.
fn chain(data: &str) -> Vec<String> {
    chain_of(data, "{}", "{}")
}

fn chain_of(data: &str, base: &str, overlay: &str) -> Vec<String> {
    let mut world = MemoryWorld::new();
    let template = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m}}\ndata:\n{data}\n"
    );
    world.insert(CHART, template);
    world.insert("charts/c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n");
    world.insert("charts/c/values.yaml", DEFAULTS);
    world.insert("charts/c/templates/_helpers.tpl", HELPERS);
    world.insert("overlays/edge/app/kustomization.yaml", KUSTOMIZATION);
    world.insert("overlays/edge/app/base.yaml", base);
    world.insert("overlays/edge/app/overlay.yaml", overlay);
    let sources = SourceMap::new();
    let repo = thanos_gitops::load(&world, &sources).expect("it loads");
    let renders = thanos_gitops::render(&repo, &RenderOptions::default());
    let render = renders.first().expect("a target");
    let built = render.built().expect("it builds");
    let resource = built.resources.iter().next().expect("an object");
    let object = Object { render, built, resource };
    let path = FieldPath::parse("data.v").expect("a path");
    let found = fields(&sources, &object, &path);
    let field = found.first().expect("the field");
    let line = |cause: &source::Cause| {
        let at = sources.location(cause.span).expect("a place");
        let file = sources.file(cause.span.file);
        let text = file.text.get(cause.span.range()).unwrap_or("").trim();
        let name = at.path.rsplit('/').next().unwrap_or("");
        format!("{} {name}:{} {text}", role(cause.role), at.line)
    };
    let mut lines = vec![field.text.clone()];
    lines.extend(field.causes.iter().map(line));
    lines
}

fn role(role: Role) -> String {
    match role {
        Role::Value(kind) => format!("{kind:?}").to_lowercase(),
        Role::Shadowed(kind) => format!("over {}", format!("{kind:?}").to_lowercase()),
        other => format!("{other:?}").to_lowercase(),
    }
}

#[test]
fn a_value() {
    assert_eq!(
        chain("  v: {{ .Values.a }}"),
        ["one", "chart values.yaml:1 one", "template all.yaml:5 {{ .Values.a }}",]
    );
}

#[test]
fn printf() {
    assert_eq!(
        chain("  v: {{ printf \"%s-%s\" .Values.a .Values.tier }}"),
        [
            "one-back",
            "chart values.yaml:1 one",
            "template all.yaml:5 printf \"%s-%s\" .Values.a .Values.tier",
            "text all.yaml:5 {{ printf \"%s-%s\" .Values.a .Values.tier }}",
            "chart values.yaml:3 back",
        ]
    );
}

#[test]
fn cat() {
    assert_eq!(
        chain("  v: {{ cat .Values.a .Values.tier }}"),
        [
            "one back",
            "chart values.yaml:1 one",
            "template all.yaml:5 cat .Values.a .Values.tier",
            "text all.yaml:5 {{ cat .Values.a .Values.tier }}",
            "chart values.yaml:3 back",
        ]
    );
}

#[test]
fn join() {
    assert_eq!(
        chain("  v: {{ join \"-\" .Values.list }}"),
        [
            "p-q",
            "chart values.yaml:7 p",
            "template all.yaml:5 join \"-\" .Values.list",
            "text all.yaml:5 {{ join \"-\" .Values.list }}",
            "chart values.yaml:7 q",
        ]
    );
}

#[test]
fn to_yaml() {
    assert_eq!(
        chain("  {{- toYaml (dict \"v\" .Values.map.x) | nindent 2 }}"),
        [
            "one",
            "chart values.yaml:6 one",
            "template all.yaml:5 toYaml (dict \"v\" .Values.map.x)",
        ]
    );
}

#[test]
fn to_yaml_of_values() {
    assert_eq!(
        chain(
            "  {{- dict \"v\" (get .Values.map \"z\") | toYaml | indent 2 | nindent 0 }}"
        ),
        ["two", "chart values.yaml:6 two", "template all.yaml:5 toYaml",]
    );
}

#[test]
fn from_yaml() {
    assert_eq!(
        chain("  v: {{ (.Values.text | fromYaml).k.v }}"),
        [
            "deep",
            "chart values.yaml:9 k: {v: deep}",
            "template all.yaml:5 {{ (.Values.text | fromYaml).k.v }}",
        ]
    );
}

#[test]
fn from_yaml_of_an_include() {
    assert_eq!(
        chain("  v: {{ (include \"c.labels\" . | fromYaml).tier }}"),
        [
            "back",
            "chart values.yaml:3 back",
            "template all.yaml:5 {{ (include \"c.labels\" . | fromYaml).tier }}",
        ]
    );
}

#[test]
fn to_json() {
    assert_eq!(
        chain("  v: {{ toJson .Values.map | quote }}"),
        [
            "{\"x\":\"one\",\"z\":\"two\"}",
            "text all.yaml:5 {{ toJson .Values.map | quote }}",
            "chart values.yaml:6 one",
            "template all.yaml:5 toJson .Values.map",
            "chart values.yaml:6 two",
        ]
    );
}

#[test]
fn to_json_that_is_read_as_yaml() {
    assert_eq!(
        chain("  {{ toJson (dict \"v\" .Values.map.x \"w\" .Values.b) }}"),
        [
            "one",
            "chart values.yaml:6 one",
            "template all.yaml:5 toJson (dict \"v\" .Values.map.x \"w\" .Values.b)",
        ]
    );
    assert_eq!(
        chain("  {{ toPrettyJson (dict \"v\" .Values.map.x) | nindent 2 }}"),
        [
            "one",
            "chart values.yaml:6 one",
            "template all.yaml:5 toPrettyJson (dict \"v\" .Values.map.x)",
        ]
    );
}

#[test]
fn tpl() {
    assert_eq!(
        chain("  v: {{ tpl .Values.host . }}"),
        [
            "demo.kr",
            "release kustomization.yaml:4 demo",
            "template all.yaml:5 tpl .Values.host .",
            "reason values.yaml:5 '{{ .Release.Name }}.kr'",
            "include all.yaml:5 tpl .Values.host .",
            "chart values.yaml:5 '{{ .Release.Name }}.kr'",
        ]
    );
}

#[test]
fn include() {
    assert_eq!(
        chain("  v: {{ include \"c.name\" . }}"),
        [
            "demo-web",
            "release kustomization.yaml:4 demo",
            "template _helpers.tpl:2 {{ .Release.Name }}",
            "include all.yaml:5 include \"c.name\" .",
            "text _helpers.tpl:2 -web",
        ]
    );
}

#[test]
fn include_inside_include() {
    assert_eq!(
        chain("  v: {{ include \"c.labels\" . | quote }}"),
        [
            "app: demo-web\ntier: back",
            "text _helpers.tpl:5 app:",
            "include all.yaml:5 include \"c.labels\" .",
            "release kustomization.yaml:4 demo",
            "template _helpers.tpl:2 {{ .Release.Name }}",
            "include _helpers.tpl:5 include \"c.name\" .",
            "text _helpers.tpl:2 -web",
            "text _helpers.tpl:6 ",
            "reason values.yaml:3 back",
            "reason _helpers.tpl:6 {{- if .Values.tier }}",
            "text _helpers.tpl:7 tier:",
            "chart values.yaml:3 back",
            "template _helpers.tpl:7 {{ .Values.tier }}",
        ]
    );
}

#[test]
fn indent() {
    assert_eq!(
        chain("  v: |\n{{ .Values.a | indent 4 }}"),
        [
            "one\n",
            "text all.yaml:5 |",
            "chart values.yaml:1 one",
            "template all.yaml:6 {{ .Values.a | indent 4 }}",
        ]
    );
}

#[test]
fn nindent() {
    assert_eq!(
        chain("  v: |\n    {{- .Values.a | nindent 4 }}"),
        [
            "one\n",
            "text all.yaml:5 |",
            "chart values.yaml:1 one",
            "template all.yaml:6 {{- .Values.a | nindent 4 }}",
        ]
    );
}

#[test]
fn merge() {
    assert_eq!(
        chain("  v: {{ (merge (dict \"x\" .Values.a) .Values.map).x }}"),
        [
            "one",
            "chart values.yaml:1 one",
            "template all.yaml:5 {{ (merge (dict \"x\" .Values.a) .Values.map).x }}",
        ]
    );
}

#[test]
fn merge_overwrite() {
    assert_eq!(
        chain(
            "  v: {{ (mergeOverwrite (deepCopy .Values.map) (dict \"x\" .Values.tier)).x }}"
        ),
        [
            "back",
            "chart values.yaml:3 back",
            "template all.yaml:5 {{ (mergeOverwrite (deepCopy .Values.map) (dict \"x\" .Values.tier)).x }}",
        ]
    );
}

#[test]
fn deep_copy() {
    assert_eq!(
        chain("  v: {{ (deepCopy .Values.map).z }}"),
        [
            "two",
            "chart values.yaml:6 two",
            "template all.yaml:5 {{ (deepCopy .Values.map).z }}",
        ]
    );
}

#[test]
fn default_of_what_is_missing() {
    assert_eq!(
        chain("  v: {{ .Values.none | default .Values.a }}"),
        [
            "one",
            "chart values.yaml:1 one",
            "template all.yaml:5 {{ .Values.none | default .Values.a }}",
        ]
    );
}

#[test]
fn ternary() {
    assert_eq!(
        chain("  v: {{ ternary .Values.a .Values.b .Values.flag }}"),
        [
            "one",
            "chart values.yaml:1 one",
            "reason values.yaml:4 true",
            "template all.yaml:5 {{ ternary .Values.a .Values.b .Values.flag }}",
        ]
    );
}

#[test]
fn a_condition() {
    assert_eq!(
        chain("  {{- if .Values.flag }}\n  v: own\n  {{- end }}"),
        [
            "own",
            "text all.yaml:6 own",
            "reason values.yaml:4 true",
            "reason all.yaml:5 {{- if .Values.flag }}",
        ]
    );
}

#[test]
fn a_variable_printed_in_a_condition() {
    assert_eq!(
        chain(
            "  {{- $name := include \"c.name\" . }}\n  {{- if .Values.flag }}\n  v: {{ $name }}\n  {{- end }}"
        ),
        [
            "demo-web",
            "release kustomization.yaml:4 demo",
            "template _helpers.tpl:2 {{ .Release.Name }}",
            "include all.yaml:5 include \"c.name\" .",
            "reason values.yaml:4 true",
            "reason all.yaml:6 {{- if .Values.flag }}",
            "text _helpers.tpl:2 -web",
        ]
    );
}

#[test]
fn a_variable_set_in_a_condition() {
    assert_eq!(
        chain(
            "  {{- $v := \"plain\" }}\n  {{- if .Values.flag }}{{ $v = printf \"%s!\" .Values.a }}{{ end }}\n  v: {{ $v }}"
        ),
        [
            "one!",
            "chart values.yaml:1 one",
            "template all.yaml:6 printf \"%s!\" .Values.a",
            "reason values.yaml:4 true",
            "reason all.yaml:6 {{- if .Values.flag }}",
            "text all.yaml:7 {{ $v }}",
        ]
    );
}

#[test]
fn set_in_a_condition() {
    assert_eq!(
        chain(
            "  {{- $d := dict }}\n  {{- if .Values.flag }}{{ $_ := set $d \"v\" \"x\" }}{{ end }}\n  v: {{ $d.v }}"
        ),
        ["x", "reason values.yaml:4 true", "template all.yaml:7 {{ $d.v }}",]
    );
}

#[test]
fn set_in_a_map_of_the_values() {
    let data = "  {{- $_ := set .Values.map \"v\" \"own\" }}\n  {{- toYaml .Values.map | nindent 2 }}";
    assert_eq!(
        chain(data),
        [
            "own",
            "reason values.yaml:6 {x: one, z: two}",
            "template all.yaml:6 toYaml .Values.map",
        ]
    );
}

#[test]
fn merge_in_a_condition() {
    assert_eq!(
        chain(
            "  {{- $d := dict \"m\" dict }}\n  {{- if .Values.flag }}{{ $_ := mustMerge $d (dict \"m\" (dict \"v\" \"x\")) }}{{ end }}\n  v: {{ $d.m.v }}"
        ),
        ["x", "reason values.yaml:4 true", "template all.yaml:7 {{ $d.m.v }}",]
    );
}

#[test]
fn what_is_in_a_map_that_was_chosen() {
    let of_entry = ["one", "chart values.yaml:1 one", "reason values.yaml:4 true"];
    let map = "ternary (dict \"v\" .Values.a) dict .Values.flag";
    let printed = chain(&format!("  {{{{- {map} | toYaml | nindent 2 }}}}"));
    assert_eq!(printed[..3], of_entry);
    let entry = chain(&format!("  {{{{- $m := {map} }}}}\n  v: {{{{ $m.v }}}}"));
    assert_eq!(entry[..3], of_entry);
    let got = chain(&format!("  v: {{{{ get ({map}) \"v\" }}}}"));
    assert_eq!(got[..3], of_entry);
}

#[test]
fn nothing_where_a_branch_was_not_taken() {
    assert_eq!(
        chain("  v:\n  {{- if not .Values.flag }}\n    k: x\n  {{- end }}\n  w: x"),
        ["", "text all.yaml:5 :", "reason values.yaml:4 true", "reason all.yaml:6 ",]
    );
}

#[test]
fn a_variable_that_a_branch_left_alone() {
    let data = "  {{- $m := .Values.map }}\n  {{- if not .Values.flag }}{{ $m = omit $m \"x\" }}{{ end }}\n  v: {{ $m.x }}";
    assert_eq!(
        chain(data),
        [
            "one",
            "chart values.yaml:6 one",
            "reason values.yaml:4 true",
            "template all.yaml:7 {{ $m.x }}",
        ]
    );
}

#[test]
fn a_variable_that_an_empty_list_left_alone() {
    let data = "  {{- $v := \"plain\" }}\n  {{- range .Values.none }}{{ $v = . }}{{ end }}\n  v: {{ $v }}";
    assert_eq!(
        chain_of(data, "none: []", "{}"),
        ["plain", "reason base.yaml:1 []", "template all.yaml:7 {{ $v }}",]
    );
}

#[test]
fn nothing_where_a_list_is_empty() {
    assert_eq!(
        chain_of(
            "  v:\n  {{- range .Values.none }}\n    k: x\n  {{- end }}\n  w: x",
            "none: []",
            "{}"
        ),
        ["", "text all.yaml:5 :", "reason base.yaml:1 []", "reason all.yaml:6 ",]
    );
}

#[test]
fn nothing_at_the_end_of_a_template() {
    assert_eq!(
        chain("  v:\n  {{- if not .Values.flag }}\n    k: x\n  {{- end }}"),
        ["", "text all.yaml:5 :", "reason values.yaml:4 true", "reason all.yaml:6 ",]
    );
}

#[test]
fn a_certificate_for_names_in_a_list() {
    let found = chain(
        "  v: {{ (genSelfSignedCert \"x\" nil (list .Values.a .Values.tier) 1).Cert | quote }}",
    );
    for line in ["chart values.yaml:1 one", "chart values.yaml:3 back"] {
        assert!(found.iter().any(|found| found == line), "{found:?}");
    }
}

#[test]
fn a_key_that_a_value_names() {
    assert_eq!(
        chain("  {{ \"v\" }}: own\n  {{ .Values.a }}: x"),
        ["own", "text all.yaml:5 own"]
    );
    assert_eq!(
        chain_of("  {{ .Values.map.x }}: own", "map: {x: v}", "{}"),
        ["own", "text all.yaml:5 own", "reason base.yaml:1 v",]
    );
}

#[test]
fn range() {
    assert_eq!(
        chain(
            "  {{- range $i, $x := .Values.list }}\n  {{- if eq $i 1 }}\n  v: {{ $x }}\n  {{- end }}\n  {{- end }}"
        ),
        [
            "q",
            "chart values.yaml:7 q",
            "template all.yaml:7 {{ $x }}",
            "reason all.yaml:6 {{- if eq $i 1 }}",
            "reason values.yaml:7 q",
            "reason all.yaml:5 {{- range $i, $x := .Values.list }}",
            "reason values.yaml:7 [p, q]",
        ]
    );
}

#[test]
fn a_key_of_a_range() {
    assert_eq!(
        chain(
            "  {{- range $k, $x := .Values.map }}\n  {{- if eq $k \"z\" }}\n  v: {{ $k }}\n  {{- end }}\n  {{- end }}"
        ),
        [
            "z",
            "chart values.yaml:6 z",
            "template all.yaml:7 {{ $k }}",
            "reason values.yaml:6 z",
            "reason all.yaml:6 {{- if eq $k \"z\" }}",
            "reason values.yaml:6 two",
            "reason all.yaml:5 {{- range $k, $x := .Values.map }}",
            "reason values.yaml:6 {x: one, z: two}",
        ]
    );
}

#[test]
fn a_list_that_was_replaced_as_a_whole() {
    assert_eq!(
        chain_of("  v: {{ index .Values.list 0 }}", "list: [r]", "{}"),
        [
            "r",
            "file base.yaml:1 r",
            "over chart values.yaml:7 [p, q]",
            "template all.yaml:5 {{ index .Values.list 0 }}",
        ]
    );
}

#[test]
fn a_line_of_a_block() {
    let doc = "doc: |\n  u: one\n  v: two\n";
    assert_eq!(
        chain_of("{{ tpl .Values.doc . | indent 2 }}", doc, "{}"),
        [
            "two",
            "file base.yaml:3 v: two",
            "template all.yaml:5 tpl .Values.doc .",
            "reason base.yaml:1 |\n  u: one\n  v: two",
            "include all.yaml:5 tpl .Values.doc .",
        ]
    );
    assert_eq!(
        chain_of("  {{- .Values.doc | nindent 2 }}", doc, "{}"),
        [
            "two",
            "file base.yaml:3 v: two",
            "template all.yaml:5 {{- .Values.doc | nindent 2 }}",
        ]
    );
}

#[test]
fn what_only_counted_is_a_reason() {
    assert_eq!(
        chain_of("  v: {{ index (until (int .Values.n)) 1 }}", "n: 2", "{}"),
        [
            "1",
            "reason base.yaml:1 2",
            "template all.yaml:5 {{ index (until (int .Values.n)) 1 }}",
        ]
    );
    assert_eq!(
        chain("  v: {{ len .Values.list }}"),
        [
            "2",
            "reason values.yaml:7 [p, q]",
            "template all.yaml:5 {{ len .Values.list }}",
        ]
    );
}

#[test]
fn a_dictionary_without_the_key_is_a_reason() {
    assert_eq!(
        chain("  v: {{ dig \"y\" \"own\" .Values.map }}"),
        [
            "own",
            "reason values.yaml:6 {x: one, z: two}",
            "template all.yaml:5 {{ dig \"y\" \"own\" .Values.map }}",
        ]
    );
}

#[test]
fn digest() {
    assert_eq!(
        chain("  v: {{ toYaml .Values.map | sha256sum | trunc 8 }}"),
        [
            "3ee3ef34",
            "chart values.yaml:6 one",
            "chart values.yaml:6 two",
            "template all.yaml:5 {{ toYaml .Values.map | sha256sum | trunc 8 }}",
        ]
    );
}

#[test]
fn the_charts_version() {
    assert_eq!(
        chain("  v: {{ printf \"%s-%s\" .Chart.Name .Chart.Version }}"),
        [
            "c-1.0.0",
            "data Chart.yaml:2 c",
            "template all.yaml:5 printf \"%s-%s\" .Chart.Name .Chart.Version",
            "text all.yaml:5 {{ printf \"%s-%s\" .Chart.Name .Chart.Version }}",
            "data Chart.yaml:3 1.0.0",
        ]
    );
}

#[test]
fn every_layer_that_lost_is_named() {
    let found = chain_of("  v: {{ .Values.b }}", "b: base", "b: overlay");
    assert_eq!(
        found,
        [
            "overlay",
            "file overlay.yaml:1 overlay",
            "over chart values.yaml:2 two",
            "over file base.yaml:1 base",
            "over inline kustomization.yaml:7 inline",
            "template all.yaml:5 {{ .Values.b }}",
        ]
    );
}

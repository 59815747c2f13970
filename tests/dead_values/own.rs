//! Charts of our own: each way of reading a value, and each way of missing it.

use source::MemoryWorld;

use super::{Found, fleet, lint};

/// What is dead, and what was meant, of a chart with one template.
fn dead(template: &str, defaults: &str, values: &str) -> Vec<String> {
    let world = MemoryWorld::new()
        .with("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.0\n")
        .with("charts/web/values.yaml", defaults)
        .with("charts/web/templates/web.yaml", map(template));
    dead_of(world, values)
}

fn dead_of(world: MemoryWorld, values: &str) -> Vec<String> {
    let (found, rendered) = lint(&fleet(world, "web", values));
    assert_eq!(rendered, Ok(()));
    let shown = |found: Found| {
        let meant = found.hints.strip_prefix("did you mean `");
        let meant = meant.and_then(|hint| hint.split('`').next()).unwrap_or("");
        format!("{} {}", found.field, meant).trim().to_owned()
    };
    found.into_iter().filter(|found| found.code == "HELM001").map(shown).collect()
}

/// A manifest that holds what a template prints.
fn map(template: &str) -> String {
    let name = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Chart.Name }}\ndata:\n  x: |\n    ";
    format!("{name}{}\n", template.replace('\n', "\n    "))
}

#[test]
fn every_way_of_reading_a_value_is_a_read() {
    let values = "a: {b: {c: 1}}\n";
    for template in [
        "{{ .Values.a.b.c }}",
        "{{ toYaml .Values }}",
        "{{ .Values | toJson | sha256sum }}",
        "{{ toYaml .Values.a }}",
        "{{ printf \"%v\" .Values.a }}",
        "{{ range $k, $v := .Values.a }}{{ $v.c }}{{ end }}",
        "{{ with .Values.a }}{{ with .b }}{{ .c }}{{ end }}{{ end }}",
        "{{ (index .Values \"a\" \"b\").c }}",
        "{{ get (get .Values.a \"b\") \"c\" }}",
        "{{ dig \"b\" \"c\" 0 (deepCopy .Values.a) }}",
        "{{ (first (pluck \"b\" .Values.a)).c }}",
        "{{ hasKey .Values.a.b \"c\" }}",
        "{{ (merge (dict) .Values.a).b.c }}",
        "{{ (mergeOverwrite (deepCopy .Values.a) (dict)) | toYaml }}",
        "{{ .Values.a.b.c | default 2 }}",
        "{{ (default (dict) .Values.a.b).c }}",
        "{{ (omit .Values.a \"x\").b.c }}",
        "{{ tpl \"{{ .Values.a.b.c }}\" . }}",
        "{{ tpl \"{{ .v.b.c }}\" (dict \"v\" .Values.a) }}",
        "{{ define \"t\" }}{{ .ctx.Values.a.b.c }}{{ end }}{{ include \"t\" (dict \"ctx\" $) }}",
        "{{ define \"t\" }}{{ (index . 1).c }}{{ end }}{{ include \"t\" (list 1 .Values.a.b) }}",
        "{{ $x := .Values }}{{ range $k := list \"a\" \"b\" \"c\" }}{{ $x = index $x $k }}{{ end }}{{ $x }}",
        "{{ $x := .Values }}{{ range splitList \".\" \"a.b.c\" }}{{ $x = index $x . }}{{ end }}{{ $x }}",
        "{{ if .Values.off }}{{ .Values.a.b.c }}{{ end }}",
        "{{ if .Values.off }}{{ toYaml .Values.a }}{{ end }}",
        "{{ if .Values.off }}{{ index .Values .Values.name \"b\" \"c\" }}{{ end }}",
        "{{ if .Values.a.b }}{{ end }}",
    ] {
        assert_eq!(dead(template, "", values), [""; 0], "{template}");
    }
}

#[test]
fn what_is_passed_on_is_not_read() {
    for template in [
        "{{ define \"t\" }}{{ .Values.a.x }}{{ end }}{{ include \"t\" . }}",
        "{{ with .Values.a }}{{ .x }}{{ end }}",
        "{{ $d := dict \"v\" .Values }}{{ $d.v.a.x }}",
        "{{ (merge (dict) .Values.a).x }}",
        "{{ kindIs \"map\" .Values.a }}{{ .Values.a.x }}",
        "{{ define \"n\" }}t{{ end }}{{ define \"t\" }}{{ .a.x }}{{ end }}{{ include (include \"n\" .) .Values }}",
    ] {
        assert_eq!(dead(template, "", "a: {b: {c: 1}}\n"), ["a.b"], "{template}");
    }
}

#[test]
fn texts_that_are_templates_read_too() {
    let values = "text: '{{ .Values.mine.name }}'\nmine: {name: x}\nother: 1\n";
    assert_eq!(dead("{{ tpl .Values.text . }}", "", values), ["other"]);
    assert_eq!(
        dead("{{ if .Values.off }}{{ tpl .Values.text . }}{{ end }}", "", values),
        ["other"]
    );
}

#[test]
fn the_key_that_was_meant_is_named() {
    let defaults = "server: {spec: {externalLabels: {}, replicaCount: 1, image: {tag: a}}}\n\
                    persistence: {storageClassName: \"\"}\n\
                    query: {serviceGrpc: {nodePorts: {grpc: 1}}, service: {nodePorts: {http: 1}}}\n";
    let template = "{{ range list 1 }}{{ with $.Values.server.spec }}\
                    {{ .externalLabels }}{{ .replicaCount }}{{ .image.tag }}{{ end }}\
                    {{ $.Values.persistence.storageClassName }}\
                    {{ $.Values.query.serviceGrpc.nodePorts.grpc }}\
                    {{ $.Values.query.service.nodePorts.http }}{{ end }}";
    for (values, meant) in [
        (
            "server: {externalLabels: {a: b}}",
            "server.externalLabels server.spec.externalLabels",
        ),
        (
            "server: {spec: {replica_count: 2}}",
            "server.spec.replica_count server.spec.replicaCount",
        ),
        (
            "server: {spec: {replcaCount: 2}}",
            "server.spec.replcaCount server.spec.replicaCount",
        ),
        ("server: {spec: {spec: {replicaCount: 2}}}", "server.spec.spec server.spec"),
        ("sever: {spec: {replicaCount: 2}}", "sever server"),
        (
            "persistence: {storageClass: nfs}",
            "persistence.storageClass persistence.storageClassName",
        ),
        (
            "query: {service: {nodePorts: {grpc: 3}}}",
            "query.service.nodePorts.grpc query.serviceGrpc.nodePorts.grpc",
        ),
        ("server: {spec: {tag: b}}", "server.spec.tag server.spec.image.tag"),
        ("zebra: 1", "zebra"),
    ] {
        assert_eq!(dead(template, defaults, values), [meant], "{values}");
    }
}

/// A chart with two dependencies: one under an alias, one that is switched off.
fn with_dependencies() -> MemoryWorld {
    let sub = "{{ .Values.own }}{{ .Values.global.shared }}{{ .Values.global.deep.key }}";
    MemoryWorld::new()
        .with(
            "charts/web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.2.0\ndependencies:\n\
             - {name: sub, version: 1.0.0, alias: first, condition: first.enabled}\n\
             - {name: more, version: 1.0.0, condition: more.enabled, tags: [extras]}\n",
        )
        .with("charts/web/values.yaml", "more: {enabled: false}\n")
        .with(
            "charts/web/templates/web.yaml",
            map("{{ .Values.top }}{{ .Values.first.seen }}"),
        )
        .with(
            "charts/web/charts/sub/Chart.yaml",
            "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
        )
        .with("charts/web/charts/sub/templates/s.yaml", map(sub))
        .with(
            "charts/web/charts/more/Chart.yaml",
            "apiVersion: v2\nname: more\nversion: 1.0.0\n",
        )
        .with("charts/web/charts/more/templates/s.yaml", map("{{ .Values.size }}"))
}

#[test]
fn dependencies_aliases_globals_conditions_and_tags_count() {
    let values = "top: 1\n\
                  first: {enabled: true, own: 2, seen: 3, wrong: 4}\n\
                  more: {enabled: false, size: 5, sise: 6}\n\
                  sub: {own: 7}\n\
                  tags: {extras: false, other: true}\n\
                  global: {shared: 8, deep: {key: 9, kye: 10}, lost: 11}\n";
    let found = dead_of(with_dependencies(), values);
    let expected = [
        "first.wrong",
        "more.sise more.size",
        "sub",
        "tags.other",
        "global.deep.kye global.deep.key",
        "global.lost",
    ];
    let keys = |found: &[String]| {
        found
            .iter()
            .map(|f| f.split(' ').next().unwrap_or("").to_owned())
            .collect::<Vec<_>>()
    };
    let expected_keys: Vec<String> = expected.map(str::to_owned).to_vec();
    assert_eq!(keys(&found), keys(&expected_keys), "{found:?}");
    for meant in ["more.sise more.size", "global.deep.kye global.deep.key"] {
        assert!(found.iter().any(|found| found == meant), "{found:?}");
    }
}

#[test]
fn a_value_that_one_cluster_reads_is_read() {
    let base = "helmGlobals: {chartHome: ../../charts}\nhelmCharts:\n- name: web\n  \
                releaseName: web\n  valuesFile: values.yaml\n";
    let overlay = "resources: [../../../base/web]\n";
    let template = "{{ if semverCompare \">=1.30-0\" .Capabilities.KubeVersion.Version }}\
                    {{ .Values.size }}{{ end }}";
    let world = |versions: [&str; 2]| {
        let [a, b] = versions;
        MemoryWorld::new()
            .with(
                "thanos-gitops.yaml",
                format!(
                    "clusters:\n  a: {{kubernetesVersion: {a}}}\n  b: {{kubernetesVersion: {b}}}\n"
                ),
            )
            .with("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.0\n")
            .with("charts/web/templates/web.yaml", map(template))
            .with("base/web/kustomization.yaml", base)
            .with("base/web/values.yaml", "size: 1\n")
            .with("overlays/a/web/kustomization.yaml", overlay)
            .with("overlays/b/web/kustomization.yaml", overlay)
    };
    let inactive = |versions| {
        let (found, rendered) = lint(&world(versions));
        assert_eq!(rendered, Ok(()));
        found.iter().filter(|found| found.code == "HELM007").count()
    };
    assert_eq!(inactive(["1.29.0", "1.31.0"]), 0);
    assert_eq!(inactive(["1.29.0", "1.28.0"]), 1);
}

#[test]
fn a_schema_and_anchors_know_values_too() {
    let world = MemoryWorld::new()
        .with("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.0\n")
        .with(
            "charts/web/values.schema.json",
            "{\"properties\": {\"a\": {\"properties\": {\"b\": {\"type\": \"integer\"}}}}}",
        )
        .with("charts/web/templates/web.yaml", map("{{ .Values.x }}{{ .Values.y }}"));
    let values = "a: {b: 1, c: 2}\ncommon: &c {k: v}\nx: *c\n";
    assert_eq!(dead_of(world, values), ["a.c"]);
}

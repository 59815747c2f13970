//! What a value can do other than hold: each with a chart of our own, by its lint and level.

use source::{MemoryWorld, Severity};

use super::{Found, lint};

const NAME: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Chart.Name }}\ndata:\n";

/// A fleet whose chart `web` has these defaults and this line of data.
fn world(defaults: &str, line: &str) -> MemoryWorld {
    MemoryWorld::new()
        .with("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.0\n")
        .with("charts/web/values.yaml", defaults)
        .with("charts/web/templates/web.yaml", format!("{NAME}  x: {line}\n"))
}

/// Gives the chart values in each way that there is: a base's file, an overlay's file, and
/// what is written into the kustomization.
fn layered(world: MemoryWorld, base: &str, overlay: &str, inline: &str) -> MemoryWorld {
    let mut list = "helmGlobals: {chartHome: ../../../charts}\nhelmCharts:\n- name: web\n  \
                    releaseName: web\n  valuesFile: base.yaml\n  additionalValuesFiles: [more.yaml]\n"
        .to_owned();
    if !inline.is_empty() {
        list.push_str(&format!("  valuesInline: {inline}\n"));
    }
    world
        .with("overlays/c/x/kustomization.yaml", list)
        .with("overlays/c/x/base.yaml", base)
        .with("overlays/c/x/more.yaml", overlay)
}

/// `CODE level file:line field` of each finding, in the order of the report.
fn shown(world: &MemoryWorld) -> Vec<String> {
    let (found, rendered) = lint(world);
    assert_eq!(rendered, Ok(()));
    found.iter().map(line).collect()
}

fn line(found: &Found) -> String {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let file = found.file.rsplit('/').next().unwrap_or("");
    format!("{} {level} {file}:{} {}", found.code, found.line, found.field)
}

#[test]
fn a_key_that_nothing_mentions_is_an_error_that_names_the_nearest() {
    let world = world("server: {replicas: 1}\n", "{{ .Values.server.replicas | quote }}");
    let world = layered(world, "server:\n  replcas: 2\n", "", "");
    let (found, _) = lint(&world);
    assert_eq!(shown(&world), ["HELM001 error base.yaml:2 server.replcas"]);
    assert_eq!(found[0].message, "no template of web 1.2.0 reads `server.replcas`");
    assert_eq!(found[0].hints, "did you mean `server.replicas`?");
}

#[test]
fn a_key_whose_feature_is_off_is_an_info() {
    let line = "{{ if .Values.feature.enabled }}{{ .Values.feature.size }}{{ end }}";
    let world = world("feature: {enabled: false, size: 1}\n", line);
    let off = layered(world.clone(), "feature:\n  size: 2\n", "", "");
    assert_eq!(shown(&off), ["HELM007 info base.yaml:2 feature.size"]);
    let on = layered(world, "feature:\n  size: 2\n", "feature: {enabled: true}\n", "");
    assert_eq!(shown(&on), [""; 0]);
}

#[test]
fn a_key_that_only_the_defaults_have_is_an_info_with_its_list() {
    let world = world("old: [{name: a}]\nsize: 1\n", "{{ .Values.size | quote }}");
    let world = layered(world, "old:\n- name: b\n  more: c\n", "", "");
    assert_eq!(shown(&world), ["HELM007 info base.yaml:1 old"]);
}

#[test]
fn a_value_that_repeats_what_it_overrides_is_an_info() {
    let world = world("a: 1\nb: {c: x}\n", "{{ .Values.a }}{{ .Values.b.c }}");
    // The chart's default, the file below, the text in the kustomization: each over the last.
    let world = layered(world, "a: 1\nb: {c: y}\n", "b:\n  c: y\n", "{a: 2}");
    assert_eq!(
        shown(&world),
        ["HELM008 info base.yaml:1 a", "HELM008 info more.yaml:1 b"]
    );
}

#[test]
fn a_list_that_drops_items_of_a_longer_one_is_a_warning() {
    let world = world("args: [a, b, c, d]\n", "{{ toJson .Values.args | quote }}");
    // A chart's own list is not what somebody wrote.
    let alone = layered(world.clone(), "args: [x]\n", "", "");
    assert_eq!(shown(&alone), [""; 0]);
    let both = layered(world.clone(), "args: [x, y]\n", "args: [z]\n", "");
    assert_eq!(shown(&both), ["HELM006 warning more.yaml:1 args"]);
    let inline = layered(world.clone(), "args: [x, y]\n", "", "{args: [x]}");
    assert_eq!(shown(&inline), ["HELM006 warning kustomization.yaml:7 args"]);
    // Longer, or empty on purpose.
    let longer = layered(world.clone(), "args: [x, y]\n", "args: [z, u, v]\n", "");
    assert_eq!(shown(&longer), [""; 0]);
    let empty = layered(world, "args: [x, y]\n", "args: []\n", "");
    assert_eq!(shown(&empty), [""; 0]);
}

#[test]
fn a_null_that_deletes_nothing_is_an_info() {
    let line = "{{ toJson .Values.limits | quote }}";
    let world = world("limits: {cpu: 1}\n", line);
    let world = layered(world, "limits:\n  cpu: null\n  memory: null\n", "", "");
    assert_eq!(shown(&world), ["HELM008 info base.yaml:3 limits.memory"]);
}

#[test]
fn a_null_that_deletes_what_was_imported_or_shared_is_none() {
    let world = MemoryWorld::new()
        .with(
            "charts/web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.2.0\ndependencies:\n- name: sub\n  version: 1.0.0\n  \
             import-values: [data, {child: own, parent: imported.own}]\n",
        )
        .with("charts/web/templates/web.yaml", format!("{NAME}  x: {{{{ .Values.top }}}}{{{{ toJson .Values.imported | quote }}}}\n"))
        .with("charts/web/charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 1.0.0\n")
        .with(
            "charts/web/charts/sub/values.yaml",
            "exports: {data: {top: 1}}\nown: {deep: 2}\nglobal: {zone: a}\n",
        )
        .with("charts/web/charts/sub/templates/sub.yaml", format!("{NAME}  y: {{{{ .Values.global.zone }}}}\n"));
    let values = "top: null\nimported: {own: {deep: null}}\nglobal: {zone: null}\n";
    assert_eq!(shown(&layered(world.clone(), values, "", "")), [""; 0]);
    // What is given to the dependency stays there: its parent imports its defaults.
    let values = "sub:\n  exports: {data: {top: 2}}\ntop: 3\n";
    let found = shown(&layered(world, values, "", ""));
    assert_eq!(found, ["HELM007 info base.yaml:2 sub.exports"]);
}

#[test]
fn a_value_of_another_kind_than_the_default_is_a_warning() {
    let line = "{{ .Values.flag }}{{ .Values.args }}{{ .Values.port }}{{ .Values.map }}";
    let world =
        world("flag: true\nargs: [a]\nport: 80\nmap: {a: 1}\n", &format!("{line:?}"));
    let values = "flag: \"false\"\nargs: 5\nport: {a: 1}\nmap: [a]\n";
    let mut found = shown(&layered(world.clone(), values, "", ""));
    found.retain(|found| found.starts_with("HELM004"));
    assert_eq!(
        found,
        [
            "HELM004 warning base.yaml:1 flag",
            "HELM004 warning base.yaml:2 args",
            "HELM004 warning base.yaml:3 port",
            "HELM004 warning base.yaml:4 map",
        ]
    );
    let fine = "flag: false\nargs: [b, c]\nport: \"8080\"\nmap: {b: 1}\n";
    assert_eq!(shown(&layered(world, fine, "", "")), [""; 0]);
}

#[test]
fn values_of_a_schema_and_of_a_library_chart_are_known() {
    let world = MemoryWorld::new()
        .with(
            "charts/web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.2.0\ndependencies:\n- {name: lib, version: 1.0.0}\n",
        )
        .with("charts/web/values.schema.json", "{\"properties\": {\"checked\": {\"type\": \"string\"}}}")
        .with("charts/web/templates/web.yaml", format!("{NAME}  x: {{{{ include \"lib.x\" . }}}}\n  y: {{{{ include \"lib.y\" .Values }}}}\n"))
        .with("charts/web/charts/lib/Chart.yaml", "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n")
        .with("charts/web/charts/lib/values.yaml", "size: 1\n")
        .with(
            "charts/web/charts/lib/templates/_lib.tpl",
            "{{ define \"lib.x\" }}{{ .Values.size }}{{ .Values.lib.size }}{{ end }}\
             {{ define \"lib.y\" }}{{ .whole.seen }}{{ end }}",
        );
    let values = "checked: x\nsize: 2\nlib: {size: 2}\nwhole:\n  seen: 1\n  unseen: 2\n";
    let found = shown(&layered(world, values, "", ""));
    assert_eq!(
        found,
        ["HELM007 info base.yaml:1 checked", "HELM001 error base.yaml:6 whole.unseen"]
    );
}

#[test]
fn what_a_dependency_that_is_not_there_reads_is_not_known() {
    let world = world("size: 1\n", "{{ .Values.size | quote }}").with(
        "charts/web/Chart.yaml",
        "apiVersion: v2\nname: web\nversion: 1.2.0\ndependencies:\n\
         - {name: db, version: 1.0.0}\n- {name: db, version: 1.0.0, alias: cache}\n",
    );
    let values = "size: 2\ndb: {a: 1}\ncache: {b: 2}\nqueue: {c: 3}\n";
    let (found, rendered) = lint(&layered(world, values, "", ""));
    assert!(rendered.is_err());
    let dead: Vec<&str> = found.iter().map(|found| found.field.as_str()).collect();
    assert_eq!(dead, ["queue"]);
}

#[test]
fn layers_of_bases_and_overlays_are_each_judged_where_they_are_written() {
    let base = "helmGlobals: {chartHome: ../../charts}\nhelmCharts:\n- name: web\n  \
                releaseName: web\n  valuesFile: values.yaml\n";
    let overlay = |values: &str| {
        format!(
            "helmGlobals: {{chartHome: ../../../charts}}\nhelmCharts:\n- name: web\n  releaseName: web\n  \
             valuesFile: values.yaml\n  valuesInline:\n    {values}\n"
        )
    };
    let world = world("size: 1\nname: x\n", "{{ .Values.size }}{{ .Values.name }}")
        .with("base/web/kustomization.yaml", base)
        .with("base/web/values.yaml", "sise: 2\n")
        .with("overlays/a/web/kustomization.yaml", "resources: [../../../base/web]\n")
        .with("overlays/b/web/kustomization.yaml", "resources: [../../../base/web]\n")
        .with("overlays/c/web/values.yaml", "size: 3\n")
        .with("overlays/c/web/kustomization.yaml", overlay("nmae: y"));
    let (found, rendered) = lint(&world);
    assert_eq!(rendered, Ok(()));
    let found: Vec<String> =
        found.iter().map(|f| format!("{} {}:{}", f.code, f.file, f.line)).collect();
    // Once for the base, whatever number of clusters use it.
    assert_eq!(
        found,
        ["HELM001 base/web/values.yaml:1", "HELM001 overlays/c/web/kustomization.yaml:7"]
    );
}

#[test]
fn the_nearest_key_is_found_wherever_it_is() {
    let world = MemoryWorld::new()
        .with(
            "charts/web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.2.0\ndependencies:\n\
             - {name: metrics, version: 1.0.0, alias: exporter}\n",
        )
        .with("charts/web/values.yaml", "server: {spec: {externalLabels: {}, logLevel: info}}\n")
        .with("charts/web/templates/web.yaml", format!("{NAME}  x: {{{{ with .Values.server.spec }}}}{{{{ toJson .externalLabels | quote }}}}{{{{ .logLevel }}}}{{{{ end }}}}\n"))
        .with("charts/web/charts/metrics/Chart.yaml", "apiVersion: v2\nname: metrics\nversion: 1.0.0\n")
        .with("charts/web/charts/metrics/values.yaml", "scrapeTimeout: 10s\n")
        .with("charts/web/charts/metrics/templates/m.yaml", format!("{NAME}  z: {{{{ .Values.scrapeTimeout }}}}\n"));
    for (values, meant) in [
        // A level that is missing, one too many, another writing, another letter.
        ("server: {externalLabels: {a: b}}\n", "server.spec.externalLabels"),
        ("server: {spec: {more: {logLevel: debug}}}\n", "server.spec.logLevel"),
        ("server: {spec: {log_level: debug}}\n", "server.spec.logLevel"),
        ("server: {spec: {loglevle: debug}}\n", "server.spec.logLevel"),
        // A dependency without its name in front, by its name instead of its alias.
        ("scrapeTimeout: 20s\n", "exporter.scrapeTimeout"),
        ("metrics: {scrapeTimeout: 20s}\n", "exporter"),
        // The other chart's.
        ("exporter: {server: {spec: {logLevel: debug}}}\n", "server"),
    ] {
        let (found, _) = lint(&layered(world.clone(), values, "", ""));
        assert_eq!(found.len(), 1, "{values}: {found:#?}");
        let hint = found[0].hints.split('`').nth(1).unwrap_or("");
        assert_eq!(hint, meant, "{values}: {found:#?}");
    }
}

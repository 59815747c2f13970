//! Charts, cold and warm, with this program and with the real `helm`.
//!
//! `cargo bench --bench helm` measures kube-prometheus-stack 78.2.1 with the values `central`:
//! cold is a whole process (load, parse, render, print), warm a call of the library with a chart
//! that was parsed before. `THANOS_GITOPS_CHARTS` names the folder that holds
//! `kube-prometheus-stack-78.2.1/`, `THANOS_GITOPS_VALUES` the one that holds
//! `kube-prometheus-stack/central.yaml`; without the first these are left out. Generated charts
//! of 10 to 200 subcharts are always measured. The real `helm` is found through `HELM`, else on
//! `PATH`. `RUNS` sets how often each is measured (default 9).

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod measure;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use helm::{Capabilities, Compat, Options, Ownership, Release, Renderer, Selection};
use source::{DiskWorld, SourceMap, SystemAmbient, VPath};

use measure::{Sample, Samples, measure, runs, tool, variable, write};

/// The program's own, so that the warm figure is what the program takes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const STACK: &str = "kube-prometheus-stack-78.2.1";

fn main() {
    measure::meter();
    let helm = tool("HELM", "helm");
    let helm = helm.as_deref();
    stack(helm);
    let folder = measure::scratch();
    println!("\ngenerated charts, cold; three templates a subchart");
    for count in [10, 50, 100, 200] {
        subcharts(&folder.join(count.to_string()), count, helm);
    }
    measure::remove(&folder);
}

fn stack(helm: Option<&Path>) {
    let Some(charts) = variable("THANOS_GITOPS_CHARTS") else {
        println!("{STACK}: skipped; THANOS_GITOPS_CHARTS names no folder of charts");
        return;
    };
    let charts = PathBuf::from(charts);
    let values = variable("THANOS_GITOPS_VALUES")
        .map(|folder| PathBuf::from(folder).join("kube-prometheus-stack/central.yaml"));
    for crds in [true, false] {
        println!("\n{STACK}, {}", if crds { "with CRDs" } else { "without CRDs" });
        let mut args = vec!["template", "kps", STACK, "-n", "monitoring"];
        let path = values.as_ref().map(|path| path.display().to_string());
        args.extend(path.iter().flat_map(|path| ["-f", path]));
        args.extend(crds.then_some("--include-crds"));
        let program = env!("CARGO_BIN_EXE_thanos-gitops");
        let ours = || measure(&charts, program, &args);
        match helm {
            None => {
                Samples::of(runs(9), ours).print("thanos-gitops template, cold", None)
            }
            Some(helm) => {
                let theirs = || measure(&charts, helm, &args);
                let (ours, theirs) = in_turn(runs(9), ours, theirs);
                ours.print("thanos-gitops template, cold", None);
                theirs.print("helm template, cold", Some(&ours));
            }
        }
    }
    // Last: what this process has used since, the ones above would have to do without.
    // As the program does it: templates may nest deeper than a thread's usual stack.
    helm::with_stack(|| {
        for crds in [true, false] {
            warm(&charts, values.as_deref(), crds);
        }
    });
}

/// Measures two things in turn, so that a machine whose speed changes changes both.
fn in_turn(
    runs: usize,
    mut one: impl FnMut() -> Sample,
    mut other: impl FnMut() -> Sample,
) -> (Samples, Samples) {
    if runs > 1 {
        one();
        other();
    }
    let (ones, others) = (0..runs).map(|_| (one(), other())).unzip();
    (Samples(ones), Samples(others))
}

/// A call of the library; the templates are parsed, nothing of the render is remembered.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark looks at files and the clock itself"
)]
fn warm(charts: &Path, values: Option<&Path>, crds: bool) {
    let world = DiskWorld::new(charts, charts).expect("a folder of charts");
    let sources = SourceMap::new();
    let path = VPath::new(STACK).expect("a path");
    let chart = Renderer::new().charts.load(&world, &path, &sources, Ownership::Vendored);
    let chart = chart.expect("the chart loads");
    let mut layers = Options::default();
    if let Some(path) = values {
        #[expect(clippy::disallowed_methods, reason = "a benchmark reads its own input")]
        let text = std::fs::read_to_string(path).expect("the values");
        let file = sources.add(path.display().to_string(), text);
        layers.layers.push(helm::ValuesLayer::File(file));
    }
    let options = helm::RenderOptions {
        release: Release {
            name: "kps".into(),
            namespace: "monitoring".into(),
            is_upgrade: false,
        },
        named_at: helm::NamedAt::default(),
        capabilities: Arc::new(Capabilities::default_for(Compat::Helm4)),
        compat: Compat::Helm4,
        skip_schema_validation: false,
        ambient: Arc::new(SystemAmbient),
        seed: None,
    };
    let selection = Selection { include_crds: crds, ..Selection::default() };
    let mut bytes = 0;
    let samples = Samples::of(runs(9) * 3, || {
        let start = Instant::now();
        let renderer = Renderer::new();
        let manifests = renderer.render(&chart, &layers, &options, &sources);
        let text =
            manifests.expect("it renders").to_stdout(&selection).expect("it prints");
        bytes = text.len();
        let wall = start.elapsed();
        Sample { wall, cpu: wall, peak: 0 }
    });
    let wall = samples.median().wall.as_secs_f64() * 1000.0;
    let with = if crds { "with" } else { "without" };
    println!("\n{STACK}, {with} CRDs");
    println!("  {:<28} wall {wall:>9.1} ms  {bytes} bytes", "library call, warm");
}

/// A chart of `count` subcharts, three templates each.
fn subcharts(folder: &Path, count: usize, helm: Option<&Path>) {
    let mut chart =
        "apiVersion: v2\nname: many\nversion: 1.0.0\ndependencies:\n".to_owned();
    let mut values = "global: {team: platform}\n".to_owned();
    for at in 0..count {
        let name = format!("part-{at}");
        chart.push_str(&format!(
            "- name: {name}\n  version: 1.0.0\n  condition: {name}.enabled\n"
        ));
        values.push_str(&format!("{name}:\n  enabled: true\n  replicas: {at}\n"));
        let path = format!("many/charts/{name}");
        let about = format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n");
        write(folder, &format!("{path}/Chart.yaml"), &about);
        write(folder, &format!("{path}/values.yaml"), PART_VALUES);
        let helpers = HELPERS.replace("PART", &name);
        write(folder, &format!("{path}/templates/_helpers.tpl"), &helpers);
        for (file, text) in
            [("deployment", DEPLOYMENT), ("service", SERVICE), ("config", CONFIG)]
        {
            let text = text.replace("PART", &name);
            write(folder, &format!("{path}/templates/{file}.yaml"), &text);
        }
    }
    write(folder, "many/Chart.yaml", &chart);
    write(folder, "many/values.yaml", &values);
    let args = ["template", "r", "many"];
    let program = env!("CARGO_BIN_EXE_thanos-gitops");
    let ours = || measure(folder, program, &args);
    let [mine, yours] = ["ours", "helm"].map(|who| format!("{who}, {count} subcharts"));
    match helm {
        None => Samples::of(runs(9), ours).print(&mine, None),
        Some(helm) => {
            let theirs = || measure(folder, helm, &args);
            let (ours, theirs) = in_turn(runs(9), ours, theirs);
            ours.print(&mine, None);
            theirs.print(&yours, Some(&ours));
        }
    }
}

const PART_VALUES: &str = "\
replicas: 1
image: {repository: registry.example.com/part, tag: v1}
ports:
- {name: http, port: 80}
- {name: metrics, port: 9090}
resources:
  limits: {cpu: 100m, memory: 128Mi}
annotations: {}
";

const HELPERS: &str = r#"{{- define "PART.fullname" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- define "PART.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
team: {{ .Values.global.team }}
{{- end -}}
"#;

const DEPLOYMENT: &str = r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "PART.fullname" . }}
  labels:
    {{- include "PART.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels:
      {{- include "PART.labels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "PART.labels" . | nindent 8 }}
    spec:
      containers:
      - name: {{ .Chart.Name }}
        image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.Version }}"
        ports:
        {{- range .Values.ports }}
        - name: {{ .name }}
          containerPort: {{ .port }}
        {{- end }}
        resources:
          {{- toYaml .Values.resources | nindent 10 }}
"#;

const SERVICE: &str = r#"apiVersion: v1
kind: Service
metadata:
  name: {{ include "PART.fullname" . }}
  labels:
    {{- include "PART.labels" . | nindent 4 }}
spec:
  ports:
    {{- toYaml .Values.ports | nindent 4 }}
"#;

const CONFIG: &str = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "PART.fullname" . }}
  {{- with .Values.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
data:
  values.yaml: |
    {{- tpl (toYaml .Values) . | nindent 4 }}
"#;

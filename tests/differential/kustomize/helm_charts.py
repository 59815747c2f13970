#!/usr/bin/env python3
"""Builds kustomizations with random `helmCharts` with both programs and compares what they print.

    helm_charts.py --kustomize PATH --helm PATH --ours PATH [--seed N] [--count N]

A chart with a subchart, CRDs, a hook, a test and values of every kind; every field of `helmCharts`,
the flags of the command line, nested kustomizations with namespaces, the generator as a plugin.
"""
import argparse, pathlib, random, subprocess, sys, tempfile

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.2.3\nappVersion: '9'\ndependencies:\n- name: sub\n  version: 0.1.0\n  condition: sub.enabled\n",
    "templates/all.yaml": """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-all
data:
  values: |
    {{- omit .Values "sub" | toYaml | nindent 4 }}
  ns: {{ .Release.Namespace | quote }}
  version: {{ .Capabilities.KubeVersion.Version | quote }}
  has: {{ .Capabilities.APIVersions.Has "monitoring.coreos.com/v1" | quote }}
  service: {{ .Release.Service }}
  revision: "{{ .Release.Revision }}"
""",
    "templates/sa.yaml": """{{- if .Values.account }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ .Release.Name }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: x}
subjects:
- kind: ServiceAccount
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
{{- end }}
""",
    "templates/deploy.yaml": """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels: {chart: "{{ .Chart.Name }}-{{ .Chart.Version }}"}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      serviceAccountName: {{ .Release.Name }}
      containers:
      - name: c
        image: "{{ .Values.image.name }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
        args: {{ .Values.args | toJson }}
""",
    "templates/hook.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {{ .Release.Name }}-hook\n  annotations: {helm.sh/hook: pre-install}\n",
    "templates/tests/t.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-test\n  annotations:\n    helm.sh/hook: test\n",
    "crds/c.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: foos.example.com\nspec:\n  group: example.com\n",
    "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
    "charts/sub/values.yaml": "a: 1\nb: {c: x, d: [1, 2]}\n",
    "charts/sub/templates/s.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: sub\ndata:\n  v: |\n    {{- .Values | toYaml | nindent 4 }}\n",
}
VALUES = [
    "replicas: 2\naccount: true\nimage:\n  name: nginx # the name\n  tag: '1.0'\nargs: [a, b]\nextra: {x: 1e6, y: 0x10, z: 12345678901234567890, n: null, t: '', s: \"yes\", o: 0o17}\nsub:\n  enabled: true\n  b: {c: y}\n",
    "replicas: 1\naccount: false\nimage: {name: nginx, tag: null}\nargs:\nanchors: &a {p: 1}\nuse: *a\nbig: 100000000\nfloat: 1.50\nflag: no\n",
    "",
    "# nothing\n",
    "image: {}\n",
    "{}\n",
]
INLINE = [
    "{image: {tag: v2}}", "{image: {tag: null}}", "{args: [c]}", "{replicas: 5, account: true}", "{sub: {enabled: false}}",
    "{sub: {a: null, b: {d: []}}}", "{extra: {x: null, new: {k: [1, {z: 1}]}}}", "{}", "{image: null}", "{args: null}",
    "{extra: 5}", "{flag: 'no', date: 2020-01-01, big: 12345678, f: 1.0}", "{account: 'false'}", "{replicas: 1e3}", "{multi: \"a\\nb\"}",
    "{list: [{name: a, v: 1}, {name: b}]}",
]
FILES = ["image: {tag: file}\n", "image: {tag: \"2\"}\ndate: 2021-02-03\n", "replicas: 9\nsub:\n  b:\n", "extra:\n  n: 5\n", "args: [f]\n", "# c\n", "", "- a\n", "args: [f]\nlist: [{name: a, w: 2}]\n"]


def chart_entry(r, inline_only=False):
    e = []
    put = lambda k, v: e.append(f"{k}: {v}")
    put("name", r.choice(["app"] * 60 + ["nosuch", "App"]))
    if r.random() < .9: put("releaseName", r.choice(["rel", "my-release", "Upper", "x" * 54, "a.b"] if r.random() < .06 else ["rel"]))
    elif r.random() < .8: put("nameTemplate", r.choice(["named", "n-{{ \"x\" | upper | lower }}", "{{ randAlpha 0 }}z", "{{ .Release }}", "{{", "n-{{ printf \"%d\" 3 }}"]))
    if r.random() < .03: put("nameTemplate", r.choice(["tmpl", "t-{{ add 1 2 }}", "Bad_Name"]))
    if r.random() < .3: put("version", r.choice(["1.2.3", "9.9.9", "'1'"]))
    if r.random() < .4: put("namespace", r.choice(["ns1", "ns2", "''", "Bad_NS"] if r.random() < .2 else ["ns1"]))
    if r.random() < .4: put("valuesFile", r.choice(["v.yaml"] * 12 + ["charts/app/values.yaml", "missing.yaml", "../out.yaml"]))
    if r.random() < .6: put("valuesInline", r.choice(INLINE))
    if r.random() < .4: put("valuesMerge", r.choice(["merge", "override", "replace", "merge", "replace"] * 5 + ["''", "bogus"]))
    if r.random() < .3: put("additionalValuesFiles", r.choice(["[w.yaml]", "[w.yaml, v.yaml]", "[w.yaml]", "[w.yaml]", "[]", "[missing.yaml]"]))
    if r.random() < .3: put("includeCRDs", r.choice(["true", "false"]))
    if r.random() < .3: put("skipHooks", r.choice(["true", "false"]))
    if r.random() < .3: put("skipTests", r.choice(["true", "false"]))
    if r.random() < .2: put("apiVersions", r.choice(["[monitoring.coreos.com/v1]", "[a/v1, b/v2]"]))
    if r.random() < .2: put("kubeVersion", r.choice(["1.27.3", "v1.20", "'1.19'", "1.27.3", "bogus"]))
    if r.random() < .1: put("debug", "true")
    if r.random() < .1: put("devel", "true")
    return e


def item(lines):
    return "".join(("- " if i == 0 else "  ") + line + "\n" for i, line in enumerate(lines))


def tree(r):
    files = {}
    home = r.choice(["charts"] * 5 + ["my/home"])
    base = r.choice(["base/", "base/", ""])
    for name, text in CHART.items():
        files[f"{base}{home}/app/{name}"] = text
    if r.random() < .96:
        files[f"{base}{home}/app/values.yaml"] = r.choice(VALUES[:1] * 6 + VALUES[:2] * 5 + VALUES)
    files[f"{base}v.yaml"] = r.choice(FILES)
    files[f"{base}w.yaml"] = r.choice(FILES)
    files["out.yaml"] = "replicas: 3\n"
    k = ""
    if home != "charts" or r.random() < .1:
        k += f"helmGlobals:\n  chartHome: {home if r.random() < .9 else './' + home + '/'}\n"
    kind = r.random()
    entries = [chart_entry(r) for _ in range(1 if r.random() < .75 else 2)]
    if kind < .72:
        k += "helmCharts:\n" + "".join(item(e) for e in entries)
    elif kind < .82:
        k += "helmChartInflationGenerator:\n- chartName: app\n  releaseName: old\n" + "".join("  " + x + "\n" for x in
            r.sample(["values: v.yaml", "releaseNamespace: oldns", "chartHome: " + home, "chartVersion: 1.2.3", "extraArgs: [--no-hooks]", "helmBin: helm"], r.randint(0, 3)))
    else:
        k += "generators:\n- gen.yaml\n"
        g = "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata:\n  name: g\n" + "".join(x + "\n" for x in entries[0])
        if home != "charts": g += f"chartHome: {home}\n"
        files[f"{base}gen.yaml"] = g
    extra = ["namespace: kns\n", "namePrefix: p-\n", "commonLabels: {l: v}\n", "images:\n- name: nginx\n  newTag: zz\n", "replicas:\n- name: rel\n  count: 7\n",
             "patches:\n- target: {kind: Deployment}\n  patch: |-\n    - op: add\n      path: /metadata/annotations\n      value: {p: q}\n",
             "commonAnnotations: {an: no}\n", "buildMetadata: [originAnnotations, transformerAnnotations]\n", "nameSuffix: -s\n",
             "replacements:\n- source: {kind: ConfigMap, name: rel-all, fieldPath: data.ns}\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: [metadata.labels.chart]\n",
             "sortOptions: {order: fifo}\n"]
    for x in r.sample(extra, r.choice([0, 0, 1, 1, 2, 3])):
        k += x
    files[f"{base}kustomization.yaml"] = k
    if base:
        t = "resources: [base]\n" + "".join(r.sample(extra[:4] + extra[6:9], r.choice([0, 1, 1, 2])))
        files["kustomization.yaml"] = t

    flags = []
    if r.random() < .15: flags += ["--helm-kube-version", r.choice(["1.25.0", "v1.26"])]
    if r.random() < .15: flags += ["--helm-api-versions", "monitoring.coreos.com/v1"]
    if r.random() < .1: flags += ["--helm-debug"]
    return files, flags


def run(program, cwd):
    p = subprocess.run(program, cwd=cwd, capture_output=True)
    return p.returncode != 0, p.stdout.decode("utf-8", "replace"), p.stderr.decode("utf-8", "replace")


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("kustomize", "helm", "ours"):
        a.add_argument("--" + name, required=True)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--count", type=int, default=300)
    a = a.parse_args()
    same = refused = 0
    bad = []
    for seed in range(a.seed, a.seed + a.count):
        files, flags = tree(random.Random(seed))
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            ours = run([a.ours, "render", "--enable-helm", *flags, "."], folder)
            theirs = run([a.kustomize, "build", "--enable-helm", "--helm-command", a.helm, *flags, "."], folder)
        if ours[0] and theirs[0]: refused += 1
        elif ours[:2] == theirs[:2]: same += 1
        else:
            bad.append(seed)
            print(f"==== seed {seed} {' '.join(flags)}")
            for name, text in files.items():
                if "/app/" not in name or name.endswith("app/values.yaml"): print(f"-- {name}\n{text}")
            if ours[0] or theirs[0]:
                print("ours:", ours[2][:600], "\ntheirs:", theirs[2][:600])
            else:
                import difflib
                print("\n".join(difflib.unified_diff(theirs[1].splitlines(), ours[1].splitlines(), "theirs", "ours", lineterm="")))
            sys.stdout.flush()
    print(f"{a.count} trees: {same} the same, {refused} refused by both, {len(bad)} differ {bad}")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())

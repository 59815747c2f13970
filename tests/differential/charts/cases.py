"""The cases of small.py: what each is called, its files, and its command line."""
import base64
import gzip
import io
import os
import tarfile

CHART = "apiVersion: v2\nname: app\nversion: 1.2.3\n"
CM = """apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
data:
  v: {text}
"""
SHOW = CM.format(name="show", text="{{ .Values | toJson | quote }}")
SUB = "apiVersion: v2\nname: sub\nversion: 0.1.0\n"


def cm(text, name="a"):
    return CM.format(name=name, text=text)


def doc(kind, name="x", more=""):
    return f"apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n{more}"


def hook(event, weight=None, kind="Job", name="h"):
    more = f"  annotations:\n    \"helm.sh/hook\": {event}\n"
    if weight is not None:
        more += f"    \"helm.sh/hook-weight\": {weight}\n"
    return doc(kind, name, more)


def chart(files, base=CHART, at="app"):
    """A chart in a folder; Chart.yaml is there unless the files have one."""
    tree = {f"{at}/{path}": text for path, text in files.items()}
    if base is not None:
        tree.setdefault(f"{at}/Chart.yaml", base)
    return tree


def tgz(files, top="sub"):
    """A chart as an archive."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w") as tar:
            for path, text in files.items():
                data = text if isinstance(text, bytes) else text.encode()
                info = tarfile.TarInfo(f"{top}/{path}" if top else path)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def write(folder, tree):
    for path, text in tree.items():
        at = os.path.join(folder, path)
        os.makedirs(os.path.dirname(at), exist_ok=True)
        if isinstance(text, tuple):
            os.symlink(text[1], at)
            continue
        with open(at, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())


def deps(*lines, base=CHART):
    return base + "dependencies:\n" + "".join(lines)


def dep(name="sub", version="0.1.0", **more):
    text = f"- name: {name}\n  version: {version}\n  repository: \"\"\n"
    for key, value in more.items():
        text += f"  {key.replace('_', '-')}: {value}\n"
    return text


R = ["r", "app"]


def names():
    tree = chart({"templates/a.yaml": cm("{{ .Release.Name }}")})
    for label, args in {
        "none": ["app"], "given": R, "three": ["r", "app", "x"], "four": ["r", "app", "x", "y"],
        "generated": ["app", "--generate-name"], "generated and given": ["r", "app", "-g"],
        "template": ["app", "--name-template", "{{ \"A B\" | kebabcase }}"],
        "template plain": ["app", "--name-template", "plain"],
        "template and given": ["r", "app", "--name-template", "x"],
        "template broken": ["app", "--name-template", "{{ x }}"],
        "template unclosed": ["app", "--name-template", "{{ 1"],
        "template fails": ["app", "--name-template", "{{ fail \"no\" }}"],
        "template helm function": ["app", "--name-template", "{{ toYaml 1 }}"],
        "template empty": ["app", "--name-template", "{{ \"\" }}"],
        "template and generated": ["app", "-g", "--name-template", "y"],
       
        "upper": ["Bad", "app"], "underscore": ["a_b", "app"], "long": ["a" * 54, "app"],
        "53": ["a" * 53, "app"], "dots": ["a.b", "app"], "dash first": ["--", "-a", "app"],
        "dot end": ["a.", "app"], "empty": ["", "app"], "digit": ["1", "app"],
        "missing chart": ["r", "./nope"], "missing absolute": ["r", "/nope/x"],
        "slash": ["r", "./app/"], "dot slash": ["r", "./app"], "generate ./": ["./app/", "-g"],
        "namespace": R + ["-n", "Some_NS"], "namespace long": R + ["--namespace=x"],
    }.items():
        yield f"name/{label}", tree, args
    yield "name/generate tgz", {"app-1.2.tgz": tgz({"Chart.yaml": CHART, "templates/a.yaml": cm("{{ .Release.Name }}")}, "app")}, ["app-1.2.tgz", "-g"]


def metadata():
    show = {"templates/a.yaml": cm("{{ toJson .Chart | quote }}")}
    variants = {
        "plain": CHART, "no name": "apiVersion: v2\nversion: 1.2.3\n",
        "no version": "apiVersion: v2\nname: app\n", "version short": "apiVersion: v2\nname: app\nversion: 1\n",
        "version v": "apiVersion: v2\nname: app\nversion: v1.2.3\n",
        "version two": "apiVersion: v2\nname: app\nversion: \"1.2\"\n",
        "version meta": "apiVersion: v2\nname: app\nversion: 1.2.3-rc.1+meta\n",
        "version bad": "apiVersion: v2\nname: app\nversion: x.y\n",
        "version leading zero": "apiVersion: v2\nname: app\nversion: 1.02.3\n",
        "no api": "name: app\nversion: 1.2.3\n", "api v1": "apiVersion: v1\nname: app\nversion: 1.2.3\n",
        "api v3": "apiVersion: v3\nname: app\nversion: 1.2.3\n", "api number": "apiVersion: 2\nname: app\nversion: 1.2.3\n",
        "library": CHART + "type: library\n", "type application": CHART + "type: application\n",
        "type other": CHART + "type: foo\n", "unknown fields": CHART + "foo: bar\nbar: {a: 1}\n",
        "duplicate": CHART + "name: other\n", "deprecated": CHART + "deprecated: true\n",
        "maintainers": CHART + "maintainers:\n- name: a\n  email: b\n  url: c\n- name: d\n",
        "maintainers null": CHART + "maintainers:\n- \n", "keywords": CHART + "keywords: [a, b]\nsources: [x]\nhome: h\nicon: i\n",
        "annotations": CHART + "annotations:\n  a: b\n  c: \"1\"\n", "annotations number": CHART + "annotations:\n  a: 1\n",
        "appVersion number": CHART + "appVersion: 1.10\n", "appVersion quoted": CHART + "appVersion: \"1.10\"\n",
        "description": CHART + "description: |\n  a\n  b\n", "name path": "apiVersion: v2\nname: a/b\nversion: 1.2.3\n",
        "name dots": "apiVersion: v2\nname: ..\nversion: 1.2.3\n", "condition tags": CHART + "condition: a.b\ntags: x\n",
        "kube ok": CHART + "kubeVersion: \">=1.20.0-0\"\n", "kube no": CHART + "kubeVersion: \"<1.20.0\"\n",
        "kube bad": CHART + "kubeVersion: \"a b\"\n", "kube range": CHART + "kubeVersion: \"^1.20.0-0 || 2.x\"\n",
        "not a map": "- a\n", "broken": "a: [\n", "empty": "", "tab": "apiVersion: v2\n\tname: x\n",
        "no chart yaml": None, "dep no name": CHART + "dependencies:\n- version: 1.0.0\n",
        "dep twice": deps(dep(), dep()), "dep null": CHART + "dependencies:\n- \n",
        "dep missing": deps(dep()), "dep missing two": deps(dep(), dep("other")), "dep empty": CHART + "dependencies: []\n",
        "dep alias bad": deps(dep(alias="a b")), "dep alias twice": deps(dep(alias="x"), dep("y", alias="x")),
        "unicode": CHART + "description: \"日本語 \\u0007 x\"\n", "type number": CHART + "type: 5\n",
        "home number": CHART + "home: 5\n", "keywords string": CHART + "keywords: abc\n", "deprecated string": CHART + "deprecated: \"yes\"\n",
        "maintainer string": CHART + "maintainers: [a]\n", "bom": "\ufeff" + CHART, "crlf": CHART.replace("\n", "\r\n"),
    }
    for label, text in variants.items():
        files = dict(show) if text is None else dict(show, **{"Chart.yaml": text})
        yield f"metadata/{label}", chart(files, None), R
    v1 = CHART.replace("v2", "v1")
    req = "dependencies:\n" + dep(condition="sub.enabled")
    sub = {"charts/sub/Chart.yaml": SUB, "charts/sub/templates/s.yaml": cm("1", "s"), "templates/f.yaml": cm("{{ range $p, $_ := .Files }}{{ $p }} {{ end }}")}
    yield "metadata/requirements", chart(dict(sub, **{"requirements.yaml": req, "values.yaml": "sub: {enabled: false}\n"}), v1), R
    yield "metadata/requirements on", chart(dict(sub, **{"requirements.yaml": req, "requirements.lock": "a: b\n"}), v1), R
    yield "metadata/requirements v2", chart(dict(sub, **{"requirements.yaml": req, "values.yaml": "sub: {enabled: false}\n"})), R
    yield "metadata/requirements broken", chart(dict(sub, **{"requirements.yaml": "a: ["}), v1), R
    yield "metadata/lock broken", chart(dict(sub, **{"Chart.lock": "a: ["})), R
    yield "metadata/requirements and dependencies", chart(dict(sub, **{"requirements.yaml": req}), deps(dep("sub"), base=v1)), R


def ignore():
    files = {f"templates/{n}.yaml": cm("1", n.replace("/", "-").strip(".")) for n in ("a", "b", "keep", "dir/c", "dir/d", "x/dir/e")}
    files.update({"f.txt": "1", "dir/g.txt": "2", "deep/dir/h.txt": "3",
                  "templates/files.yaml": cm("{{ range $p, $_ := .Files }}{{ $p }} {{ end }}", "files")})
    for label, text in {
        "file": "templates/a.yaml\n", "name": "a.yaml\n", "star": "*.txt\n", "dir": "dir/\n", "rooted": "/dir\n",
        "rooted file": "/f.txt\n", "negated": "*.yaml\n!keep.yaml\n", "comment": "# x\n\n  a.yaml  \n", "stars": "**/x\n",
        "class": "templates/[ab].yaml\n", "bad class": "templates/[a\n", "question": "?.txt\n", "path star": "templates/*\n",
        "templates": "templates/\n", "chart": "Chart.yaml\n", "escaped": "\\a.yaml\n", "only negated": "!templates/a.yaml\n",
        "negated dir": "!dir/\n", "crlf": "a.yaml\r\nb.yaml\r\n", "dot": "./f.txt\n", "trailing": "dir\n", "bom": "\ufeffa.yaml\n",
    }.items():
        yield f"ignore/{label}", chart(dict(files, **{".helmignore": text})), R
    hidden = {"templates/.hidden.yaml": cm("1"), ".x/y.txt": "1", "templates/.d/a.yaml": cm("2", "b")}
    yield "ignore/hidden", chart(dict(files, **hidden)), R
    yield "ignore/in subchart", chart({"charts/sub/Chart.yaml": SUB, "charts/sub/templates/a.yaml": cm("1"), "charts/sub/.helmignore": "a.yaml\n"}), R
    yield "ignore/tgz", {"app.tgz": tgz({"Chart.yaml": CHART, ".helmignore": "a.yaml\n", "templates/a.yaml": cm("1")}, "app")}, ["r", "app.tgz"]


def archives():
    inner = {"Chart.yaml": SUB, "templates/s.yaml": cm("{{ .Values | toJson | quote }}", "s"), "values.yaml": "a: 1\n"}
    whole = {"Chart.yaml": CHART, "templates/a.yaml": cm("1"), "charts/sub-0.1.0.tgz": tgz(inner)}
    yield "archive/plain", {"app.tgz": tgz(whole, "app")}, ["r", "app.tgz"]
    yield "archive/other top", {"app.tgz": tgz(whole, "other")}, ["r", "app.tgz"]
    yield "archive/no top", {"app.tgz": tgz(whole, "")}, ["r", "app.tgz"]
    yield "archive/empty", {"app.tgz": b""}, ["r", "app.tgz"]
    yield "archive/text", {"app.tgz": b"hello"}, ["r", "app.tgz"]
    yield "archive/cut", {"app.tgz": tgz(whole, "app")[:200]}, ["r", "app.tgz"]
    yield "archive/no files", {"app.tgz": tgz({}, "app")}, ["r", "app.tgz"]
    yield "archive/no chart", {"app.tgz": tgz({"a.txt": "1"}, "app")}, ["r", "app.tgz"]
    yield "archive/yaml is a chart", {"app.yaml": "a: 1\n"}, ["r", "app.yaml"]
    yield "archive/nested", chart({"charts/sub-0.1.0.tgz": tgz(inner)}), R
    yield "archive/nested name", chart({"charts/other.tgz": tgz(inner)}), R
    yield "archive/nested twice", chart({"charts/sub-0.1.0.tgz": tgz(inner), "charts/sub-0.2.0.tgz": tgz(dict(inner, **{"Chart.yaml": SUB.replace("0.1.0", "0.2.0")}))}, deps(dep(version="0.2.0"))), R
    yield "archive/nested broken", chart({"charts/sub-0.1.0.tgz": b"x"}), R
    deeper = tgz(dict(inner, **{"charts/leaf-1.0.0.tgz": tgz({"Chart.yaml": "apiVersion: v2\nname: leaf\nversion: 1.0.0\n", "templates/l.yaml": cm("{{ .Values | toJson | quote }}", "l")}, "leaf")}))
    yield "archive/deeper", chart({"charts/sub-0.1.0.tgz": deeper, "values.yaml": "global: {g: 1}\nsub: {leaf: {z: 9}}\n"}), R
    yield "archive/traversal", {"app.tgz": tgz({"../x/Chart.yaml": CHART}, "")}, ["r", "app.tgz"]
    yield "archive/absolute", {"app.tgz": tgz({"/abs/app/Chart.yaml": CHART}, "")}, ["r", "app.tgz"]
    yield "archive/dotdot inside", {"app.tgz": tgz({"Chart.yaml": CHART, "a/../templates/a.yaml": cm("1")}, "app")}, ["r", "app.tgz"]
    yield "archive/backslash", {"app.tgz": tgz({"Chart.yaml": CHART, "templates\\a.yaml": cm("1")}, "app")}, ["r", "app.tgz"]


def charts_folder():
    sub = {"charts/sub/Chart.yaml": SUB, "charts/sub/templates/s.yaml": cm("1", "s")}
    for label, more in {
        "readme": {"charts/README.md": "x"}, "hidden": {"charts/.git/x": "y"}, "underscore": {"charts/_sub/Chart.yaml": SUB},
        "empty chart": {"charts/other/x.txt": "1"}, "prov": {"charts/sub.tgz.prov": "x"}, "tgz text": {"charts/x.txt": "1"},
        "gitkeep": {"charts/.gitkeep": ""}, "dir name differs": {"charts/zzz/Chart.yaml": SUB.replace("sub", "other")},
    }.items():
        yield f"charts/{label}", chart(dict(sub, **more)), R
    yield "charts/unlisted", chart(dict(sub, **{"values.yaml": "sub: {a: 1}\n"})), R
    yield "charts/library", chart({"charts/lib/Chart.yaml": "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n", "charts/lib/templates/_h.tpl": "{{ define \"lib.x\" }}from-lib{{ end }}", "charts/lib/templates/a.yaml": cm("never", "lib"), "charts/lib/values.yaml": "a: 1\n", "templates/a.yaml": cm("{{ include \"lib.x\" . }} {{ .Values | toJson }}")}), R
    yield "charts/define wins", chart({"templates/_h.tpl": "{{ define \"x\" }}parent{{ end }}", "charts/sub/templates/_h.tpl": "{{ define \"x\" }}child{{ end }}", "charts/sub/Chart.yaml": SUB, "charts/sub/templates/a.yaml": cm("{{ include \"x\" . }}", "s"), "templates/a.yaml": cm("{{ include \"x\" . }}")}), R
    yield "charts/define last", chart({"templates/_a.tpl": "{{ define \"x\" }}a{{ end }}", "templates/_b.tpl": "{{ define \"x\" }}b{{ end }}", "templates/z.yaml": cm("{{ include \"x\" . }}")}), R
    yield "charts/subcharts", chart({"charts/sub/Chart.yaml": SUB, "charts/sub/values.yaml": "a: 1\n", "templates/a.yaml": cm("{{ .Subcharts | toJson | quote }}")}), R
    yield "charts/symlink", dict(chart({"templates/a.yaml": ("link", "../../real.yaml")}), **{"real.yaml": cm("1")}), R
    yield "charts/symlink dir", dict(chart({"charts/sub": ("link", "../../real")}), **{"real/Chart.yaml": SUB, "real/templates/a.yaml": cm("1")}), R
    yield "charts/symlink broken", chart({"templates/a.yaml": ("link", "nowhere")}), R
    yield "charts/symlink chart", dict(chart({"templates/a.yaml": cm("1")}, at="real"), **{"app": ("link", "real")}), R
    yield "charts/kube version of sub", chart({"charts/sub/Chart.yaml": SUB + "kubeVersion: \"<1.0.0\"\n", "charts/sub/templates/a.yaml": cm("1")}), R
    yield "charts/crlf", chart({"templates/a.yaml": cm("1").replace("\n", "\r\n") + "---\r\n" + cm("2", "b").replace("\n", "\r\n")}), R
    yield "charts/bom", chart({"templates/a.yaml": "\ufeff" + cm("1"), "values.yaml": "\ufeffa: 1\n"}), R
    yield "charts/no templates", chart({"values.yaml": "a: 1\n"}), R
    yield "charts/binary file", chart({"f.bin": b"\xff\xfe\x00x", "templates/a.yaml": cm("{{ .Files.Get \"f.bin\" | b64enc }}")}), R
    yield "charts/binary template", chart({"templates/a.yaml": b"a: \xff\n"}), R


def dependencies():
    with_null = {"values.yaml": "a: {b: null, c: 1}\nd: null\nsub: {e: null}\n", "templates/a.yaml": SHOW,
                 "charts/sub/Chart.yaml": SUB, "charts/sub/values.yaml": "e: 1\nf: {g: null}\n",
                 "charts/sub/templates/s.yaml": SHOW.replace("show", "s")}
    yield "dep/null defaults", chart(with_null, deps(dep())), R
    yield "dep/null defaults, none listed", chart(with_null), R
    three = {}
    for name in ("one", "two"):
        three[f"charts/{name}/Chart.yaml"] = f"apiVersion: v2\nname: {name}\nversion: 0.1.0\n"
        three[f"charts/{name}/values.yaml"] = f"own: {name}\nexports:\n  data: {{from: {name}, deep: {{x: {name}}}}}\n  other: {{o: {name}}}\ntab: {{k: {name}, n: {{m: 1}}}}\nglobal: {{g{name}: 1}}\n"
        three[f"charts/{name}/templates/s.yaml"] = cm("{{ .Values | toJson | quote }} {{ .Chart.Name }} {{ .Template.Name }}", name)
    three["templates/a.yaml"] = SHOW
    variants = {
        "alias": (deps(dep("one", alias="uno")), "uno: {z: 1}\none: {y: 2}\n"),
        "alias twice": (deps(dep("one", alias="uno"), dep("one", alias="eins"), dep("one")), "uno: {z: 1}\neins: {own: e}\n"),
        "condition off": (deps(dep("one", condition="one.enabled"), dep("two")), "one: {enabled: false}\n"),
        "condition second": (deps(dep("one", condition="nope.x,one.enabled"), dep("two")), "one: {enabled: false}\n"),
        "condition first wins": (deps(dep("one", condition="a.b,one.enabled"), dep("two")), "a: {b: true}\none: {enabled: false}\n"),
        "condition string": (deps(dep("one", condition="one.enabled")), "one: {enabled: \"false\"}\n"),
        "condition null": (deps(dep("one", condition="one.enabled")), "one: {enabled: null}\n"),
        "condition spaces": (deps(dep("one", condition="\" a.b , one.enabled \"")), "one: {enabled: false}\n"),
        "condition top": (deps(dep("one", condition="on")), "on: false\n"),
        "tags off": (deps(dep("one", tags="[t]"), dep("two", tags="[t, u]")), "tags: {t: false, u: true}\n"),
        "tags and condition": (deps(dep("one", tags="[t]", condition="one.enabled")), "tags: {t: false}\none: {enabled: true}\n"),
        "tags string": (deps(dep("one", tags="[t]")), "tags: {t: \"false\"}\n"),
        "tags no table": (deps(dep("one", tags="[t]")), "tags: 5\n"),
        "alias condition": (deps(dep("one", alias="uno", condition="uno.enabled"), dep("one", alias="eins", condition="eins.enabled")), "uno: {enabled: false}\neins: {enabled: true}\n"),
        "alias condition tags": (deps(dep("one", alias="uno", condition="uno.enabled", tags="[t]"), dep("one", alias="eins", tags="[t]"), dep("two", tags="[t]", condition="two.enabled")), "tags: {t: false}\nuno: {enabled: true}\n"),
        "version range": (deps(dep("one", "\">=0.1.0\""), dep("two", "^0.2.0")), ""),
        "version bad": (deps(dep("one", "\"x y\"")), ""), "version empty": (deps(dep("one", "\"\"")), ""),
        "version star": (deps(dep("one", "\"*\"")), ""), "version x": (deps(dep("one", "0.x.x")), ""),
        "import exports": (deps(dep("one", import_values="[data]")), ""),
        "import exports both": (deps(dep("one", import_values="[data, other]"), dep("two", import_values="[data]")), ""),
        "import exports missing": (deps(dep("one", import_values="[nope]")), ""),
        "import child": (deps(dep("one", import_values="[{child: tab, parent: p}]")), "p: {k: mine}\n"),
        "import child root": (deps(dep("one", import_values="[{child: tab, parent: .}]")), ""),
        "import child deep": (deps(dep("one", import_values="[{child: tab.n, parent: p.q.r}]")), ""),
        "import child scalar": (deps(dep("one", import_values="[{child: own, parent: p}]")), ""),
        "import global": (deps(dep("one", import_values="[{child: global, parent: global}]")), "global: {mine: 1}\n"),
        "import global nested": (deps(dep("one", import_values="[{child: tab, parent: global.t}]"), dep("two")), "global: {mine: 1}\n"),
        "import number": (deps(dep("one", import_values="[5]")), ""),
        "import map odd": (deps(dep("one", import_values="[{child: 5, parent: p}]")), ""),
        "import off": (deps(dep("one", condition="one.enabled", import_values="[data]")), "one: {enabled: false}\n"),
        "import alias": (deps(dep("one", alias="uno", import_values="[data]")), "uno: {exports: {data: {from: user}}}\n"),
        "import null over": (deps(dep("one", import_values="[data]")), "from: null\n"),
        "import null in child": (deps(dep("one", import_values="[data]")), "one: {exports: {data: {from: null}}}\n"),
        "import table over scalar": (deps(dep("one", import_values="[data]")), "deep: scalar\n"),
        "sub values scalar": (deps(dep("one")), "one: text\n"), "sub values list": (deps(dep("one")), "one: [1]\n"),
        "sub values null": (deps(dep("one")), "one: null\n"), "sub values bool": (deps(dep("one")), "one: true\n"),
        "global scalar": (deps(dep("one")), "global: 5\n"), "global null": (deps(dep("one")), "global: null\n"),
        "global nested": (deps(dep("one"), dep("two")), "global: {a: {b: 1}}\none: {global: {a: {c: 2}, gone: null}}\n"),
        "global table over": (deps(dep("one")), "global: {gone: {x: 1}}\n"),
        "global null entry": (deps(dep("one")), "global: {gone: null, y: null}\n"),
        "sub null": (deps(dep("one")), "one: {own: null, tab: null}\n"),
        "sub null deep": (deps(dep("one")), "one: {tab: {n: {m: null, z: null}}}\n"),
    }
    for label, (meta, values) in variants.items():
        files = dict(three, **{"values.yaml": values})
        for name in ("one", "two"):
            if f"name: {name}\n" not in meta:
                files = {p: t for p, t in files.items() if not p.startswith(f"charts/{name}/")}
        yield f"dependency/{label}", chart(files, meta), R
        if values:
            bare = {p: t for p, t in files.items() if p != "values.yaml"}
            yield f"dependency/{label}, by user", dict(chart(bare, meta), **{"v.yaml": values}), R + ["-f", "v.yaml"]


def nested():
    """Three levels, with conditions, imports and globals that cross all of them."""
    leaf = "apiVersion: v2\nname: leaf\nversion: 0.1.0\n"
    mid = deps(dep("leaf", condition="leaf.enabled", import_values="[data]"), base=SUB.replace("sub", "mid"))
    files = {"charts/mid/Chart.yaml": mid, "charts/mid/values.yaml": "m: 1\nexports: {data: {viaMid: 1}, deep: {l: null}}\nleaf: {fromMid: 1}\n",
             "charts/mid/templates/m.yaml": cm("{{ .Values | toJson | quote }}", "m"),
             "charts/mid/charts/leaf/Chart.yaml": leaf, "charts/mid/charts/leaf/values.yaml": "l: 1\nexports: {data: {fromLeaf: 1, global: {x: 2}}}\nglobal: {leafGlobal: {a: 1}}\n",
             "charts/mid/charts/leaf/templates/l.yaml": cm("{{ .Values | toJson | quote }} {{ .Chart.IsRoot }}", "l"),
             "templates/a.yaml": SHOW}
    for label, (top, values) in {
        "plain": (deps(dep("mid")), ""), "import twice": (deps(dep("mid", import_values="[data]")), ""),
        "import child of child": (deps(dep("mid", import_values="[{child: leaf.exports.data, parent: got}]")), ""),
        "leaf off": (deps(dep("mid")), "mid: {leaf: {enabled: false}}\n"), "leaf off in mid": (deps(dep("mid")), "leaf: {enabled: false}\n"),
        "global": (deps(dep("mid")), "global: {leafGlobal: {b: 2}, g: 1}\nmid: {global: {g: 2}, leaf: {global: {h: 3}}}\n"),
        "global null": (deps(dep("mid")), "global: {leafGlobal: null}\n"), "global null below": (deps(dep("mid")), "mid: {global: {leafGlobal: {a: null}}}\n"),
        "mid off": (deps(dep("mid", condition="mid.enabled")), "mid: {enabled: false}\n"),
        "mid alias": (deps(dep("mid", alias="m2"), dep("mid", alias="m3")), "m2: {leaf: {enabled: false}}\nm3: {leaf: {q: 1}}\n"),
        "null deep": (deps(dep("mid")), "mid: {leaf: {l: null, exports: null}, m: null}\n"),
        "tags": (deps(dep("mid", tags="[x]")), "tags: {x: false}\nmid: {tags: {y: true}}\n"),
        "values of leaf scalar": (deps(dep("mid")), "mid: {leaf: 5}\n"),
    }.items():
        yield f"nested/{label}", chart(dict(files, **{"values.yaml": values}), top), R
        yield f"nested/{label}, by user", dict(chart(files, top), **{"v.yaml": values}), R + ["-f", "v.yaml"]


def values():
    base = {"templates/a.yaml": SHOW, "values.yaml": "a: {b: {c: 1, d: [1, 2]}, n: null}\nl: [1]\ns: text\nz: null\n"}
    for label, text in {
        "null map": "a: null\n", "null deep": "a: {b: {c: null}}\n", "null new": "q: null\nr: {t: null}\n", "null over null": "a: {n: null}\nz: null\n",
        "over null": "a: {n: {x: 1}}\nz: 5\n", "list over map": "a: [1]\n", "map over list": "l: {x: 1}\n", "scalar over map": "a: {b: 5}\n",
        "map over scalar": "s: {x: 1}\n", "empty": "", "comment": "# x\n", "null doc": "null\n", "list": "- a\n", "scalar": "text\n",
        "broken": "a: [\n", "tab": "a:\n\t- b\n", "two documents": "a: 1\n---\nb: 2\n", "duplicate": "a: 1\na: 2\n", "int keys": "1: a\n2.5: b\ntrue: c\nnull: d\n",
        "anchors": "x: &x {a: 1}\ny: *x\nw:\n  <<: *x\n  b: 2\n", "numbers": "i: 12345678901234567890\nf: 1e3\ng: 0x10\no: 010\nn: -0.0\nh: 1.0\nu: 1_000\nbig: 9007199254740993\n",
        "strings": "y: yes\nn: no\no: on\nt: \"true\"\nd: 2024-01-01\ntilde: ~\n", "float long": "f: 0.1\ng: 100000000000000000000000\nh: 1e21\ni: 1.5e-7\n",
        "inf": "f: .inf\n", "nan": "f: .nan\n", "binary": "b: !!binary aGVsbG8=\n", "tag": "b: !foo bar\n", "unicode": "k: \"<&>\\u2028é\"\n",
        "long alias": "a: &a [x, x]\nb: [*a, *a]\n", "empty maps": "e: {}\nf: []\ng: \"\"\n", "dots": "\"a.b\": 1\n", "merge list": "x: [{a: 1}]\nl: [{b: 2}]\n",
    }.items():
        yield f"values/user {label}", dict(chart(base), **{"v.yaml": text}), R + ["-f", "v.yaml"]
        yield f"values/chart {label}", chart(dict(base, **{"values.yaml": text})), R
    two = dict(chart(base), **{"v.yaml": "a: {b: {c: 2, n: 3}}\nq: {w: 1}\n", "w.yaml": "a: {b: {c: null, n: null}}\nq: null\n"})
    for label, args in {
        "two files": ["-f", "v.yaml", "-f", "w.yaml"], "comma": ["-f", "v.yaml,w.yaml"], "other order": ["-f", "w.yaml", "-f", "v.yaml"],
        "missing": ["-f", "nope.yaml"], "folder": ["-f", "app"], "set over": ["-f", "v.yaml", "--set", "a.b.c=7,q.w=null"], "set null": ["--set", "a.b=null"],
        "set null map": ["--set", "a=null"], "set list": ["--set", "l[3]=x"], "set-json": ["--set-json", "a={\"b\":{\"c\":null}}"], "set-json map": ["--set-json", "{\"q\":{\"x\":1},\"a\":null}"],
        "set-json bad": ["--set-json", "a={"], "set-json number": ["--set-json", "a=1e5,b=10000000"], "set-string": ["--set-string", "a.b=1,c=null"], "set-literal": ["--set-literal", "a.b=x,y={z}"],
        "set-file": ["--set-file", "t=v.yaml"], "set-file missing": ["--set-file", "t=nope"], "set-file no URL": ["--set-file", "t=%zz"], "values no URL": ["-f", ":x"], "set-file stdin": ["--set-file", "t=-"], "set bad": ["--set", "a"], "set bad index": ["--set", "a[x]=1"], "set big index": ["--set", "a[70000]=1"],
        "set type": ["--set", "s.x=1"], "set list type": ["--set", "s[0]=1"], "set deep": ["--set", ".".join(["a"] * 40) + "=1"], "set curly": ["--set", "l={a,b,c}"], "set all": ["--set-json", "x=[1]", "--set", "x[1]=2", "--set-string", "y=1", "--set-literal", "z=a,b", "--set-file", "w=v.yaml"],
        "order of kinds": ["--set-literal", "x=literal", "--set-file", "x=v.yaml", "--set-string", "x=string", "--set", "x=set", "--set-json", "x=\"json\""],
        "set empty": ["--set", ""], "set equals": ["--set", "a==b"], "set escaped": ["--set", "a\\.b=1,c=x\\,y"], "set empty key": ["--set", "=x"], "set-literal bad": ["--set-literal", "a"], "set-string bad": ["--set-string", "a.b"],
    }.items():
        yield f"values/flag {label}", two, R + args


def schema():
    base = {"templates/a.yaml": SHOW, "values.yaml": "port: 80\nname: x\n"}
    object_schema = "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\",%s}"
    for label, (text, args) in {
        "ok": (object_schema % "\"required\":[\"port\"]", []), "missing": (object_schema % "\"required\":[\"q\",\"r\"]", []),
        "type": (object_schema % "\"properties\":{\"port\":{\"type\":\"string\"}}", []), "two": (object_schema % "\"properties\":{\"port\":{\"type\":\"string\"},\"name\":{\"type\":\"integer\"}}", []),
        "additional": (object_schema % "\"additionalProperties\":false,\"properties\":{\"port\":{}}", []), "enum": (object_schema % "\"properties\":{\"name\":{\"enum\":[\"a\",\"b\"]}}", []),
        "pattern": (object_schema % "\"properties\":{\"name\":{\"pattern\":\"^[0-9]+$\"}}", []), "min": (object_schema % "\"properties\":{\"port\":{\"minimum\":1024}}", []),
        "oneOf": (object_schema % "\"properties\":{\"name\":{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}]}}", []), "anyOf": (object_schema % "\"properties\":{\"name\":{\"anyOf\":[{\"type\":\"integer\"},{\"const\":\"y\"}]}}", []),
        "ref": (object_schema % "\"definitions\":{\"p\":{\"type\":\"string\"}},\"properties\":{\"port\":{\"$ref\":\"#/definitions/p\"}}", []),
        "broken": ("{", []), "not json": ("a: b", []), "skipped": (object_schema % "\"required\":[\"q\"]", ["--skip-schema-validation"]),
        "false": ("false", []), "true": ("true", []), "user": (object_schema % "\"properties\":{\"port\":{\"type\":\"integer\"}}", ["--set", "port=x"]),
        "2020": ("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"properties\":{\"port\":{\"type\":\"string\"}}}", []),
        "draft 4": ("{\"$schema\":\"http://json-schema.org/draft-04/schema#\",\"properties\":{\"port\":{\"minimum\":80,\"exclusiveMinimum\":true}}}", []),
        "none": ("{\"properties\":{\"port\":{\"type\":\"string\"}}}", []), "deep": (object_schema % "\"properties\":{\"d\":{\"properties\":{\"e\":{\"items\":{\"type\":\"integer\"}}}}}", ["--set", "d.e={a,b}"]),
        "bad type": ("{\"type\":\"nope\"}", []), "not": (object_schema % "\"not\":{\"required\":[\"port\"]}", []), "unique": (object_schema % "\"properties\":{\"l\":{\"uniqueItems\":true,\"minItems\":3}}", ["--set", "l={a,a}"]),
        "if": (object_schema % "\"if\":{\"properties\":{\"port\":{\"const\":80}}},\"then\":{\"required\":[\"tls\"]}", []), "format": (object_schema % "\"properties\":{\"name\":{\"format\":\"ipv4\"}}", []),
        "names": (object_schema % "\"propertyNames\":{\"maxLength\":4}", ["--set", "longer=1"]), "empty file": ("", []),
    }.items():
        yield f"schema/{label}", chart(dict(base, **{"values.schema.json": text})), R + args
    bad = object_schema % "\"required\":[\"q\"]"
    yield "schema/subchart", chart({"charts/sub/Chart.yaml": SUB, "charts/sub/values.schema.json": bad}), R
    yield "schema/both", chart({"charts/sub/Chart.yaml": SUB, "charts/sub/values.schema.json": bad, "values.schema.json": bad}), R
    yield "schema/subchart off", chart({"charts/sub/Chart.yaml": SUB, "charts/sub/values.schema.json": bad, "values.yaml": "sub: {enabled: false}\n"}, deps(dep(condition="sub.enabled"))), R
    yield "schema/alias", chart({"charts/sub/Chart.yaml": SUB, "charts/sub/values.schema.json": bad}, deps(dep(alias="other"))), R
    yield "schema/null", chart({"values.schema.json": object_schema % "\"properties\":{\"a\":{\"type\":\"string\"}}", "values.yaml": "a: null\n"}), R


KINDS = ["PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy", "PodDisruptionBudget", "ServiceAccount",
         "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume", "PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole",
         "ClusterRoleList", "ClusterRoleBinding", "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet",
         "Pod", "ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob", "IngressClass", "Ingress",
         "APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "MutatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding",
         "ValidatingAdmissionPolicy", "Zebra", "Apple", "apple", "List", "Gateway", "Endpoints", "EndpointSlice", "GatewayClass"]


def printing():
    every = "---\n".join(doc(kind, f"n{i}") for i, kind in enumerate(reversed(KINDS)))
    yield "print/kinds", chart({"templates/a.yaml": every}), R
    yield "print/kinds over files", chart({f"templates/{k}{i}.yaml": doc(k) for i, k in enumerate(KINDS)}), R
    yield "print/same kind", chart({"templates/b.yaml": doc("Pod", "z") + "---\n" + doc("Pod", "a"), "templates/a.yaml": doc("Pod", "y") + "---\n" + doc("Service", "b")}), R
    hooks = {"templates/h.yaml": "---\n".join([hook("pre-install", 5, name="a"), hook("post-install,pre-upgrade", -1, "Pod", "b"), hook("test", None, "Pod", "c"), hook("pre-install", "\"-5\"", "ServiceAccount", "d"), hook("pre-install", "x", name="e")]),
             "templates/a.yaml": cm("1"), "templates/t.yaml": hook("test-success", 1, "Pod", "t")}
    for label, args in {"": [], " none": ["--no-hooks"], " no tests": ["--skip-tests"], " both": ["--no-hooks", "--skip-tests"], " upgrade": ["--is-upgrade"], " only": ["-s", "templates/h.yaml"], " only test": ["-s", "templates/t.yaml", "--skip-tests"]}.items():
        yield f"print/hooks{label}", chart(hooks), R + args
    for event in ("crd-install", "\"pre-install, post-install\"", "PRE-INSTALL", "nope", "\"pre-install,nope\"", "\"\"", "test-failure", "pre-rollback", "\"null\"", "~"):
        yield f"print/hook {event}", chart({"templates/h.yaml": hook(event)}), R
    for weight in ("\"1.5\"", "1", "1.5", "true", "[1]", "{a: 1}", "null"):
        yield f"print/hook weight {weight}", chart({"templates/h.yaml": hook("pre-install", weight)}), R
    crds = {"crds/a.yaml": "kind: A\n", "crds/b.txt": "x", "crds/deep/c.yml": "kind: C\n---\nkind: D\n\n\n", "crds/e.json": "{}", "crds/f.yaml": "{{ not rendered }}\n", "crds/G.YAML": "kind: G\n",
            "templates/a.yaml": cm("1"), "charts/sub/Chart.yaml": SUB, "charts/sub/crds/s.yaml": "kind: S\n", "crds/empty.yaml": ""}
    for label, args in {"": [], " included": ["--include-crds"], " skipped": ["--skip-crds"], " both": ["--include-crds", "--skip-crds"], " only": ["--include-crds", "-s", "crds/a.yaml"], " only not included": ["-s", "crds/a.yaml"], " folder": ["--include-crds", "--output-dir", "out"], " deep": ["--include-crds", "-s", "crds/deep/c.yml"]}.items():
        yield f"print/crds{label}", chart(crds), R + args
    docs = {"templates/a.yaml": cm("1") + "---\n" + doc("Secret") + "--- # x\n" + doc("Pod"), "templates/b/c.yaml": doc("Service"), "templates/t.txt": "kind: Text\n", "templates/j.json": "{\"kind\": \"J\"}\n", "templates/NOTES.txt": "{{ .Release.Name }}",
            "templates/_p.yaml": "never", "templates/empty.yaml": "", "templates/blank.yaml": "\n  \n", "templates/comment.yaml": "# only\n", "templates/nodoc.yaml": "---\n---\n", "templates/off.yaml": "{{ if false }}\nkind: X\n{{ end }}", "templates/h.yaml": hook("pre-install"),
            "charts/sub/Chart.yaml": SUB, "charts/sub/templates/s.yaml": doc("Pod", "s") + "\n\n", "charts/sub/templates/NOTES.txt": "x", "templates/tests/t.yaml": hook("test")}
    for label, args in {
        "all": [], "one": ["-s", "templates/a.yaml"], "two": ["-s", "templates/b/c.yaml", "-s", "templates/a.yaml"], "comma": ["-s", "templates/a.yaml,templates/b/c.yaml"], "subchart": ["-s", "charts/sub/templates/s.yaml"],
        "glob": ["-s", "templates/*.yaml"], "glob deep": ["-s", "templates/*/*.yaml"], "glob sub": ["-s", "charts/*/templates/*"], "missing": ["-s", "templates/none.yaml"], "empty": ["-s", "templates/empty.yaml"], "off": ["-s", "templates/off.yaml"], "notes": ["-s", "templates/NOTES.txt"],
        "hook": ["-s", "templates/h.yaml"], "hook none": ["-s", "templates/h.yaml", "--no-hooks"], "twice": ["-s", "templates/a.yaml", "-s", "templates/a.yaml"], "comment": ["-s", "templates/comment.yaml"], "bad glob": ["-s", "templates/[a"], "app prefix": ["-s", "app/templates/a.yaml"], "json": ["-s", "templates/j.json"], "text": ["-s", "templates/t.txt"],
        "folder": ["--output-dir", "out"], "folder release": ["--output-dir", "out", "--release-name"], "folder deep": ["--output-dir", "out/x/y"], "folder only": ["--output-dir", "out", "-s", "templates/a.yaml"], "folder no hooks": ["--output-dir", "out", "--no-hooks"], "folder empty": ["--output-dir", ""], "folder absolute": ["--output-dir=./out/"], "folder skip tests": ["--output-dir", "out", "--skip-tests"],
        "is upgrade": ["--is-upgrade"], "notes flag": ["--render-subchart-notes"], "dry run": ["--dry-run"], "dry run client": ["--dry-run=client"], "dry run true": ["--dry-run=true"], "dry run none": ["--dry-run=none"], "dry run odd": ["--dry-run=odd"], "dry run false": ["--dry-run=false"], "devel": ["--devel"], "version": ["--version", "9.9.9"], "description": ["--description", "d"],
        "labels": ["--labels", "a=b"], "replace": ["--replace"], "timeout": ["--timeout", "5s"], "atomic": ["--atomic"], "force": ["--force"], "wait": ["--wait"], "wait for jobs": ["--wait-for-jobs"], "hide notes": ["--hide-notes"], "take ownership": ["--take-ownership"], "enable dns": ["--enable-dns"],
        "verify": ["--verify"], "create namespace": ["--create-namespace"], "disable validation": ["--disable-openapi-validation"], "kube insecure": ["--kube-insecure-skip-tls-verify"], "burst": ["--burst-limit", "5", "--qps", "1"], "keyring": ["--keyring", "x"], "plain http": ["--plain-http", "--insecure-skip-tls-verify"], "user": ["--username", "u", "--password", "p", "--pass-credentials"],
        "kube flags": ["--kube-as-user", "u", "--kube-as-group", "g", "--kube-apiserver", "a", "--kube-ca-file", "f", "--kube-tls-server-name", "n", "--kube-token", "t"], "repository": ["--repository-cache", "c", "--repository-config", "c", "--registry-config", "r"], "dependency update": ["--dependency-update"],
    }.items():
        yield f"print/{label}", chart(docs), R + args


def objects():
    texts = {
        "capabilities": "{{ .Capabilities | toJson | quote }}", "capabilities yaml": "{{ .Capabilities | toYaml | quote }}", "release": "{{ .Release | toJson | quote }}", "release yaml": "{{ .Release | toYaml | quote }}", "chart yaml": "{{ .Chart | toYaml | quote }}",
        "template": "{{ .Template | toJson | quote }}", "files": "{{ .Files | toJson | quote }}", "subcharts": "{{ .Subcharts | toJson | quote }}", "dot": "{{ keys . | sortAlpha | join \" \" }}", "dot yaml": "{{ omit . \"Files\" | toYaml | b64enc }}",
        "version": "{{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.KubeVersion.GitVersion }} {{ .Capabilities.KubeVersion.Major }} {{ .Capabilities.KubeVersion.Minor }}", "helm": "{{ .Capabilities.HelmVersion }} {{ .Capabilities.HelmVersion.Version }} {{ .Capabilities.HelmVersion.GoVersion }}", "has": "{{ .Capabilities.APIVersions.Has \"apps/v1\" }} {{ .Capabilities.APIVersions.Has \"x/v1\" }} {{ .Capabilities.APIVersions.Has \"apps/v1/Deployment\" }}",
        "print versions": "{{ .Capabilities.APIVersions }}", "printf": "{{ printf \"%v %T\" .Capabilities .Capabilities | quote }}", "printf release": "{{ printf \"%v %T\" .Release .Release | quote }}", "printf chart": "{{ printf \"%v\" .Chart | quote }}", "chart field": "{{ .Chart.name }}", "chart fields": "{{ .Chart.Name }} {{ .Chart.Version }} {{ .Chart.AppVersion }} {{ .Chart.Type }} {{ .Chart.APIVersion }} {{ .Chart.Annotations }}", "chart root": "{{ .Chart.IsRoot }}",
        "revision": "{{ .Release.Revision }} {{ .Release.Service }} {{ .Release.IsInstall }} {{ .Release.IsUpgrade }} {{ .Release.Time }}", "values print": "{{ .Values }}", "values as": "{{ .Values.AsMap }}", "no values": "{{ .Values.a.b.c }}", "lookup": "{{ lookup \"v1\" \"Pod\" \"a\" \"b\" | toJson | quote }}", "lookup index": "{{ (lookup \"v1\" \"Secret\" \"a\" \"\").items }}",
        "files get": "{{ .Files.Get \"f.txt\" | quote }} {{ .Files.Get \"none\" | quote }} {{ .Files.Get \"templates/a.yaml\" | quote }} {{ .Files.Get \"Chart.yaml\" | quote }} {{ .Files.Get \"values.yaml\" | quote }} {{ .Files.Get \"README.md\" }}", "files glob": "{{ range $p, $b := .Files.Glob \"**/*.txt\" }}{{ $p }}={{ len $b }} {{ end }}", "files lines": "{{ .Files.Lines \"f.txt\" | toJson | quote }}", "files config": "{{ (.Files.Glob \"*.txt\").AsConfig | quote }}", "files secrets": "{{ (.Files.Glob \"**\").AsSecrets | quote }}", "files bytes": "{{ .Files.GetBytes \"f.txt\" | printf \"%s\" | quote }}", "files glob sorts": "{{ range $p, $_ := .Files.Glob \"{a,d}/**\" }}{{ $p }} {{ end }}", "files bad glob": "{{ .Files.Glob \"[\" }}", "files in crds": "{{ range $p, $_ := .Files }}{{ $p }} {{ end }}",
    }
    for label, text in texts.items():
        files = {"templates/a.yaml": cm(text), "f.txt": "one\ntwo\n", "a/g.txt": "g", "d/e/h.txt": "h\n", "README.md": "# R", "LICENSE": "L", "values.yaml": "x: 1\n", "values.schema.json": "{}", ".helmignore": "", "crds/c.yaml": "a: 1\n"}
        yield f"object/{label}", chart(files, CHART + "appVersion: \"2\"\nannotations: {k: v}\n"), R
    tree = chart({"templates/a.yaml": cm(texts["version"] + texts["has"])})
    for version in ("1.20", "v1.20.3", "1.29.4-eks-036c24b", "v1.28.3+k3s1", "1.x", "x", "", "1.2.3.4", "1.30.0-rc.1", " 1.30", "v1", "01.2", "1.30.", "1.30.0+", "2.0", "1.99999999999999999999"):
        yield f"object/kube version {version!r}", tree, R + ["--kube-version", version]
    for label, args in {"one": ["-a", "x/v1"], "two": ["--api-versions", "x/v1,apps/v1/Deployment"], "empty": ["-a", ""], "quotes": ["-a", "\"x/v1,y\",z"], "bad quotes": ["-a", "\"x"]}.items():
        yield f"object/api versions {label}", chart({"templates/a.yaml": cm(texts["has"] + texts["print versions"])}), R + args
    yield "object/api versions json", chart({"templates/a.yaml": cm(texts["capabilities"])}), R + ["-a", "x/v1"]


def errors():
    bodies = {
        "nil": "{{ .Values.a.b.c }}", "no function": "{{ nope 1 }}", "no template": "{{ template \"x\" }}", "no include": "{{ include \"x\" . }}", "fail": "{{ fail \"words\" }}", "fail lines": "{{ fail \"a\\nb\\n\" }}", "required": "{{ required \"need it\" .Values.x }}", "required ok": "{{ required \"need it\" \"v\" }}", "recursion": "{{ define \"x\" }}{{ include \"x\" . }}{{ end }}{{ include \"x\" . }}", "unclosed": "{{ if true }}", "unclosed action": "{{ .Values.x", "bad type": "{{ add \"a\" (dict) }}", "wrong args": "{{ upper }}", "index": "{{ index (list 1) 5 }}", "range int": "{{ range 3 }}x{{ end }}", "range string": "{{ range \"abc\" }}x{{ end }}", "tpl": "{{ tpl \"{{ .Values.a.b }}\" . }}", "tpl parse": "{{ tpl \"{{\" . }}", "tpl include": "{{ tpl \"{{ include \\\"z\\\" . }}\" . }}", "in include": "{{ define \"y\" }}\n\n{{ .Values.q.r }}{{ end }}{{ include \"y\" . }}", "compare": "{{ if eq 1 \"a\" }}{{ end }}", "compare maps": "{{ eq (dict) (dict) }}", "call nil": "{{ call .x }}", "field of string": "{{ \"a\".b }}", "undefined variable": "{{ $x }}", "lt": "{{ lt 1 1.5 }}", "fromYaml": "{{ fromYaml \"a: [\" }}", "fromJson": "{{ fromJson \"{\" }}", "fromYamlArray": "{{ fromYamlArray \"a: 1\" }}", "toYaml func": "{{ toYaml . | len | kindOf }}", "mustToJson": "{{ mustToJson 1 }}", "mustFromJson": "{{ mustFromJson \"{\" }}", "date": "{{ mustToDate \"2006\" \"x\" }}", "regex": "{{ regexMatch \"(\" \"x\" }}", "must regex": "{{ mustRegexMatch \"(\" \"x\" }}", "merge type": "{{ merge 1 2 }}", "get": "{{ get 1 \"a\" }}", "first": "{{ first 5 }}", "semver": "{{ semverCompare \"x y\" \"1\" }}", "semver version": "{{ semver \"x\" }}", "div": "{{ div 1 0 }}", "atoi": "{{ atoi \"x\" }}", "int": "{{ int \"x\" }}", "b64dec": "{{ b64dec \"!\" }}", "trunc": "{{ trunc 2 \"日本語\" }}", "break": "{{ break }}", "else": "{{ else }}", "end": "{{ end }}", "comment": "{{/* x }}", "nested define": "{{ if true }}{{ define \"x\" }}{{ end }}{{ end }}", "printf": "{{ printf \"%d\" \"x\" }}", "html": "{{ html \"<a>\" }}", "nil pipe": "{{ nil }}", "dict odd": "{{ dict \"a\" }}", "until": "{{ until -3 }}", "no value": "{{ .Values.x }}", "no value text": "{{ .Values.x }}<no value>", "cycle": "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ toJson $d }}", "slice": "{{ slice \"abc\" 2 1 }}", "getHostByName": "{{ getHostByName \"x.invalid\" }}", "env": "{{ env \"X\" }}", "toToml": "{{ toToml (dict \"a\" 1) }}", "genCA": "{{ (genCA 1 2).Cert }}", "lookup": "{{ lookup 1 }}",
    }
    for label, body in bodies.items():
        yield f"error/{label}", chart({"templates/a.yaml": cm(body)}), R
    for label, text in {
        "tab": "a:\n\tb: 1\n", "unclosed": "a: [\n", "bad indent": "a:\n  b: 1\n c: 2\n", "duplicate": "a: 1\na: 2\n", "list": "- a\n", "text": "hello\n", "colon": "a: b: c\n", "anchor": "a: *x\n", "quote": "a: \"x\n", "kind list": "kind: [a]\n", "kind number": "kind: 5\n", "annotations": "metadata:\n  annotations:\n    a: [1]\n", "annotations number": "metadata:\n  annotations:\n    a: 1\n    b: true\n    c: null\n    d: 1.0\n", "metadata list": "metadata: []\n", "name number": "metadata:\n  name: 5\n", "second": "a: 1\n---\nb: [\n", "null": "null\n", "tilde": "~\n", "number": "5\n", "template tag": "a: {{ \"{{\" }}\n", "int key": "1: a\n", "map key": "{a: b}: c\n", "control": "a: \x01\n", "percent": "%YAML 1.1\n---\na: 1\n", "dots": "a: 1\n...\nb: 2\n", "apiVersion list": "apiVersion: [1]\n", "big": "a: " + "x" * 5000 + "\n", "at": "a: @x\n", "backtick": "a: `x`\n", "annotations list": "metadata:\n  annotations: [a]\n", "kind map": "kind: {}\n", "name list": "metadata:\n  name: [a]\n", "kind bool": "kind: true\n", "merge": "x: &x {kind: A}\n<<: *x\n",
    }.items():
        yield f"yaml/{label}", chart({"templates/a.yaml": text}), R
        yield f"yaml/{label} debug", chart({"templates/a.yaml": text}), R + ["--debug"]
    yield "error/notes", chart({"templates/NOTES.txt": "{{ fail \"n\" }}"}), R
    yield "error/two files", chart({"templates/b.yaml": "{{ fail \"b\" }}", "templates/a.yaml": "{{ fail \"a\" }}"}), R
    yield "error/parse two", chart({"templates/b.yaml": "{{ b", "templates/a.yaml": "{{ a"}), R
    yield "error/partial", chart({"templates/_b.tpl": "{{ b }}", "templates/a.yaml": "a: 1"}), R
    yield "error/subchart", chart({"charts/sub/Chart.yaml": SUB, "charts/sub/templates/a.yaml": "a: {{ .Values.x.y }}"}), R
    yield "error/deep include", chart({"templates/_a.tpl": "{{ define \"a\" }}{{ include \"b\" . }}{{ end }}\n{{ define \"b\" }}{{ include \"c\" .Values }}{{ end }}", "templates/_c.tpl": "{{ define \"c\" }}\n  {{ .x.y | upper }}{{ end }}", "templates/m.yaml": cm("{{ include \"a\" . }}")}), R
    yield "error/with fail", chart({"templates/_a.tpl": "{{ define \"a\" }}{{ fail \"deep\\nwords\" }}{{ end }}", "templates/m.yaml": cm("{{ include \"a\" . }}")}), R
    yield "error/required deep", chart({"templates/_a.tpl": "{{ define \"a\" }}{{ required \"it is needed\" .Values.z }}{{ end }}", "templates/m.yaml": cm("{{ template \"a\" . }}")}), R



def all_cases():
    groups = (names, metadata, ignore, archives, charts_folder, dependencies, nested, values, schema, printing, objects, errors)
    return [case for group in groups for case in group()]

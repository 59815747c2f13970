package main

import "fmt"

// deps is a chart with several dependencies, some of which have their own: aliases, conditions,
// tags, imports, globals, libraries, and constraints of all versions.
func (g *gen) deps(c *Case) {
	chart := chartYaml + "dependencies:\n"
	if g.one(8) {
		chart = chartYaml + "kubeVersion: " + quoted(g.pick(">=1.20", ">=1.20.0-0", "<1.20", "~1", "x", "*")) + "\ndependencies:\n"
	}
	names := []string{"one", "two", "lib"}
	for range g.r.Intn(3) {
		names = append(names, g.pick("one", "two", "lib"))
	}
	taken := map[string]bool{}
	for _, name := range names {
		chart += g.dependency(taken, name, g.pick("*", "*", "*-0", ">=0.1.0-0", ">=0.1.0-0", "^0.1", "1.x", ""))
	}
	c.Files["Chart.yaml"] = chart
	c.Files["templates/a.yaml"] = "x: {{ list .Values .Subcharts | toJson | b64enc }}\n"
	c.Files["templates/_t.tpl"] = `{{ define "shared" }}root {{ .Chart.Name }}{{ end }}{{ define "root.only" }}{{ .Values | toJson }}{{ end }}`
	c.Files["values.yaml"] = latin(g.dependencyValues() + g.pick("", "", "", g.mapping(1, "")))
	for _, name := range []string{"one", "two", "lib"} {
		g.chartOf(c, "charts/"+name+"/", name, 2+g.r.Intn(2))
	}
	if g.one(2) {
		c.Values = latin(g.dependencyValues())
	}
	for g.one(3) {
		c.Flags = append(c.Flags, Flag{g.pick("set", "set", "string", "json"), g.pick("one.enabled=true", "one.enabled=false", "tags.t1=true", "tags.t1=false", "tags.t2=null", "two=null", "one.m.a=null", "al.m.a=1", "global.g=null", "global.deep.x=1", "two.in.m.a=3", "one.enabled=null", "global=null", "one={}", "two.global.g=5", "al.enabled=\"x\"")})
	}
}

// dependency is an entry of Chart.yaml, as a rule of a name or alias that is not taken.
func (g *gen) dependency(taken map[string]bool, name, version string) string {
	text := fmt.Sprintf("- name: %s\n  version: %s\n", name, quoted(version))
	if taken[name] || g.one(3) {
		alias := g.pick("al", "al2", "al3", "a_b")
		for range 3 {
			if taken[alias] {
				alias = g.pick("al", "al2", "al3", "a_b")
			}
		}
		text += "  alias: " + alias + "\n"
		name = alias
	}
	if taken != nil {
		taken[name] = true
	}
	if g.one(3) {
		text += "  condition: " + g.pick("one.enabled", "two.enabled", "al.enabled", "nope.x,one.enabled", "one.m,two.enabled", "tags.t1", "global.on", "on", "in.enabled", "in.enabled", "lib.enabled", "ext.enabled") + "\n"
	}
	if g.one(3) {
		text += "  tags: " + g.pick("[t1]", "[t1, t2]", "[t2]", "[]") + "\n"
	}
	if g.one(5) {
		text += "  enabled: " + g.pick("true", "false") + "\n"
	}
	if g.one(2) {
		text += "  import-values:\n"
		for range 1 + g.r.Intn(2) {
			text += g.pick("  - data\n", "  - more\n", "  - {child: m, parent: imported}\n", "  - {child: m, parent: .}\n", "  - {child: m.d, parent: a.b}\n", "  - {child: nope, parent: x}\n", "  - {child: global, parent: fromglobal}\n", "  - {child: in.m, parent: deep}\n", "  - {child: exports.data, parent: em}\n", "  - 1\n", "  - {child: s, parent: s}\n", "  - {child: m}\n")
		}
	}
	return text
}

// chartOf is a dependency itself, with dependencies of its own.
func (g *gen) chartOf(c *Case, at, name string, depth int) {
	chart := fmt.Sprintf("apiVersion: %s\nname: %s\nversion: %s\n", g.pick("v2", "v2", "v2", "v1"), name, g.pick("0.1.0", "0.1.0", "0.1.0", "0.1.0", "v0.1.1", "1.2.3"))
	if name == "lib" || g.one(12) {
		chart += "type: library\n"
	}
	if g.one(12) {
		chart += "kubeVersion: " + quoted(g.pick(">=1.20", ">=1.20-0", "<1.20")) + "\n"
	}
	if depth > 0 && g.one(2) {
		// What is not listed here, or not in that version, Helm processes twice if the chart is used twice.
		chart += "dependencies:\n" + g.dependency(nil, "in", g.pick(">=0.0.0-0", ">=0.0.0-0", ">=0.0.0-0", ">=0.0.0-0", "9.x"))
		g.chartOf(c, at+"charts/in/", "in", depth-1)
		if g.one(2) {
			chart += g.dependency(nil, "lib", ">=0.0.0-0")
			g.chartOf(c, at+"charts/lib/", "lib", 0)
		}
	}
	if depth > 0 && (g.one(4) || depth > 1 && g.one(2)) {
		// What is listed nowhere, uses have in common from the third level on.
		g.chartOf(c, at+"charts/ext/", "ext", depth-1)
	}
	c.Files[at+"Chart.yaml"] = chart
	c.Files[at+"values.yaml"] = latin(g.pick("enabled: true\n", "", "s: "+name+"\n") + g.pick("m: {a: 1, b: null, d: {e: [1]}}\n", "m: {d: {e: x}, z: 1}\n", "m: null\n", "") + g.pick("global: {g: "+name+", own: {k: 1}}\n", "", "global: {deep: {x: null, y: 2}}\n") + g.pick("exports: {data: {ex: {p: 1}, m: {a: 7}}, more: {q: [1]}}\n", "", "exports: {data: x}\n") + g.pick("", "", "in: {m: {a: 2, n: null}}\n", "in: {enabled: false}\n"))
	c.Files[at+"templates/_h.tpl"] = `{{ define "shared" }}` + name + ` {{ .Chart.Name }}{{ end }}`
	c.Files[at+"templates/t.yaml"] = at + `: {{ list .Values .Chart .Template.Name .Template.BasePath (include "shared" .) (keys .Subcharts | sortAlpha) | toJson | b64enc }}` + "\n"
	if g.one(20) {
		c.Files[at+"templates/NOTES.txt"] = "{{ .Values.nope.x }}"
	}
	if g.one(6) {
		c.Files[at+"templates/u.yaml"] = `u: {{ include "root.only" . | b64enc }}` + "\n"
	}
	if g.one(6) {
		c.Files[at+"crds/c.yaml"] = "kind: CustomResourceDefinition\nmetadata: {name: " + name + "}\n"
	}
}

// dependencyValues are values of a parent for what is below it.
func (g *gen) dependencyValues() string {
	text := ""
	seen := map[string]bool{}
	for range 1 + g.r.Intn(4) {
		key := g.pick("one", "two", "al", "tags", "global", "lib", "al2", "in", "m", "imported")
		if seen[key] {
			continue
		}
		seen[key] = true
		switch key {
		case "tags":
			text += "tags: " + g.pick("{t1: true}", "{t1: false}", "{t1: false, t2: true}", "{t2: x}", "null", "[]", "{}") + "\n"
		case "global":
			text += "global: " + g.pick("{g: root}", "{g: null, on: true}", "{deep: {x: 1, z: null}}", "null", "{on: false}", "{}", "x") + "\n"
		default:
			text += key + ": " + g.pick("{enabled: true, m: {a: 5}}", "{enabled: false}", "{m: null}", "{m: {a: null, d: {e: null}}}", "{global: {g: mine}}", "{in: {m: {a: 9}, enabled: true}}", "{in: null}", "null", "{}", "{}", "{m: {z: 1}}", "{s: y}", "{enabled: \"true\"}", "{m: x, s: {t: 1}}", "{exports: {data: {ex: 2}}}", "{ext: {ext: {in: {enabled: false, m: {a: 6}}}}}", "{ext: {in: {enabled: false}, ext: {in: {enabled: true}, lib: {enabled: false}}}}", "{in: {ext: {in: {enabled: false}}}}") + "\n"
		}
	}
	return text
}

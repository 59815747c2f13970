package main

import (
	"fmt"
	"strings"
)

// probe prints all values in every way that a chart would.
const probe = `x: {{ include "c/templates/_t.tpl" . | b64enc }}` + "\n"

const probed = `{{ toYaml .Values }}
{{ toJson .Values }}
{{ toYamlPretty .Values }}
{{ range $k, $v := .Values }}{{ $k }} {{ typeOf $v }} {{ kindOf $v }} {{ printf "%v" $v }}
{{ end }}`

var scalars = []string{"1", "0", "-1", "1.0", "1.5", "1e3", "1e21", "0x1f", "0o17", "017", "08", "0b11", "1_000", "+1", ".5", "5.", "-.5", "1.", "true", "True", "TRUE", "yes", "Yes", "no", "on", "off", "y", "n", "null", "Null", "~", "", "NULL", "x", "hello world",
	"2024-01-01", "2024-01-01T00:00:00Z", "2001-12-14t21:59:43.10-05:00", "12:30", "12:30:45", "190:20:30", ".inf", "-.inf", ".nan", "'q'", "''", "'it''s'", "\"\"", "\"a\\tb\\u00e9\\x41\"", "\"a\\\n  b\"", "@x", "`x`", "%x", "a:b", "a: b", "a #c", "#c", "- x", "-", "--", "?x", "? x", "!x", "!!str 1", "!!int \"3\"", "!!float 1", "!!bool \"yes\"", "!!null \"\"", "!!binary aGk=", "&a x", "*a", "[]", "{}", "[1, 2]", "{a: 1}", "[a, [b], {c: d}]", "{a: b, c: {d: e}}", "[", "{a", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "9007199254740993", "-9223372036854775808", "-9223372036854775809", "0.1", "1e-7", "123456789.123456789", "1e400", "é", "世界", "\"\\ud83d\\ude00\"", "😀", "\t", "a\tb", "|\n    block\n    text", ">\n    folded\n    text\n\n    more", "|-\n    x", "|+\n    x\n\n", ">2-\n      y", "\"multi\n    line\"", "plain\n    cont", "<<", "=", "a,b", "a]b", "0.0", "-0", "-0.0", "1e+06", "100000000000000000000", "0x", "0xg", "1__0", "\"null\"", "'1'", "\"true\"", "x:", ":x", "x: y: z", "\xff", "\x00", "\x7f", "\u0085", "\u2028", "\ufeff"}

var keyTexts = []string{"a", "b", "c", "d", "s", "m", "l", "n", "nil", "em", "1", "1.5", "true", "'q'", "\"d q\"", "é", "a.b", "a b", "-x", "0x10", "<<", "yes", "2024-01-01", "", "!!str k", "&k a", "global", "ls", "lm"}

func (g *gen) values(c *Case) {
	c.Files["templates/a.yaml"] = probe
	c.Files["templates/_t.tpl"] = probed
	switch g.r.Intn(4) {
	case 0:
		c.Files["values.yaml"] = latin(g.document())
	case 1:
		c.Values = latin(g.document())
	case 2:
		c.Files["values.yaml"] = latin(g.document())
		c.Values = latin(g.document())
	default:
		g.subchart(c)
	}
	if g.one(4) {
		c.Flags = append(c.Flags, g.flag())
	}
}

// subchart adds a dependency, whose values the parent overrides and imports.
func (g *gen) subchart(c *Case) {
	chart := chartYaml + "dependencies:\n- name: sub\n  version: \"*\"\n"
	if g.one(3) {
		chart += "  condition: " + g.pick("sub.enabled", "x.y,sub.on", "sub.a", "a.b") + "\n"
	}
	if g.one(3) {
		chart += "  alias: " + g.pick("ali", "sub", "m", "a-b") + "\n"
	}
	if g.one(3) {
		chart += "  tags: [t1, t2]\n"
	}
	if g.one(2) {
		chart += "  import-values:\n" + g.pick("  - data\n", "  - child: a\n    parent: m\n", "  - child: m\n    parent: .\n", "  - {child: zz, parent: a.b}\n  - data\n", "  - child: global\n    parent: imported\n")
	}
	c.Files["Chart.yaml"] = chart
	c.Files["charts/sub/Chart.yaml"] = "apiVersion: v2\nname: sub\nversion: 0.1.0\n"
	c.Files["charts/sub/values.yaml"] = latin(g.document() + g.pick("", "exports:\n  data:\n    ex: 1\n    m: {q: 1}\n"))
	c.Files["charts/sub/templates/b.yaml"] = "y: {{ toYaml .Values | b64enc }}\n"
	c.Files["values.yaml"] = latin(g.document() + g.pick("", "", "sub:\n"+indent(g.document(), "  "), "sub: null\n", "sub: 1\n", "sub: {enabled: false}\n", "sub: {a: null, m: null, on: true}\n", "tags: {t1: false}\n", "ali: {x: 1}\n", "global: {g: 1, m: null}\n"))
	if g.one(2) {
		c.Values = latin(g.pick(g.document(), "sub:\n"+indent(g.document(), "  "), "sub: {m: null, a: {b: null}}\n", "global: {g: null, h: {i: 1}}\n", "tags: {t1: true, t2: false}\n"))
	}
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+by) + "\n"
}

func (g *gen) document() string {
	switch g.r.Intn(12) {
	case 0:
		return g.mutate(skeleton)
	case 1:
		return skeleton
	}
	return g.mapping(2, "")
}

func (g *gen) mapping(d int, by string) string {
	var b strings.Builder
	for range 1 + g.r.Intn(4) {
		key := keyTexts[g.r.Intn(8)]
		if g.one(6) {
			key = keyTexts[g.r.Intn(len(keyTexts))]
		}
		switch {
		case d > 0 && g.one(3):
			fmt.Fprintf(&b, "%s%s:\n%s", by, key, g.mapping(d-1, by+"  "))
		case d > 0 && g.one(6):
			fmt.Fprintf(&b, "%s%s:\n", by, key)
			for range 1 + g.r.Intn(3) {
				fmt.Fprintf(&b, "%s- %s\n", by, strings.ReplaceAll(g.scalarText(), "\n", "\n"+by))
			}
		default:
			fmt.Fprintf(&b, "%s%s: %s%s\n", by, key, strings.ReplaceAll(g.scalarText(), "\n", "\n"+by), g.pick("", "", "", "", " # c"))
		}
	}
	return b.String()
}

func (g *gen) scalarText() string {
	if g.one(2) {
		return scalars[g.r.Intn(40)]
	}
	if g.one(30) {
		return g.noiseString()
	}
	return scalars[g.r.Intn(len(scalars))]
}

func (g *gen) set(c *Case) {
	c.Files["templates/a.yaml"] = probe
	c.Files["templates/_t.tpl"] = probed
	if g.one(3) {
		c.Values = latin(g.mapping(1, ""))
	}
	for range 1 + g.r.Intn(3) {
		c.Flags = append(c.Flags, g.flag())
	}
}

func (g *gen) flag() Flag {
	kind := g.pick("set", "set", "set", "string", "json", "file", "literal")
	text := ""
	switch {
	case kind == "json" && g.one(3):
		text = g.json()
	case kind == "literal":
		text = g.path() + "=" + g.setText()
	default:
		for i := range 1 + g.r.Intn(3) {
			if i > 0 {
				text += ","
			}
			text += g.path() + "=" + g.setValue(kind)
		}
	}
	if g.one(8) {
		text = g.mutateSet(text)
	}
	return Flag{kind, latin(text)}
}

func (g *gen) path() string {
	s := g.pick("a", "b", "s", "m", "l", "n", "nil", "em", "a", "x", "ls", "lm", "a\\.b", "é", "\"q\"", "a b", "global")
	for range g.r.Intn(4) {
		s += g.pick(".a", ".b", ".c", ".k", "[0]", "[1]", "[2]", "[4]", ".x\\.y", "[0].a", "[0][1]", ".", "[-1]", "[x]", "[]", "[65537]", "[ 1 ]", "[0", ".d")
	}
	return s
}

func (g *gen) setValue(kind string) string {
	switch kind {
	case "json":
		return g.json()
	case "file":
		return g.pick("f1", "f2", "f3", "nope", "", "f1")
	}
	return g.setText()
}

// json is text for --set-json: arguments of commands are UTF-8 here.
func (g *gen) json() string {
	return strings.ToValidUTF8(jsons[g.r.Intn(len(jsons))], "?")
}

func (g *gen) setText() string {
	return g.pick("1", "x", "true", "false", "null", "", "{}", "{a,b}", "{1,true,null,x}", "{a", "a\\,b", "0", "007", "0x1f", "1e3", "1.5", "-3", "9223372036854775807", "9223372036854775808", "é", "a=b", "a.b", "\\", "\\\\", "\"q\"", "[1]", "{{a},b}", "{a,{b}}", "{a\\,b,c}", " x ", "TRUE", "True", "~", "nil", "a}b", "a]b", "\n", "{a},b=2", "{a}x", "{,}", "{a,}", "+1", ".5", "0.0", "1_000", "yes")
}

func (g *gen) mutateSet(s string) string {
	if len(s) == 0 {
		return s
	}
	i := g.r.Intn(len(s))
	switch g.r.Intn(3) {
	case 0:
		return s[:i] + s[i+1:]
	case 1:
		return s[:i] + g.pick("=", ",", ".", "[", "]", "{", "}", "\\", "\"", "0", "\n", "é") + s[i:]
	}
	return s[:i]
}

package main

import (
	"fmt"
	"strings"
)

// chartFiles are what .Files has, besides what is always there.
var chartFiles = map[string]string{
	"f/a.txt":     "line1\nline2\n",
	"f/b.bin":     "\xff\x00\x80",
	"f/empty":     "",
	"f/sub/c.cfg": "k = \"v\"\n# é\n",
	"conf/x.yaml": "a: 1\nb: [x]\n",
	"one":         "no line break",
}

const subChart = "apiVersion: v2\nname: sub\nversion: 0.1.0\nappVersion: \"9\"\n"

// objects prints what Helm hands to templates besides values, and what stands in charts.
func (g *gen) objects(c *Case) {
	for name, text := range chartFiles {
		c.Files[name] = latin(text)
	}
	c.Files["Chart.yaml"] += g.pick("", "description: d\n", "annotations: {a: b}\n", "maintainers: [{name: n, email: e}]\n", "home: h\nsources: [s]\nicon: i\n", "kubeVersion: \">=1.20\"\n", "deprecated: true\n", "type: application\n", "dependencies:\n- {name: sub, version: \"*\", tags: [t]}\n")
	c.Files["charts/sub/Chart.yaml"] = subChart
	c.Files["charts/sub/values.yaml"] = "v: 1\nglobal: {g: sub}\n"
	c.Files["charts/sub/files/s.txt"] = "sub file"
	c.Files["charts/sub/templates/_h.tpl"] = `{{ define "sub.h" }}{{ .Chart.Name }} {{ .Values.v }} {{ .Release.Name }}{{ end }}`
	c.Files["charts/sub/templates/s.yaml"] = "s: {{ list .Values .Chart .Template | toJson | b64enc }}\n"
	c.Files["templates/a.yaml"] = boxed
	text := ""
	for range 1 + g.r.Intn(3) {
		text += g.open() + g.seen(g.object()) + g.close() + g.pick("", "\n", " ")
	}
	c.Files["templates/_t.tpl"] = latin(text)
}

// object is an expression about something that Helm makes.
func (g *gen) object() string {
	files := g.pick("$.Files", "$.Files", "$.Files", "$.Subcharts.sub.Files")
	glob := quoted(g.pick("*", "**", "f/*", "f/**", "f/**.txt", "*.yaml", "conf/*.yaml", "{one,f/a.txt}", "f/?.txt", "f/[ab].*", "[", "nope*", "", "**/*.cfg", "f/[!a].*", "\\*", "{a"))
	path := quoted(g.pick("f/a.txt", "f/b.bin", "f/empty", "f/sub/c.cfg", "conf/x.yaml", "one", "nope", "", "values.yaml", "Chart.yaml", "templates/a.yaml", "../x", "./one", "f", "files/s.txt"))
	switch g.r.Intn(9) {
	case 0:
		return files + ".Get " + path
	case 1:
		return files + ".GetBytes " + path
	case 2:
		return files + ".Lines " + path
	case 3:
		return "(" + files + ".Glob " + glob + ")." + g.pick("AsConfig", "AsSecrets", "AsConfig", "Get "+path, "Glob "+glob, "Nope")
	case 4:
		return files + ".Glob " + glob
	case 5:
		return "$.Capabilities." + g.pick("APIVersions.Has "+quoted(g.pick("v1", "apps/v1", "apps/v1/Deployment", "nope/v1", "", "monitoring.coreos.com/v1")), "KubeVersion", "KubeVersion.Version", "KubeVersion.Major", "KubeVersion.Minor", "KubeVersion.GitVersion", "KubeVersion.String", "APIVersions", "Nope", "KubeVersion.Nope", "APIVersions.Nope", "APIVersions.Has", "KubeVersion.String 1")
	case 6:
		return g.pick("$.Subcharts.sub.Values", "$.Subcharts.sub.Chart.Name", "$.Subcharts.sub.Chart", "$.Subcharts", "$.Subcharts.nope", "$.Subcharts.nope.Values", `include "sub.h" $.Subcharts.sub`, `include "sub.h" $`, `tpl "{{ .Values.v }}" $.Subcharts.sub`, "$.Subcharts.sub.Release.Name", "$.Subcharts.sub.Capabilities.KubeVersion", "$.Subcharts.sub.Subcharts", "$.Values.sub", "$.Values.global", "keys $.Subcharts.sub | sortAlpha")
	case 7:
		return g.pick("$.Release", "$.Release.Name", "$.Release.Namespace", "$.Release.Service", "$.Release.Revision", "$.Release.IsInstall", "$.Release.IsUpgrade", "$.Release.Time", "$.Release.Nope.x", "$.Chart", "$.Chart.Name", "$.Chart.Version", "$.Chart.AppVersion", "$.Chart.Annotations", "$.Chart.Annotations.a", "$.Chart.Maintainers", "(index $.Chart.Maintainers 0).Name", "$.Chart.Keywords", "$.Chart.Deprecated", "$.Chart.Type", "$.Chart.KubeVersion", "$.Chart.Dependencies", "$.Chart.IsRoot", "$.Chart.nope", "$.Template", "$.Template.Name", "$.Template.BasePath", "$.Nope", "$.Nope.x", "keys $ | sortAlpha", "$.Values.Chart")
	}
	return files
}

// seen shows a value in one of the ways in which charts and people look at it.
func (g *gen) seen(expr string) string {
	switch g.r.Intn(14) {
	case 0:
		return "(" + expr + ") | toJson"
	case 1:
		return "(" + expr + ") | toYaml | nindent 2"
	case 2:
		return `printf "%v|%s|%T" (` + expr + ") (" + expr + ") (" + expr + ")"
	case 3:
		return "typeOf (" + expr + ")}}{{kindOf (" + expr + ")"
	case 4:
		return "len (" + expr + ")"
	case 5:
		return "(" + expr + ") | quote"
	case 6:
		return "range $k, $v := " + expr + "}}{{$k}}={{$v}};{{else}}none{{end"
	case 7:
		return "if " + expr + "}}yes{{else}}no{{end"
	case 8:
		return "with " + expr + "}}{{.}}{{end"
	case 9:
		return "(" + expr + ") | " + g.pick("default \"d\"", "toString", "b64enc", "empty", "deepCopy", "first", "keys", "trim", "upper", "splitList \"\\n\"", "get \"a\"", "toToml", "toYamlPretty", "sha256sum", "eq nil", "list | toJson", "ternary 1 2", "coalesce")
	case 10:
		return "$x := " + expr + "}}{{$x}}{{eq (typeOf $x) (typeOf (" + expr + "))"
	}
	return expr
}

// secrets are expressions about what is random by nature, of which something holds always.
var secrets = []string{
	`regexMatch "^[a-zA-Z0-9]{%N}$" (randAlphaNum %N)`, `regexMatch "^[a-zA-Z]{%N}$" (randAlpha %N)`, `regexMatch "^[0-9]{%N}$" (randNumeric %N)`, `len (randAscii %N)`, `len (b64dec (randBytes %N))`, `randBytes -1`, `randAlphaNum 0`, `randAlpha "x"`, `randBytes "1"`,
	`$n := randInt 5 9}}{{and (ge $n 5) (lt $n 9)`, `randInt 5 6`, `randInt 5 5`, `randInt 6 5`, `regexMatch "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$" uuidv4`, `uuidv4 1`, `shuffle "aaaa"`, `len (shuffle "héllo")`, `shuffle ""`,
	`decryptAES %S (encryptAES %S %T)`, `decryptAES %S %T`, `encryptAES %S %T | b64dec | len`, `bcrypt %T | trunc 7`, `bcrypt (repeat 73 "x")`, `len (bcrypt %T)`, `htpasswd "u:" "p"`, `htpasswd "u" %T | trunc 9`, `htpasswd "" ""| len`,
	`derivePassword 1 %K %T "user" "example.com"`, `derivePassword %M %K "p" %T "s"`, `derivePassword 0 "nope" "" "" ""`, `derivePassword "1" "pin" "a" "b" "c"`,
	`genPrivateKey %P | splitList "\n" | first`, `genPrivateKey %P | splitList "\n" | len | lt 2`, `genPrivateKey "nope"`, `genPrivateKey 1`,
	`(genCAWithKey %T %D (genPrivateKey "ecdsa")).Cert | splitList "\n" | first`, `(genCAWithKey "x" %D (genPrivateKey "ed25519")).Key | splitList "\n" | first`, `genCAWithKey "x" 1 %T`,
	`$ca := genCAWithKey "ca" 10 (genPrivateKey "ecdsa")}}{{$c := genSignedCertWithKey "x" %A %H %D $ca (genPrivateKey "ecdsa")}}{{typeOf $c}}{{kindOf $ca}}{{hasPrefix "-----BEGIN CERT" $c.Cert}}{{eq $ca.Cert $c.Cert`,
	`(genSelfSignedCertWithKey %T %A %H %D (genPrivateKey "ecdsa")).Cert | trunc 27`, `genSelfSignedCertWithKey "x" %A %H 1 "no key"`, `genSelfSignedCert "x" (list 1) nil 1`, `genSelfSignedCert "x" (list "1.2.3") nil 1`, `genSelfSignedCert "x" nil (list 1) 1`, `genSignedCert "x" nil nil 1 "ca"`, `genSignedCert "x" nil nil 1 nil`, `(genCA "x").Cert`, `genCA "x" "1"`,
	`buildCustomCert "x" "y"`, `buildCustomCert (b64enc "x") (b64enc "y")`, `buildCustomCert "!" ""`, `$k := genPrivateKey "ecdsa"}}{{$c := genCAWithKey "x" 1 $k}}{{$b := buildCustomCert (b64enc $c.Cert) (b64enc $k)}}{{eq $b.Cert $c.Cert}}{{eq $b.Key $k`, `toJson (genCAWithKey "x" 1 (genPrivateKey "ecdsa")) | regexFind "^.\"[A-Za-z]+\":"`, `keys (dict "a" (genPrivateKey "ed25519"))`,
	`getHostByName "no.such.host.invalid"`, `lookup "v1" "Secret" "a" "b"`, `lookup "v1" "Secret" "" "" | len`, `lookup "v1"`, `ago "x"`, `ago (toDate "2006-01-02" "1970-01-01") | len | lt 3`,
}

func (g *gen) crypto() string {
	text := secrets[g.r.Intn(len(secrets))]
	key := g.str()
	fill := strings.NewReplacer(
		"%N", g.pick("1", "5", "12", "40"),
		"%M", g.pick("0", "1", "3", "-1", "16", "4294967296"),
		"%S", key,
		"%T", g.pick(g.str(), g.str(), `"x"`, "$.Values.s", "1", "nil"),
		"%K", g.pick(`"maximum"`, `"long"`, `"medium"`, `"short"`, `"basic"`, `"pin"`, `"x"`),
		"%P", g.pick(`"ecdsa"`, `"ed25519"`, `"ecdsa"`),
		"%D", g.pick("1", "365", "0", "-1", "36500", `"1"`),
		"%A", g.pick("nil", `(list "10.0.0.1")`, `(list "::1" "1.2.3.4")`, `(list "x")`, "(list)", `(list nil)`, `"x"`),
		"%H", g.pick("nil", `(list "a.example" "*.b.example")`, "(list)", `(list 1)`, `(list "")`),
	)
	return g.open() + fill.Replace(text) + g.close()
}

// documents are templates of several kinds, hooks among them, in files of several names.
func (g *gen) documents(c *Case) {
	for range 1 + g.r.Intn(3) {
		name := "templates/" + g.pick("a.yaml", "b.yaml", "z.yml", "sub/c.yaml", "_p.yaml", "NOTES.txt", "d.json", "tests/t.yaml", "x.txt", "A.yaml")
		text := g.pick("", "# comment\n", "---\n", "\n\n", "--- # c\n", "{{/* c */}}\n", "\ufeff")
		for i := range g.r.Intn(4) {
			if i > 0 {
				text += g.pick("---\n", "\n---\n", "---\n---\n", "--- \n", "---\r\n", "----\n", "---x\n", "\n--- # s\n")
			}
			text += g.manifest()
		}
		c.Files[name] = latin(text)
	}
	if g.one(3) {
		c.Files["crds/c.yaml"] = "kind: CustomResourceDefinition\nmetadata: {name: c}\n"
	}
}

func (g *gen) manifest() string {
	if g.one(6) {
		return g.pick("", "# only a comment\n", "x\n", "- a\n", "a: 1\n", "kind:\n", "kind: [x]\n", "{}\n", "null\n", "a: b: c\n", "kind: Pod\nmetadata: x\n", "\tkind: Pod\n", "metadata: {annotations: {a: 1}}\n", "kind: Pod\nkind: Job\n", "&a [*a]\n", "kind: \"Pod\"\n# tail\n")
	}
	kind := g.pick("Pod", "Job", "Service", "Deployment", "ConfigMap", "Secret", "Namespace", "ClusterRole", "Ingress", "APIService", "Unknown", "CustomResourceDefinition", "ServiceAccount", "PriorityClass", "NetworkPolicy", "StatefulSet", "Role", "RoleBinding", "MutatingWebhookConfiguration")
	text := fmt.Sprintf("apiVersion: v1\nkind: %s\nmetadata:\n  name: %s\n", kind, g.pick("a", "b", "c", "{{ .Release.Name }}", "1", "\"q\""))
	if g.one(3) {
		text += "  annotations:\n"
		for range 1 + g.r.Intn(3) {
			text += "    " + g.pick(
				"helm.sh/hook: "+g.pick("pre-install", "post-install", "test", "pre-upgrade,post-install", "test-success", "nope", "crd-install", "\"\"", "pre-delete, test", "post-rollback", "pre-install,nope"),
				"helm.sh/hook-weight: "+g.pick("\"1\"", "\"-5\"", "\"x\"", "1", "\"0\"", "\"01\"", "null"),
				"helm.sh/hook-delete-policy: "+g.pick("hook-succeeded", "before-hook-creation,hook-failed", "nope"),
				"helm.sh/resource-policy: keep", "a: b", "helm.sh/hook-output-log-policy: hook-failed") + "\n"
		}
	}
	return text + g.pick("", "data: {a: b}\n", "spec:\n  x: |\n    t\n", "# tail\n", "\n\n", "x: {{ .Values.n }}\n", "x: {{ toYaml .Values.l | nindent 2 }}\n", "x: <no value>\n", "x: {{ .Values.nope }}\n", "...\n", "x: \"\n", "x: 1  \n\t\n")
}

package main

import (
	"fmt"
	"strings"
)

// helpers are what charts have in their _helpers.tpl, more or less.
const helpers = `{{- define "c.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- define "c.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}
{{- define "c.labels" -}}
app.kubernetes.io/name: {{ include "c.name" . }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Chart.AppVersion }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
{{- range $k, $v := .Values.commonLabels }}
{{ $k }}: {{ tpl ($v | toString) $ | quote }}
{{- end }}
{{- end }}
{{- define "c.render" -}}
{{- $value := typeIs "string" .value | ternary .value (.value | toYaml) }}
{{- if contains "{{" (toJson .value) }}
  {{- if .scope }}{{- tpl (cat "{{- with $.RelativeScope -}}" $value "{{- end }}") (merge (dict "RelativeScope" .scope) .context) }}{{- else }}{{- tpl $value .context }}{{- end }}
{{- else }}
{{- $value }}
{{- end }}
{{- end -}}
{{- define "c.merge" -}}
{{- $dst := dict -}}
{{- range .values -}}
{{- $dst = include "c.render" (dict "value" . "context" $.context "scope" $.scope) | fromYaml | merge $dst -}}
{{- end -}}
{{ $dst | toYaml }}
{{- end -}}
{{- define "c.image" -}}
{{- $registry := .image.registry | default (.global).imageRegistry -}}
{{- $sep := ternary "@" ":" (not (empty .image.digest)) -}}
{{- if $registry }}{{ printf "%s/%s%s%v" $registry .image.repository $sep (.image.digest | default .image.tag) }}{{ else }}{{ printf "%s%s%v" .image.repository $sep (coalesce .image.digest .image.tag .chart.AppVersion) }}{{ end }}
{{- end -}}
{{- define "c.flat" -}}
{{- $out := list -}}
{{- range $k, $v := .map -}}
{{- if kindIs "map" $v -}}{{- $out = append $out (include "c.flat" (dict "map" $v "at" (printf "%s%s." $.at $k))) -}}
{{- else -}}{{- $out = append $out (printf "%s%s=%v" $.at $k $v) -}}{{- end -}}
{{- end -}}
{{- join "," $out -}}
{{- end -}}
`

// chartValues are what charts let their users set.
const chartValues = `nameOverride: ""
commonLabels: {team: core, ref: "{{ .Release.Name }}"}
image: {registry: "", repository: org/app, tag: 1.10, digest: "", pullSecrets: [a, {name: b}]}
global: {imageRegistry: reg.example, labels: {g: 1}}
replicas: 3
ports: {http: 80, metrics: 9090, odd: "8080"}
env:
- {name: A, value: "{{ .Values.image.repository | upper }}"}
- {name: B, valueFrom: {secretKeyRef: {name: '{{ include "c.fullname" . }}', key: k}}}
- {name: C, value: "true"}
extra: |
  host: {{ .Release.Name }}.{{ .Release.Namespace }}
  {{- range $i, $e := until (int .Values.replicas) }}
  node-{{ $i }}: {{ $e }}
  {{- end }}
config:
  server: {port: 8080, hosts: [a, b], tls: {enabled: false, min: 1.2}}
  ratio: 0.25
  big: 12345678
  when: 2024-02-29T12:00:00Z
  none: null
  list: [{a: 1, b: [x, y]}, {a: 2}]
resources: {limits: {cpu: 100m, memory: 128Mi}, requests: {cpu: 0.1}}
affinity: {}
tolerations: []
annotations: {"a/b": "1", n: 2, t: true}
ingress: {enabled: true, hosts: [{host: "{{ .Values.nameOverride | default \"web\" }}.example", paths: [/, /api]}], tls: []}
`

// fileTemplate is a file that is no template but for tpl.
const fileTemplate = `{{ .Release.Name }} {{ .Values.replicas }}{{ include "c.name" . }}`

// uses are pieces of real charts; %E is an expression, %V a path of values, %K a key.
var uses = []string{
	`labels:{{ include "c.labels" . | nindent 2 }}`,
	`image: {{ include "c.image" (dict "image" .Values.image "global" .Values.global "chart" .Chart) | quote }}`,
	`v: {{ include "c.render" (dict "value" %V "context" $) | nindent 2 }}`,
	`v: {{ include "c.render" (dict "value" %V "context" $ "scope" %V) }}`,
	`m: {{ include "c.merge" (dict "values" (list .Values.annotations %V .Values.resources) "context" . ) | nindent 2 }}`,
	`f: {{ include "c.flat" (dict "map" %V "at" "") }}`,
	`{{ range $i, $e := until (int .Values.replicas) }}{{ $i }}-{{ $e }}: {{ printf "%s-%d" (include "c.fullname" $) $e | quote }}{{ end }}`,
	`{{ range $k, $v := %V }}{{ $k }}: {{ tpl (toString $v) $ | quote }}
{{ end }}`,
	`{{ range $i, $v := %V }}{{ if $i }},{{ end }}{{ $v | toString | quote }}{{ end }}`,
	`{{ dig %K %K "none" %V | toYaml }}`,
	`{{ dig "server" "tls" %K %E .Values.config }}`,
	`{{ (((.Values.config).server).tls).enabled | ternary "on" "off" }}`,
	`{{ mergeOverwrite (deepCopy %V) (dict %K %E) (default (dict) .Values.resources) | toYaml }}`,
	`{{ merge (dict %K %E "x" nil) (deepCopy .Values.config) | toJson }}`,
	`{{ $m := dict }}{{ range $k, $v := %V }}{{ $_ := set $m (toString $k | upper) $v }}{{ end }}{{ toYaml $m }}`,
	`{{ $l := list }}{{ range %V }}{{ $l = append $l . }}{{ end }}{{ $l | uniq | toJson }}`,
	`{{ toToml %V }}`, `{{ toToml (dict "a" %V "b" (dict %K %E)) | indent 2 }}`, `{{ fromToml (toToml .Values.config) | toJson }}`, `{{ fromYaml (toYaml %V) | toJson }}`, `{{ fromJson (toJson %V) | toYaml }}`, `{{ fromYamlArray (toYaml %V) | len }}`, `{{ toYamlPretty %V }}`, `{{ toPrettyJson %V }}`, `{{ toRawJson %V }}`,
	`{{ date %L (toDate "2006-01-02T15:04:05Z" "2024-02-29T12:00:00Z") }}`, `{{ .Values.config.when | toDate "2006-01-02T15:04:05Z07:00" | date %L }}`, `{{ dateInZone %L (toDate "2006-01-02" "2023-11-05") "America/New_York" }}`, `{{ now | dateModify "-24h" | date %L }}`, `{{ now | unixEpoch }}`,
	`{{ if semverCompare %R .Capabilities.KubeVersion.Version }}new{{ else }}old{{ end }}`, `{{ if semverCompare %R (default .Capabilities.KubeVersion.GitVersion .Values.nameOverride) }}new{{ end }}`, `{{ (semver .Chart.Version).Major }}.{{ (semver .Capabilities.KubeVersion.Version).Minor }}`, `{{ semver "1.2.3-rc.1+x" | toJson }}`, `{{ ge (int .Capabilities.KubeVersion.Minor) 21 }}`,
	`{{ regexReplaceAll "(?P<first>[a-z]+)-(?P<last>[a-z0-9]+)" %S "${last}.${first}" }}`, `{{ regexReplaceAll "(?i)[^a-z0-9]+" (include "c.labels" .) "-" }}`, `{{ regexFind "(?P<v>[0-9]+)\\.(?P<w>[0-9]+)" .Capabilities.KubeVersion.Version }}`, `{{ regexSplit "[:,/]+" %S -1 | toJson }}`, `{{ regexFindAll "[a-z]+" (toJson %V) 3 }}`, `{{ regexMatch "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" (include "c.fullname" .) }}`,
	`{{ printf "%v" %V }}`, `{{ printf "%+v|%#v" %V %E }}`, `{{ printf "%s %q %v %T" %V %S %E %V }}`, `{{ printf "%v %v" (list %V %E) (dict %K %V) }}`, `{{ print %V " " %E }}`, `{{ println %V }}`, `{{ cat %V %E }}`, `{{ %V }}`, `{{ %V | quote }}`, `{{ %V | squote }}`,
	`{{ if .Capabilities.APIVersions.Has %A }}has{{ else }}not{{ end }}`, `{{ or (.Capabilities.APIVersions.Has %A) (.Capabilities.APIVersions.Has "apps/v1/Deployment") | toString }}`, `{{ range .Capabilities.APIVersions }}{{ if hasPrefix "apps" . }}{{ . }} {{ end }}{{ end }}`,
	`{{ $found := lookup "v1" "Secret" .Release.Namespace (include "c.fullname" .) }}{{ if and $found $found.data }}{{ index $found.data "k" }}{{ else }}{{ %S | b64enc }}{{ end }}`, `{{ (lookup "v1" "ConfigMap" "" "").items | default list | len }}`, `{{ dig "data" %K "none" (lookup "v1" "Secret" "a" "b") }}`, `{{ index (lookup "apps/v1" "Deployment" "a" "b") "spec" "x" }}`,
	`{{ (.Files.Glob %G).AsConfig | indent 2 }}`, `{{ (.Files.Glob %G).AsSecrets | nindent 2 }}`, `{{ range $path, $_ := .Files.Glob %G }}{{ base $path }}: {{ $.Files.Get $path | b64enc }}
{{ end }}`, `{{ tpl (.Files.Get "f/t.tpl") . }}`, `{{ tpl ((.Files.Glob %G).AsConfig) . }}`, `{{ range .Files.Lines "f/a.txt" }}[{{ . }}]{{ end }}`, `{{ $f := .Files }}{{ range tuple "f/a.txt" "nope" "one" }}{{ . }}: |-
{{ $f.Get . | indent 2 }}
{{ end }}`,
	`checksum: {{ include (print $.Template.BasePath "/b.yaml") . | sha256sum }}`, `{{ include (print .Template.BasePath "/nope.yaml") . }}`, `{{ tpl "{{ .Template.Name }} {{ include \"c.name\" . }}" $ }}`, `{{ tpl .Values.extra . | nindent 2 }}`, `{{ tpl (toYaml .Values.env) $ | fromYamlArray | toJson }}`, `{{ tpl "{{ define \"new\" }}n{{ . }}{{ end }}{{ include \"new\" 1 }}" . }}`, `{{ tpl "{{ $x := .Values.config }}{{ range $k, $v := $x }}{{ $k }}{{ end }}" $ }}`,
	`{{- with .Values.ingress }}{{ if .enabled }}{{ range .hosts }}{{ tpl .host $ }}{{ range .paths }}{{ . }}{{ end }}{{ end }}{{ end }}{{ end }}`,
	`{{ range $name, $port := .Values.ports }}{{ if kindIs "string" $port }}{{ $port | int }}{{ else }}{{ add $port 1 }}{{ end }};{{ end }}`, `{{ range $i, $e := .Values.config.list }}{{ $e.a }}{{ range ($e.b | default list) }}{{ . }}{{ end }}{{ end }}`,
	`{{ .Values.image.tag }} {{ .Values.image.tag | quote }} {{ .Values.config.big }} {{ int64 .Values.config.big }} {{ .Values.config.ratio | mulf 100 | int }} {{ .Values.config.big | toString }}`,
	`{{ $x := 0 }}{{ range until 5 }}{{ if eq . 3 }}{{ break }}{{ end }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ $x = add $x . }}{{ end }}{{ $x }}`,
	`{{ pick .Values.config "ratio" %K | toYaml }}{{ omit .Values.config "list" %K | keys | sortAlpha | join "," }}`, `{{ values .Values.annotations | len }}{{ keys .Values.ports | sortAlpha }}`, `{{ get .Values.ports %K }}{{ hasKey %V %K }}`, `{{ pluck %K .Values.config .Values.ports (dict %K %E) | first }}`, `{{ without (list 1 2 %E) %E | toJson }}`, `{{ has %E %V }}`, `{{ list %E nil "" 0 | compact | toJson }}`, `{{ concat .Values.tolerations .Values.env (list %V) | toJson }}`, `{{ first .Values.env | toJson }}{{ rest .Values.env | len }}`, `{{ chunk 2 (list 1 2 3 %E) | toJson }}`, `{{ seq 1 2 %N }}`, `{{ untilStep 0 %N 2 | join "," }}`, `{{ splitList "/" .Values.image.repository | last }}`, `{{ (split "/" .Values.image.repository)._0 }}`,
	`{{ sha256sum (toJson %V) }}{{ sha1sum %S }}{{ adler32sum %S }}`, `{{ b32enc %S | b32dec }}`, `{{ randAlphaNum 8 | len }}`, `{{ uuidv4 | len }}`,
	`{{ required "need it" %V }}`, `{{ fail (printf "no %s" %K) }}`, `{{ $v := required "x" .Values.image.repository }}{{ $v }}`, `{{ .Values.nope.deep }}`, `{{ .Values.config.none.x }}`, `{{ .Values.image.digest.x }}`, `{{ index .Values "config" "server" %K }}`, `{{ index .Values.env %N "name" }}`, `{{ index .Values.config.list 0 %K }}`, `{{ include "c.labels" (dict "Values" .Values) }}`, `{{ include "nope" . }}`, `{{ template "c.name" . }}`,
	`{{ ternary %V %E (eq (toString %V) "x") | toJson }}`, `{{ coalesce nil "" .Values.nope %V | toJson }}`, `{{ default %E %V | toJson }}`, `{{ empty %V }}`, `{{ %V | toJson | fromJson | toJson | quote }}`, `{{ eq %V %E }}`, `{{ if and %V (not %E) }}y{{ else if %E }}z{{ end }}`, `{{ if or %V (fail "x") }}y{{ end }}`, `{{ typeOf %V }} {{ kindOf %V }} {{ typeIsLike "string" %V }}`, `{{ len %V }}`, `{{ lower %S | camelcase | snakecase }}`, `{{ title %S }}{{ nospace %S }}{{ initials %S }}`, `{{ %S | wrap 5 | nindent 2 }}`, `{{ trimAll "/" %S | replace "." "-" | trunc 20 | trimSuffix "-" | quote }}`, `{{ urlParse "https://u:p@h:1/p?q#f" | toJson }}`, `{{ $u := urlParse (printf "https://%s" %S) }}{{ $u.host }}`, `{{ urlJoin (dict "scheme" "https" "host" %S "path" "/x") }}`,
}

// combos is a chart as charts are: helpers, values, files, and a few uses of them together.
func (g *gen) combos(c *Case) {
	for name, text := range chartFiles {
		c.Files[name] = latin(text)
	}
	c.Files["f/t.tpl"] = fileTemplate
	c.Files["templates/_helpers.tpl"] = helpers
	c.Files["templates/b.yaml"] = "b: {{ .Values.replicas }}\n"
	values := chartValues
	if g.one(10) {
		values = g.mutate(values)
	}
	c.Files["values.yaml"] = latin(values)
	if g.one(3) {
		c.Values = latin(g.overrides())
	}
	for g.one(3) {
		c.Flags = append(c.Flags, g.override())
	}
	if g.one(6) {
		c.Files["Chart.yaml"] += "kubeVersion: " + quoted(ranges[g.r.Intn(len(ranges))]) + "\n"
	}
	text := ""
	for i := range 1 + g.r.Intn(4) {
		use := g.use()
		switch g.r.Intn(8) {
		case 0:
			use = "{{- if " + g.path0() + " }}" + use + "{{ end }}"
		case 1:
			use = fmt.Sprintf("{{ define \"d%d\" }}%s{{ end }}{{ include \"d%d\" $ | nindent 2 }}", i, use, i)
		case 2:
			use = "{{ with $ }}" + use + "{{ end }}"
		case 3:
			use = "{{ range $q, $p := list 1 2 }}{{ with $ }}" + use + "{{ end }}{{ end }}"
		case 4:
			use = "{{ tpl " + quoted(use) + " . }}"
		}
		text += use + g.pick("\n", "\n---\n", "", "\n\n")
	}
	if g.one(6) {
		c.Files["templates/a.yaml"] = latin(text)
		return
	}
	c.Files["templates/a.yaml"] = boxed
	c.Files["templates/_t.tpl"] = latin(text)
}

// use fills in one of the pieces.
func (g *gen) use() string {
	text := uses[g.r.Intn(len(uses))]
	var b strings.Builder
	for {
		at := strings.IndexByte(text, '%')
		if at < 0 || at+1 == len(text) {
			return b.String() + text
		}
		b.WriteString(text[:at])
		switch text[at+1] {
		case 'V':
			b.WriteString(g.path0())
		case 'E':
			b.WriteString(g.operand(g.anyOf(), 1))
		case 'K':
			b.WriteString(g.pick(`"server"`, `"port"`, `"a"`, `"ratio"`, `"nope"`, `"tls"`, `"http"`, `"list"`, `"none"`, `""`))
		case 'S':
			b.WriteString(g.operand(strKind, 1))
		case 'L':
			b.WriteString(quoted(g.layout()))
		case 'R':
			b.WriteString(quoted(ranges[g.r.Intn(len(ranges))]))
		case 'A':
			b.WriteString(g.pick(`"v1"`, `"apps/v1/Deployment"`, `"policy/v1"`, `"monitoring.coreos.com/v1/ServiceMonitor"`, `"networking.k8s.io/v1/Ingress"`, `""`))
		case 'G':
			b.WriteString(g.pick(`"f/**"`, `"f/*"`, `"**.yaml"`, `"conf/*.{yaml,json}"`, `"nope/*"`, `"f/[ab].*"`, `"*"`, `"**/*.t*"`))
		case 'N':
			b.WriteString(g.pick("0", "1", "3", "-1", "7"))
		default:
			b.WriteString(text[at : at+2])
		}
		text = text[at+2:]
	}
}

// path0 is a path of values that charts have.
func (g *gen) path0() string {
	return "$.Values." + g.pick("config", "config", "config.server", "config.server.tls", "config.list", "config.ratio", "config.big", "config.when", "config.none", "env", "ports", "annotations", "resources", "resources.limits", "affinity", "tolerations", "extra", "replicas", "image", "image.tag", "image.pullSecrets", "commonLabels", "ingress.hosts", "ingress.enabled", "global", "nameOverride", "nope", "nope.x")
}

func (g *gen) overrides() string {
	text := ""
	for range 1 + g.r.Intn(3) {
		text += g.pick("replicas: 1\n", "replicas: \"2\"\n", "nameOverride: web\n", "image: {tag: 2, digest: sha256:abc}\n", "image: null\n", "config: {server: null}\n", "config: {server: {port: 1, tls: {enabled: true}}, none: 1}\n", "config: {list: null, new: {x: [1.0, 1e3]}}\n", "env: []\n", "env: null\n", "global: {imageRegistry: null}\n", "ingress: {enabled: false}\n", "annotations: {n: null, z: 1}\n", "resources: {}\n", "resources: x\n", "commonLabels: {x: \"{{ .Values.nope.y }}\"}\n", "commonLabels: null\n", "extra: \"{{ fail \\\"x\\\" }}\"\n", "tolerations: [{key: a, operator: Exists}]\n")
	}
	return text
}

func (g *gen) override() Flag {
	if g.one(4) {
		return Flag{"json", g.pick(`config={"a":[1,null]}`, `env=[{"name":"X","value":1.5}]`, `{"replicas":5,"image":null}`, `resources=null`)}
	}
	return Flag{g.pick("set", "set", "string"), g.pick("replicas=4", "replicas=null", "image.tag=2.0", "image=null", "config.list[0].a=9", "config.list[3].a=9", "config.list=null", "config.server.hosts={x,y,null}", "env[1].value=z", "env[1]=null", "env={}", "ports.http=null", "ports.new=1e3", "annotations.a/b=2", "annotations.a\\.b=2", "global.imageRegistry=", "nameOverride=true", "ingress.hosts[0].paths[1]=/v2", "ingress.hosts[0].host=h", "tolerations[0].key=a", "config.none.x=1", "config.big=99999999999", "config.ratio=1e21")}
}

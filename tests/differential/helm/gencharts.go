package main

import (
	"fmt"
	"strings"
)

// common are helpers of the kinds that public charts have, in words of our own: names that are cut,
// labels, texts that are templates, images, versions of the cluster, and checks that fail.
const common = `{{- define "c.short" -}}
{{- . | toString | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- define "c.name" -}}
{{- include "c.short" (coalesce .Values.nameOverride .Chart.Name "none") -}}
{{- end -}}
{{- define "c.fullname" -}}
{{- $own := include "c.name" . -}}
{{- with .Values.fullnameOverride }}{{ include "c.short" . }}{{ else -}}
{{- if hasPrefix $own .Release.Name }}{{ include "c.short" .Release.Name }}{{ else -}}
{{- include "c.short" (list .Release.Name $own | join "-") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- define "c.selectorLabels" -}}
app: {{ include "c.name" . }}
release: {{ .Release.Name | quote }}
{{- end }}
{{- define "c.labels" -}}
{{ include "c.selectorLabels" . }}
chart: {{ cat .Chart.Name .Chart.Version | replace " " "-" | replace "+" "_" }}
{{- if .Chart.AppVersion }}
version: {{ quote .Chart.AppVersion }}
{{- end }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
by: {{ .Release.Service }}
{{- end }}
{{- define "c.serviceAccountName" -}}
{{- $account := .Values.serviceAccount -}}
{{- $otherwise := ternary (include "c.fullname" .) "default" (eq (toString $account.create) "true") }}
{{- default $otherwise $account.name }}
{{- end }}
{{- define "c.render" -}}
{{- $text := .of }}
{{- if not (kindIs "string" .of) }}{{ $text = toYaml .of }}{{ end }}
{{- if not (regexMatch "[{][{]" $text) }}{{ $text }}
{{- else if .below }}
  {{- tpl (printf "{{ with .below }}%s{{ end }}" $text) (mergeOverwrite (dict) (omit .in "Template") (dict "below" .below "Template" .in.Template)) }}
{{- else }}
  {{- tpl $text .in }}
{{- end }}
{{- end -}}
{{- define "c.merged" -}}
{{- $all := dict -}}
{{- range $part := .parts -}}
{{- $_ := merge $all (include "c.render" (dict "of" $part "in" $.in "below" $.below) | fromYaml) -}}
{{- end -}}
{{ toYaml $all }}
{{- end -}}
{{- define "c.image" -}}
{{- $from := coalesce (dig "imageRegistry" "" (default dict .global)) .image.registry -}}
{{- $name := compact (list $from .image.repository) | join "/" -}}
{{- with .image.digest }}{{ $name }}@{{ . }}{{ else }}{{ $name }}:{{ .image.tag }}{{ end -}}
{{- end -}}
{{- define "c.kubeVersion" -}}
{{- .Values.kubeVersion | default .Capabilities.KubeVersion.Version | nospace | replace "+" "" -}}
{{- end -}}
{{- define "c.isStable" -}}
{{- include "c.kubeVersion" . | semverCompare ">=1.21-0" | ternary "true" "false" -}}
{{- end -}}
{{- define "c.validate" -}}
{{- $said := compact (list (include "c.validate.replicas" . | trim)) -}}
{{- if $said }}{{ fail (printf "\nwrong values:\n%s" (join "\n" $said)) }}{{ end -}}
{{- end -}}
{{- define "c.validate.replicas" -}}
{{- with .Values.autoscaling -}}
{{- if and .enabled (gt (.minReplicas | int) (.maxReplicas | int)) }}
c: replicas
    {{ .minReplicas }} is more than {{ .maxReplicas }}
{{- end -}}
{{- end -}}
{{- end -}}
`

// known values of such charts, each with what it is in one of them.
var chartTree = [][]string{
	{"nameOverride", `""`, "web", "null"},
	{"fullnameOverride", `""`, "a-very-long-name-that-is-cut-because-it-does-not-fit-into-63-chars-at-all", `"{{ .Release.Name }}"`},
	{"kubeVersion", `""`, "1.19.3", "v1.31.0-eks-1"},
	{"commonLabels", "{}", "{team: a, n: 1}", `{x: '{{ include "c.name" . }}'}`, "null"},
	{"image", "{registry: images.example, repository: a/b, tag: 1.0, pullPolicy: IfNotPresent}", `{repository: b, tag: "", digest: "sha256:00", pullSecrets: [s]}`, "{repository: b, tag: 2}", "null"},
	{"global", "{}", "{imageRegistry: r.example, storageClass: fast}", "{imagePullSecrets: [{name: p}, q]}"},
	{"replicaCount", "1", "0", `"2"`, "2.0", "null"},
	{"autoscaling", "{enabled: false}", "{enabled: true, minReplicas: 1, maxReplicas: 3, targetCPU: 80}", "{enabled: true, minReplicas: 3, maxReplicas: 2}", `{enabled: "true"}`},
	{"serviceAccount", "{create: true, name: \"\", annotations: {}}", "{create: false}", "{create: true, name: sa, annotations: {a/b: c}, automountServiceAccountToken: false}"},
	{"service", "{type: ClusterIP, port: 80}", "{type: NodePort, ports: {http: 80, https: 443}, nodePorts: {http: 30000}}", "{type: LoadBalancer, port: \"80\", loadBalancerSourceRanges: [10.0.0.0/8], externalTrafficPolicy: Local}"},
	{"ingress", "{enabled: false}", "{enabled: true, className: nginx, annotations: {k/v: \"true\"}, hosts: [{host: a.b, paths: [{path: /, pathType: Prefix}]}], tls: [{secretName: t, hosts: [a.b]}]}", `{enabled: true, hosts: ["{{ .Release.Name }}.b"], hostname: h, extraHosts: [{name: x, path: /}]}`},
	{"resources", "{}", "{limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 0.5, memory: 512Mi}}", "null"},
	{"podAnnotations", "{}", `{a: "1", b: '{{ .Values.replicaCount }}'}`, "{n: 1, t: true}"},
	{"nodeSelector", "{}", "{kubernetes.io/os: linux}"},
	{"tolerations", "[]", "[{key: a, operator: Exists}]", `"- key: {{ .Release.Name }}\n"`},
	{"affinity", "{}", "{nodeAffinity: {x: [1]}}", `"podAntiAffinity:\n  x: {{ .Release.Name }}\n"`},
	{"env", "{}", "{A: b, C: 1, D: null}", "[]", "[{name: A, value: b}, {name: E, valueFrom: {secretKeyRef: {name: s, key: k}}}]"},
	{"extraEnvVars", "[]", `[{name: X, value: '{{ include "c.fullname" . }}'}]`, "\"\""},
	{"extraVolumes", "[]", "[{name: v, emptyDir: {}}]", `"- name: v\n  configMap: {name: {{ include \"c.fullname\" . }}}\n"`},
	{"config", "{}", "{a: {b: {c: 1}}, list: [x, y], s: \"two\\nlines\\n\"}", "{a: {b: '{{ .Release.Namespace }}'}}", "{server: {port: 8080, tls: {enabled: true}}, logLevel: info, ratio: 0.1, big: 10000000}"},
	{"persistence", "{enabled: false}", "{enabled: true, size: 8Gi, accessModes: [ReadWriteOnce], storageClass: \"-\"}", "{enabled: true, existingClaim: '{{ .Release.Name }}-data', annotations: {}}"},
	{"securityContext", "{}", "{runAsUser: 1000, fsGroup: 2000, enabled: true}", "{enabled: false, runAsNonRoot: true}"},
	{"metrics", "{enabled: false, serviceMonitor: {enabled: false}}", "{enabled: true, serviceMonitor: {enabled: true, interval: 30s, labels: {r: p}, namespace: m}, port: 9090}"},
	{"auth", "{enabled: true, password: \"\", existingSecret: \"\"}", "{enabled: true, password: \"p w\", username: u}", "{enabled: false}"},
	{"extraDeploy", "[]", `[{apiVersion: v1, kind: ConfigMap, metadata: {name: '{{ include "c.fullname" . }}-x'}}, "kind: Secret\nmetadata: {name: y}\n"]`},
	{"architecture", "standalone", "replication", `""`},
	{"hostAliases", "[]", "[{ip: 1.2.3.4, hostnames: [a, b]}]"},
	{"args", "[]", "[-a, --b=1]", `"--x"`},
}

var chartPaths = []string{
	"image", "image.tag", "image.pullPolicy", "image.pullSecrets", "image.registry", "global", "global.imageRegistry", "global.storageClass", "replicaCount", "autoscaling", "autoscaling.enabled", "autoscaling.minReplicas", "serviceAccount.create", "serviceAccount.name", "serviceAccount.annotations", "service.type", "service.port", "service.ports", "service.ports.http", "service.nodePorts", "service.loadBalancerSourceRanges", "ingress", "ingress.enabled", "ingress.className", "ingress.annotations", "ingress.hosts", "ingress.tls", "ingress.extraHosts", "resources", "resources.limits", "podAnnotations", "nodeSelector", "tolerations", "affinity", "env", "extraEnvVars", "extraVolumes", "config", "config.a", "config.a.b", "config.list", "config.s", "config.server", "config.server.tls.enabled", "config.logLevel", "config.big", "config.ratio", "persistence.enabled", "persistence.size", "persistence.accessModes", "persistence.existingClaim", "persistence.storageClass", "securityContext", "securityContext.enabled", "metrics.enabled", "metrics.serviceMonitor.enabled", "metrics.serviceMonitor.labels", "metrics.serviceMonitor.interval", "auth.enabled", "auth.password", "auth.existingSecret", "extraDeploy", "architecture", "hostAliases", "args", "nameOverride", "fullnameOverride", "commonLabels", "kubeVersion", "missing", "missing.deep",
}

// charts is a chart whose manifests are built as public ones are.
func (g *gen) charts(c *Case) {
	c.Files["templates/_helpers.tpl"] = common
	values, given := "", ""
	for _, known := range chartTree {
		if !g.one(60) {
			values += known[0] + ": " + g.known(known) + "\n"
		}
		if g.one(8) {
			given += known[0] + ": " + g.known(known) + "\n"
		}
	}
	c.Files["values.yaml"], c.Values = latin(values), latin(given)
	for g.one(6) {
		c.Flags = append(c.Flags, Flag{g.pick("set", "set", "string"), chartPaths[g.r.Intn(len(chartPaths))] + "=" + g.pick("true", "false", "null", "1", "x", "", "{a,b}")})
	}
	for i := range 1 + g.r.Intn(3) {
		c.Files[fmt.Sprintf("templates/m%d.yaml", i)] = latin(g.chartManifest())
	}
	if g.one(3) {
		c.Files["templates/extra-list.yaml"] = "{{- range .Values.extraDeploy }}\n---\n{{ include \"c.render\" (dict \"of\" . \"in\" $) }}\n{{- end }}\n"
	}
	if g.one(4) {
		c.Files["templates/NOTES.txt"] = `{{- include "c.validate" . }}{{ if contains "NodePort" .Values.service.type }}x{{ end }}`
	}
	delete(c.Files, "templates/a.yaml")
}

func (g *gen) known(values []string) string {
	value := values[1+g.r.Intn(len(values)-1)]
	if value == "null" && !g.one(4) {
		return values[1]
	}
	return value
}

func (g *gen) chartManifest() string {
	b := &strings.Builder{}
	open := g.one(2)
	if open {
		fmt.Fprintf(b, "{{- if %s }}\n", g.condition(2))
	}
	for g.one(3) {
		fmt.Fprintf(b, "{{- $%s := %s %s}}\n", g.pick("name", "root", "ctx", "labels"), g.term(2), g.pick("", "-"))
	}
	fmt.Fprintf(b, "apiVersion: %s\nkind: %s\nmetadata:\n  name: %s\n  namespace: %s\n  labels: {{- include \"c.labels\" . | nindent 4 }}\n",
		g.pick("v1", "apps/v1", `{{ include "c.isStable" . | eq "true" | ternary "policy/v1" "policy/v1beta1" }}`, `{{ if .Capabilities.APIVersions.Has "networking.k8s.io/v1" }}networking.k8s.io/v1{{ else }}extensions/v1beta1{{ end }}`),
		g.pick("ConfigMap", "Deployment", "Service", "Secret", "Ingress", "StatefulSet"), g.pick(`{{ include "c.fullname" . }}`, `{{ template "c.fullname" . }}`, `{{ printf "%s-x" (include "c.fullname" .) | trunc 20 | trimSuffix "-" }}`), g.pick("{{ .Release.Namespace | quote }}", "{{ .Release.Namespace }}", `{{ default .Release.Namespace .Values.namespaceOverride }}`))
	g.block(b, "  ", 2)
	b.WriteString("spec:\n")
	g.block(b, "  ", 3)
	if open {
		b.WriteString("{{- end }}\n")
	}
	return b.String()
}

// block is what stands in a map that is indented so far.
func (g *gen) block(b *strings.Builder, in string, d int) {
	deep := len(in) + 2
	for range 1 + g.r.Intn(4) {
		key := g.pick("a", "b", "c", "annotations", "replicas", "template", "selector", "data", "env", "ports", "key"+fmt.Sprint(g.r.Intn(9)))
		path := g.chartPath()
		switch kind := g.r.Intn(17); {
		case kind == 0 && d > 0:
			fmt.Fprintf(b, "%s{{- if %s }}\n", in, g.condition(2))
			g.block(b, in, d-1)
			if g.one(3) {
				fmt.Fprintf(b, "%s{{- else if %s }}\n", in, g.condition(1))
				g.block(b, in, d-1)
			}
			if g.one(2) {
				fmt.Fprintf(b, "%s{{- else }}\n", in)
				g.block(b, in, d-1)
			}
			fmt.Fprintf(b, "%s{{- end }}\n", in)
		case kind <= 2:
			fmt.Fprintf(b, "%s{{- with %s }}\n%s%s:\n%s  {{- %s | nindent %d }}\n%s{{- end }}\n", in, path, in, key, in, g.pick("toYaml .", "toYaml .", "tpl (toYaml .) $", "toYaml . | trim", "tpl (. | toString) $"), deep, in)
		case kind == 3:
			fmt.Fprintf(b, "%s%s:\n{{ toYaml %s | indent %d }}\n", in, key, path, deep)
		case kind == 4:
			fmt.Fprintf(b, "%s%s: {{- include \"c.render\" (dict \"of\" %s \"in\" $) | nindent %d }}\n", in, key, path, deep)
		case kind == 5:
			fmt.Fprintf(b, "%s%s: {{- include \"c.merged\" (dict \"parts\" (list %s %s) \"in\" $) | nindent %d }}\n", in, key, path, g.chartPath(), deep)
		case kind == 6 || kind == 7:
			if path = g.pick("$.Values.config", "$.Values.podAnnotations", "$.Values.service", "$.Values.nodeSelector", "$.Values.env", "$.Values.hostAliases"); g.one(12) {
				path = g.chartPath()
			}
			if kind == 7 {
				fmt.Fprintf(b, "%s%s:\n%s{{- range %s }}\n%s  - %s\n%s{{- else }}\n%s  []\n%s{{- end }}\n", in, key, in, path, in, g.pick("{{ . }}", "{{ . | quote }}", "{{ . | toJson }}", "{{ tpl (toYaml .) $ | indent 4 | trim }}", "{{ if kindIs \"map\" . }}{{ .host | default .name | quote }}{{ else }}{{ tpl (toString .) $ }}{{ end }}"), in, in, in)
				continue
			}
			fmt.Fprintf(b, "%s%s:\n%s  {{- range $k, $v := %s }}\n%s  {{ $k }}: {{ %s }}\n%s  {{- end }}\n", in, key, in, path, in, g.pick("$v", "$v | quote", "tpl (toString $v) $ | quote", "toYaml $v | nindent 6", "$v | toJson", "include \"c.render\" (dict \"of\" $v \"in\" $)"), in)
		case kind == 8 && d > 0:
			fmt.Fprintf(b, "%s%s:\n", in, key)
			g.block(b, in+"  ", d-1)
		case kind == 9:
			fmt.Fprintf(b, "%s{{- /* %s */}}\n%s# {{ .Release.Name }}\n", in, key, in)
		case kind == 10:
			fmt.Fprintf(b, "%s%s: |-\n%s  {{- %s | nindent %d }}\n", in, key, in, g.term(2), deep)
		case kind == 11:
			fmt.Fprintf(b, "%s{{- $_ := set %s %q (%s) }}\n", in, g.table(), key, g.term(1))
		case kind == 12:
			fmt.Fprintf(b, "%simage: {{ include \"c.image\" (dict \"image\" .Values.image \"global\" .Values.global) %s}}\n", in, g.pick("", "| quote "))
		default:
			fmt.Fprintf(b, "%s%s: {{ %s%s }}\n", in, key, g.term(2), g.pick("", "", " | quote", " | toString | quote", " | toString | int", " | toString | b64enc", " | toJson", " | default \"d\"", " | squote"))
		}
	}
}

func (g *gen) chartPath() string {
	root := g.pick(".Values.", ".Values.", "$.Values.")
	path := chartPaths[g.r.Intn(len(chartPaths))]
	if strings.HasPrefix(path, "missing") && !g.one(6) {
		path = "config"
	}
	if at := strings.LastIndexByte(path, '.'); at > 0 && !g.one(5) {
		above := strings.Split(path[:at], ".")
		return strings.Repeat("(", len(above)) + root + strings.Join(above, ").") + ")." + path[at+1:]
	}
	return root + path
}

// table is an expression whose value is a map, as a rule.
func (g *gen) table() string {
	if g.one(25) {
		return g.chartPath()
	}
	return g.pick("$.Values", "($.Values.config | default dict)", "($.Values.service | default dict)", "($.Values.global | default dict)", "(default (dict) $.Values.resources)", "(dict \"a\" "+g.chartPath()+")", "($.Values.podAnnotations | default dict)")
}

// sequence is an expression whose value is a list, as a rule.
func (g *gen) sequence() string {
	if g.one(25) {
		return g.chartPath()
	}
	return g.pick("($.Values.tolerations | default list)", "(list \"x\" "+g.chartPath()+")", "(default list $.Values.hostAliases)", "(concat list ($.Values.persistence.accessModes | default list))", "(splitList \",\" (toString "+g.chartPath()+"))", "(keys "+g.table()+" | sortAlpha)")
}

func (g *gen) condition(d int) string {
	path := g.chartPath()
	sub := func() string { return "(" + g.condition(d-1) + ")" }
	switch kind := g.r.Intn(16); {
	case d > 0 && kind < 4:
		return g.pick("and", "or", "and", "or") + " " + path + " " + sub() + g.pick("", " "+g.chartPath())
	case d > 0 && kind < 6:
		return "not " + sub()
	case kind == 6:
		return g.pick("eq", "ne") + " " + path + " " + g.pick(`"replication"`, `"NodePort"`, `"-"`, `""`, "true", "1", `"nginx"`)
	case kind == 7:
		return "hasKey " + g.table() + " " + g.pick(`"a"`, `"ports"`, `"global"`, `"server"`)
	case kind == 8:
		return "semverCompare " + g.pick(`">=1.21-0"`, `"<1.19-0"`, `"^1.20.x-0"`, `">= 1.16"`) + " " + g.pick("(include \"c.kubeVersion\" .)", ".Capabilities.KubeVersion.Version", ".Capabilities.KubeVersion.GitVersion", "(default .Capabilities.KubeVersion.Version .Values.kubeVersion)")
	case kind == 9:
		return ".Capabilities.APIVersions.Has " + g.pick(`"policy/v1"`, `"monitoring.coreos.com/v1"`, `"autoscaling/v2"`)
	case kind == 10:
		return g.pick("gt", "lt", "ge", "le") + " (int " + path + ") " + g.pick("0", "1", "2", "(int .Values.replicaCount)")
	case kind == 11:
		return g.pick("kindIs \"map\" ", "kindIs \"slice\" ", "kindIs \"string\" ", "typeIs \"bool\" ", "empty ", "kindIs \"invalid\" ") + path
	case kind == 12:
		return "has " + g.pick(`"x"`, `"ReadWriteOnce"`, `"a"`) + " " + g.sequence()
	case kind == 13:
		return "include \"c.serviceAccountName\" . | " + g.pick("eq \"default\"", "contains \"c\"", "not")
	case kind == 14:
		return "eq (" + g.term(1) + ") " + path
	}
	return path
}

// term is an expression as values of fields are written.
func (g *gen) term(d int) string {
	path := g.chartPath()
	if d == 0 {
		return path
	}
	sub := func() string { return "(" + g.term(d-1) + ")" }
	switch g.r.Intn(18) {
	case 0:
		return "default " + g.pick(`"x"`, "1", "dict", "list", `(include "c.fullname" .)`, ".Chart.AppVersion") + " " + path
	case 1:
		return `include "c.` + g.pick("fullname", "name", "chart", "serviceAccountName", "kubeVersion", "labels", "isStable") + `" ` + g.pick(".", "$")
	case 2:
		return `printf "` + g.pick("%s-%s", "%s:%v", "%v/%v", "%s%d") + `" ` + sub() + " " + path
	case 3:
		if g.one(12) {
			return "tpl " + path + " ."
		}
		return "tpl " + g.pick("(toYaml "+path+") $", "(toString "+path+") $", "(printf \"{{ .Release.Name }}-%v\" "+path+") .")
	case 4:
		return "ternary " + g.pick(`"a" "b"`, sub()+" nil") + " (" + g.condition(1) + ")"
	case 5:
		return "join " + g.pick(`","`, `" "`) + " " + path
	case 6:
		return "dig " + g.pick(`"a" "b"`, `"server" "tls" "enabled"`, `"ports" "http"`) + " " + g.pick(`"none"`, "dict", "1", path) + " " + g.table()
	case 7:
		return "get " + g.table() + " " + g.pick(`"a"`, `"port"`, `"list"`)
	case 8:
		if g.one(6) {
			return g.pick("first", "last", "len", "keys", "trunc 5", "kebabcase", "sortAlpha", "uniq", "compact", "upper", "deepCopy", "required \"needed\"") + " " + path
		}
		if g.one(2) {
			return g.pick("sha256sum", "b64enc", "upper", "lower", "title", "trimAll \"-\"", "replace \".\" \"-\"", "trunc 5", "trunc 63", "kebabcase", "camelcase", "trimSuffix \"-\"", "nospace", "len") + " (toString " + path + ")"
		}
		return g.pick("toYaml", "toJson", "quote", "int", "int64", "toString", "typeOf", "kindOf", "float64", "squote", "not", "empty", "atoi", "toStrings") + " " + path
	case 9:
		return "coalesce " + path + " " + g.chartPath() + " " + sub()
	case 10:
		return g.pick("merge", "mergeOverwrite", "mergeOverwrite") + " (dict \"x\" " + path + ") " + g.pick("(deepCopy "+g.table()+")", g.table(), "(dict \"x\" "+g.chartPath()+")")
	case 11:
		return g.pick("concat", "concat", "append") + " " + g.sequence() + " " + g.pick(g.sequence(), "(list \"z\")", "(list "+g.chartPath()+")")
	case 12:
		return g.pick("add", "sub", "mul", "div", "max", "min") + " " + path + " " + g.pick("1", "2", g.chartPath())
	case 13:
		return "omit " + g.pick("(deepCopy "+g.table()+")", g.table()) + " " + g.pick(`"enabled"`, `"type"`) + g.pick("", " | toYaml", " | toYaml | nindent 8")
	case 14:
		return "regexReplaceAll " + g.pick(`"[^a-z]+"`, `"\\W+"`, `"-$"`) + " (toString " + path + ") " + g.pick(`""`, `"-"`, `"${0}x"`)
	case 15:
		return g.pick("or", "and") + " " + path + " " + g.chartPath()
	case 16:
		return "include \"c.render\" (dict \"of\" " + path + " \"in\" $" + g.pick("", " \"below\" "+g.chartPath()) + ")"
	}
	return path
}

{{/* The arguments of `thanos rule`. */}}
{{- define "thanos.rule.args" -}}
{{- $ctx := . }}
{{- $ruler := .Values.ruler }}
{{- $query := include "thanos.componentName" (dict "ctx" . "component" "query") -}}
- rule
{{ include "thanos.logFlags" (dict "values" $ruler) }}
- --http-address=0.0.0.0:10902
- --grpc-address=0.0.0.0:10901
- --data-dir=/var/thanos/rule
- --eval-interval={{ $ruler.evalInterval }}
- --tsdb.retention={{ $ruler.tsdbRetention }}
- --rule-file=/etc/thanos/rules/*.yaml
- --query=dnssrv+_http._tcp.{{ include "thanos.serviceHost" (dict "ctx" . "service" $query) }}
- '--label={{ $ruler.replicaLabel }}="$(POD_NAME)"'
{{- include "thanos.labelFlags" $ruler }}
- --alert.label-drop={{ $ruler.replicaLabel }}
{{- with $ruler.alertQueryUrl }}
- --alert.query-url={{ . }}
{{- end }}
{{- if not $ruler.alertmanagers }}
{{- fail "ruler.alertmanagers: the ruler's alerts would go nowhere" }}
{{- end }}
{{- range $ruler.alertmanagers }}
- --alertmanagers.url={{ tpl . $ctx }}
{{- end }}
{{ include "thanos.objstoreFlag" . }}
{{- end }}

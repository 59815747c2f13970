{{/* The arguments of `thanos query`. */}}
{{- define "thanos.query.args" -}}
{{- $ctx := . }}
{{- $query := .Values.query -}}
- query
{{ include "thanos.logFlags" (dict "values" $query) }}
- --http-address=0.0.0.0:10902
- --grpc-address=0.0.0.0:10901
- --query.timeout={{ $query.timeout }}
- --query.max-concurrent={{ $query.maxConcurrent }}
{{- if $query.autoDownsampling }}
- --query.auto-downsampling
{{- end }}
{{- range $query.replicaLabel }}
- --query.replica-label={{ . }}
{{- end }}
{{- range include "thanos.query.endpoints" . | fromYamlArray }}
- --endpoint={{ . }}
{{- end }}
{{- range $query.stores }}
- --endpoint={{ tpl . $ctx }}
{{- end }}
{{- end }}

{{/* Store endpoints that are known from the values: headless Services, so that each pod is seen. */}}
{{- define "thanos.query.endpoints" -}}
{{- $ctx := . }}
{{- with .Values.query.dnsDiscovery }}
{{- if .sidecarsService }}
- dnssrv+_grpc._tcp.{{ .sidecarsService }}.{{ .sidecarsNamespace | default $ctx.Release.Namespace }}.svc.{{ $ctx.Values.clusterDomain }}
{{- end }}
{{- if .enabled }}
{{- range $key, $component := dict "receive" "receive" "storegateway" "store" "ruler" "rule" }}
{{- if (index $ctx.Values $key).enabled }}
{{- $service := printf "%s-headless" (include "thanos.componentName" (dict "ctx" $ctx "component" $component)) }}
- dnssrv+_grpc._tcp.{{ include "thanos.serviceHost" (dict "ctx" $ctx "service" $service) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

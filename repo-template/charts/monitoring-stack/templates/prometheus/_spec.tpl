{{/*
What Prometheus and PrometheusAgent share. Keys that both have under one name are handed on as they
are; what the values name differently (image, storageSpec, selectors) is written out.
*/}}
{{- define "stack.prometheus.commonSpec" -}}
{{- $ctx := . }}
{{- $spec := .Values.prometheus.prometheusSpec }}
{{- $name := include "stack.prometheus.name" . }}
image: {{ include "stack.image" (dict "image" $spec.image "tag" $spec.image.tag) }}
version: {{ $spec.image.tag | default "" | trimPrefix "v" | quote }}
serviceAccountName: {{ $name }}
automountServiceAccountToken: true
replicas: {{ $spec.replicas }}
shards: {{ $spec.shards }}
portName: http-web
{{- with $spec.storageSpec }}
storage:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $kind := list "serviceMonitor" "podMonitor" "probe" "scrapeConfig" }}
{{ $kind }}Selector:
  {{- include "stack.selector" (dict "ctx" $ctx "spec" $spec "kind" $kind) | nindent 2 }}
{{ $kind }}NamespaceSelector:
  {{- toYaml (index $spec (printf "%sNamespaceSelector" $kind) | default dict) | nindent 2 }}
{{- end }}
{{- range $key := list "logLevel" "logFormat" "scrapeInterval" "scrapeTimeout" "replicaExternalLabelName" "externalUrl" "routePrefix" "priorityClassName" "podManagementPolicy" "walCompression" }}
{{- with index $spec $key }}
{{ $key }}: {{ toYaml . }}
{{- end }}
{{- end }}
{{- range $key := list "externalLabels" "remoteWrite" "resources" "securityContext" "nodeSelector" "tolerations" "topologySpreadConstraints" "enableFeatures" "additionalArgs" "additionalScrapeConfigs" "persistentVolumeClaimRetentionPolicy" "podMetadata" "containers" "initContainers" "volumes" "volumeMounts" "secrets" "configMaps" "arbitraryFSAccessThroughSMs" }}
{{- with index $spec $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with include "stack.antiAffinity" (dict "spec" $spec "labels" (include "stack.prometheus.podLabels" $ctx)) | trim }}
affinity:
  {{- . | nindent 2 }}
{{- end }}
{{- with $ctx.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "stack.prometheus.name" -}}
{{- include "stack.componentName" (dict "ctx" . "component" "prometheus") }}
{{- end }}

{{/* What the Operator puts on the pods. */}}
{{- define "stack.prometheus.podLabels" -}}
app.kubernetes.io/name: {{ ternary "prometheus-agent" "prometheus" .Values.prometheus.agentMode }}
app.kubernetes.io/instance: {{ include "stack.prometheus.name" . }}
{{- end }}

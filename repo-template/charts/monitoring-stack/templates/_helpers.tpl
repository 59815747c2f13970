{{- define "stack.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{/* What names start with: the release's name when it already says `monitoring`. */}}
{{- define "stack.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 26 | trimSuffix "-" }}
{{- else if contains "monitoring" .Release.Name }}
{{- .Release.Name | trunc 26 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "stack.name" .) | trunc 26 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Arguments here and below: dict "ctx" $ "component" "grafana". */}}
{{- define "stack.componentName" -}}
{{- printf "%s-%s" (include "stack.fullname" .ctx) .component }}
{{- end }}

{{- define "stack.selectorLabels" -}}
app.kubernetes.io/name: {{ .component }}
app.kubernetes.io/instance: {{ .ctx.Release.Name }}
{{- end }}

{{- define "stack.labels" -}}
{{ include "stack.selectorLabels" . }}
app.kubernetes.io/part-of: {{ include "stack.name" .ctx }}
app.kubernetes.io/managed-by: {{ .ctx.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .ctx.Chart.Name .ctx.Chart.Version | replace "+" "_" }}
release: {{ .ctx.Release.Name | quote }}
{{- with .ctx.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* registry/repository:tag@sha256:…; dict "image" … "tag" <the tag when the image names none>. */}}
{{- define "stack.image" -}}
{{- $tag := .image.tag | default .tag -}}
{{- printf "%s/%s:%s" .image.registry .image.repository $tag -}}
{{- with .image.sha }}@sha256:{{ . }}{{ end -}}
{{- end }}

{{- define "stack.operatorTag" -}}
{{- printf "v%s" .Chart.AppVersion }}
{{- end }}

{{- define "stack.pullSecrets" -}}
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ if kindIs "map" . }}{{ .name }}{{ else }}{{ . }}{{ end }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Affinity as `podAntiAffinity: soft|hard` asks for; dict "spec" … "labels" <YAML text>. */}}
{{- define "stack.antiAffinity" -}}
{{- if eq .spec.podAntiAffinity "hard" }}
podAntiAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    - topologyKey: {{ .spec.podAntiAffinityTopologyKey }}
      labelSelector:
        matchLabels:
          {{- .labels | nindent 10 }}
{{- else if eq .spec.podAntiAffinity "soft" }}
podAntiAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      podAffinityTerm:
        topologyKey: {{ .spec.podAntiAffinityTopologyKey }}
        labelSelector:
          matchLabels:
            {{- .labels | nindent 12 }}
{{- end }}
{{- end }}

{{/* A selector of the Operator: what the values say, else this release's label, else everything. */}}
{{- define "stack.selector" -}}
{{- $chosen := index .spec (printf "%sSelector" .kind) -}}
{{- if $chosen }}
{{- toYaml $chosen }}
{{- else if index .spec (printf "%sSelectorNilUsesHelmValues" .kind) }}
{{- toYaml (dict "matchLabels" (dict "release" .ctx.Release.Name)) }}
{{- else -}}
{}
{{- end }}
{{- end }}

{{/* What a container is allowed: nothing. */}}
{{- define "stack.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* The security context of pods that need no particular user; dict "uid" 65534. */}}
{{- define "stack.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: {{ .uid }}
runAsGroup: {{ .uid }}
fsGroup: {{ .uid }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* Labels that the Operator puts on the pods of a custom resource; dict "ctx" $ "name" "prometheus". */}}
{{- define "stack.managedPodLabels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ include "stack.componentName" (dict "ctx" .ctx "component" (.component | default .name)) }}
{{- end }}

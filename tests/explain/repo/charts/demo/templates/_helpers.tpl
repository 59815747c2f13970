{{- define "demo.name" -}}
{{ printf "%s-%s" .Release.Name "web" }}
{{- end }}
{{- define "demo.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* The arguments of `thanos query-frontend`. */}}
{{- define "thanos.queryFrontend.args" -}}
{{- $frontend := .Values.queryFrontend }}
{{- $query := include "thanos.componentName" (dict "ctx" . "component" "query") -}}
- query-frontend
{{ include "thanos.logFlags" (dict "values" $frontend) }}
- --http-address=0.0.0.0:10902
- --query-frontend.downstream-url=http://{{ include "thanos.serviceHost" (dict "ctx" . "service" $query) }}:{{ .Values.query.service.ports.http }}
- --query-frontend.compress-responses
- --query-frontend.log-queries-longer-than={{ $frontend.logQueriesLongerThan }}
- --query-range.split-interval={{ $frontend.splitInterval }}
- --labels.split-interval={{ $frontend.splitInterval }}
{{- with $frontend.config }}
- |-
  --query-range.response-cache-config={{ toYaml . | nindent 2 | trim }}
{{- end }}
{{- end }}

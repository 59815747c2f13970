{{/* grafana.ini from a map of sections; the Ingress's first host becomes the root URL. */}}
{{- define "stack.grafana.ini" -}}
{{- $grafana := .Values.grafana }}
{{- $ini := deepCopy (index $grafana "grafana.ini") }}
{{- if and $grafana.ingress.enabled $grafana.ingress.hosts }}
{{- $host := first $grafana.ingress.hosts }}
{{- $root := printf "%s://%s%s" (ternary "https" "http" (not (empty $grafana.ingress.tls))) $host $grafana.ingress.path }}
{{- $server := merge (get $ini "server" | default dict) (dict "domain" $host "root_url" $root) }}
{{- $_ := set $ini "server" $server }}
{{- end }}
{{- $_ := set $ini "paths" (merge (get $ini "paths" | default dict) (dict "data" "/var/lib/grafana" "logs" "/var/lib/grafana/log" "plugins" "/var/lib/grafana/plugins" "provisioning" "/etc/grafana/provisioning")) }}
{{- range $section := keys $ini | sortAlpha }}
[{{ $section }}]
{{- $entries := get $ini $section }}
{{- range $key := keys $entries | sortAlpha }}
{{ $key }} = {{ get $entries $key }}
{{- end }}
{{ end }}
{{- end }}

{{/* Datasources: this chart's own Prometheus, its Alertmanager, and what the values add. */}}
{{- define "stack.grafana.datasources" -}}
{{- $own := .Values.grafana.sidecar.datasources -}}
apiVersion: 1
prune: true
datasources:
{{- if and $own.defaultDatasourceEnabled .Values.prometheus.enabled (not .Values.prometheus.agentMode) }}
  - name: {{ $own.name }}
    uid: {{ $own.uid }}
    type: prometheus
    access: proxy
    url: http://{{ include "stack.prometheus.name" . }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}:{{ .Values.prometheus.service.port }}
    isDefault: {{ $own.isDefaultDatasource }}
    jsonData:
      httpMethod: POST
      timeInterval: {{ .Values.prometheus.prometheusSpec.scrapeInterval }}
{{- end }}
{{- if .Values.alertmanager.enabled }}
  - name: Alertmanager
    uid: alertmanager
    type: alertmanager
    access: proxy
    url: http://{{ include "stack.componentName" (dict "ctx" . "component" "alertmanager") }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}:{{ .Values.alertmanager.service.port }}
    jsonData:
      implementation: prometheus
      handleGrafanaManagedAlerts: false
{{- end }}
{{- with .Values.grafana.additionalDataSources }}
{{- tpl (toYaml .) $ | nindent 2 }}
{{- end }}
{{- end }}

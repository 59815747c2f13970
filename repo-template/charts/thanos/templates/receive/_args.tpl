{{/* The arguments of `thanos receive`. */}}
{{- define "thanos.receive.args" -}}
{{- $receive := .Values.receive }}
{{- $headless := printf "%s-headless" (include "thanos.componentName" (dict "ctx" . "component" "receive")) -}}
- receive
{{ include "thanos.logFlags" (dict "values" $receive) }}
- --http-address=0.0.0.0:10902
- --grpc-address=0.0.0.0:10901
- --remote-write.address=0.0.0.0:19291
- --tsdb.path=/var/thanos/receive
- --tsdb.retention={{ $receive.tsdbRetention }}
{{- with $receive.outOfOrderTimeWindow }}
- --tsdb.out-of-order.time-window={{ . }}
{{- end }}
{{ include "thanos.objstoreFlag" . }}
- '--label={{ $receive.replicaLabel }}="$(POD_NAME)"'
{{- include "thanos.labelFlags" $receive }}
- --receive.tenant-header={{ $receive.tenantHeader }}
- --receive.default-tenant-id={{ $receive.defaultTenantId }}
- --receive.hashrings-algorithm={{ $receive.hashringsAlgorithm }}
- --receive.hashrings-file=/etc/thanos/hashrings/hashrings.json
- --receive.local-endpoint=$(POD_NAME).{{ include "thanos.serviceHost" (dict "ctx" . "service" $headless) }}:10901
- --receive.replication-factor={{ $receive.replicationFactor }}
{{- if $receive.limits }}
- --receive.limits-config-file=/etc/thanos/limits/limits.yaml
{{- end }}
{{- end }}

{{/* One hashring of all pods, each by its own name behind the headless Service. */}}
{{- define "thanos.receive.hashrings" -}}
{{- $name := include "thanos.componentName" (dict "ctx" . "component" "receive") }}
{{- $host := include "thanos.serviceHost" (dict "ctx" . "service" (printf "%s-headless" $name)) }}
{{- $endpoints := list }}
{{- range $i := until (int .Values.receive.replicaCount) }}
{{- $endpoints = append $endpoints (printf "%s-%d.%s:10901" $name $i $host) }}
{{- end }}
{{- list (dict "hashring" "default" "endpoints" $endpoints) | toPrettyJson }}
{{- end }}

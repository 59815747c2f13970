{{/* The arguments of `thanos store`. */}}
{{- define "thanos.store.args" -}}
{{- $store := .Values.storegateway -}}
- store
{{ include "thanos.logFlags" (dict "values" $store) }}
- --http-address=0.0.0.0:10902
- --grpc-address=0.0.0.0:10901
- --data-dir=/var/thanos/store
- --index-cache-size={{ $store.indexCacheSize }}
- --chunk-pool-size={{ $store.chunkPoolSize }}
{{- with $store.maxTime }}
- --max-time={{ . }}
{{- end }}
- --store.enable-index-header-lazy-reader
{{ include "thanos.objstoreFlag" . }}
{{- end }}

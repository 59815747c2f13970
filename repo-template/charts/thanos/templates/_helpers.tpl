{{/* The name of the chart, or what nameOverride puts in its place. */}}
{{- define "thanos.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* What every object's name starts with: the release's name when it says `thanos` already. */}}
{{- define "thanos.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "thanos.name" .) .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "thanos.name" .) | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Keys of values.yaml and the verbs that name their objects. */}}
{{- define "thanos.components" -}}
query: query
queryFrontend: query-frontend
receive: receive
storegateway: store
compactor: compact
ruler: rule
bucketweb: bucket-web
{{- end }}

{{/* Arguments: dict "ctx" $ "component" "query". */}}
{{- define "thanos.componentName" -}}
{{- printf "%s-%s" (include "thanos.fullname" .ctx) .component }}
{{- end }}

{{- define "thanos.selectorLabels" -}}
app.kubernetes.io/name: {{ include "thanos.name" .ctx }}
app.kubernetes.io/instance: {{ .ctx.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "thanos.labels" -}}
{{ include "thanos.selectorLabels" . }}
app.kubernetes.io/version: {{ .ctx.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .ctx.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .ctx.Chart.Name .ctx.Chart.Version | replace "+" "_" }}
{{- with .ctx.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "thanos.image" -}}
{{- $tag := .Values.image.tag | default (printf "v%s" .Chart.AppVersion) }}
{{- printf "%s/%s:%s" .Values.image.registry .Values.image.repository $tag }}
{{- with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* The host name of a Service of this release: dict "ctx" $ "service" "thanos-query". */}}
{{- define "thanos.serviceHost" -}}
{{- printf "%s.%s.svc.%s" .service .ctx.Release.Namespace .ctx.Values.clusterDomain }}
{{- end }}

{{- define "thanos.objstoreFlag" -}}
- --objstore.config=$(OBJSTORE_CONFIG)
{{- end }}

{{- define "thanos.logFlags" -}}
- --log.level={{ .values.logLevel }}
- --log.format={{ .values.logFormat }}
{{- end }}

{{/* Replicas of one component keep off each other's nodes, and spread over zones where they can. */}}
{{- define "thanos.spread" -}}
{{- $labels := include "thanos.selectorLabels" . }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- else }}
{{- if eq (.values.podAntiAffinityPreset | default "") "hard" }}
affinity:
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- $labels | nindent 12 }}
{{- else if eq (.values.podAntiAffinityPreset | default "") "soft" }}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- $labels | nindent 14 }}
{{- end }}
{{- end }}
{{- if gt (int (.values.replicaCount | default 1)) 1 }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- $labels | nindent 8 }}
{{- end }}
{{- end }}

{{/*
The pod of a component. Arguments: dict with ctx, component, values, args (YAML text), and, where the
component has them, objstore (bool), ports, volumes and volumeMounts (YAML text), podName (bool).
*/}}
{{- define "thanos.podTemplate" -}}
metadata:
  labels:
    {{- include "thanos.labels" . | nindent 4 }}
    {{- with .values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- $annotations := merge (dict) (.values.podAnnotations | default dict) (.annotations | default dict) }}
  {{- with $annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "thanos.componentName" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .values.terminationGracePeriodSeconds | default 60 }}
  {{- with .values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .ctx.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  securityContext:
    {{- toYaml .ctx.Values.podSecurityContext | nindent 4 }}
  {{- with include "thanos.spread" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with .values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: thanos-{{ .component }}
      image: {{ include "thanos.image" .ctx }}
      imagePullPolicy: {{ .ctx.Values.image.pullPolicy }}
      args:
        {{- .args | trim | nindent 8 }}
        {{- range .values.extraFlags }}
        - {{ . | quote }}
        {{- end }}
      {{- if or .podName .objstore .values.extraEnvVars }}
      env:
        {{- if .podName }}
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        {{- end }}
        {{- if .objstore }}
        - name: OBJSTORE_CONFIG
          valueFrom:
            secretKeyRef:
              name: {{ required "existingObjstoreSecret names the Secret with the S3 configuration" .ctx.Values.existingObjstoreSecret }}
              key: {{ .ctx.Values.existingObjstoreSecretKey }}
        {{- end }}
        {{- with .values.extraEnvVars }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- end }}
      ports:
        - name: http
          containerPort: 10902
          protocol: TCP
        {{- with .ports }}
        {{- . | trim | nindent 8 }}
        {{- end }}
      startupProbe:
        httpGet: {path: /-/healthy, port: http}
        periodSeconds: 10
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /-/healthy, port: http}
        periodSeconds: 30
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /-/ready, port: http}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      securityContext:
        {{- toYaml .ctx.Values.containerSecurityContext | nindent 8 }}
      {{- with .volumeMounts }}
      volumeMounts:
        {{- . | trim | nindent 8 }}
      {{- end }}
  {{- with .volumes }}
  volumes:
    {{- . | trim | nindent 4 }}
  {{- end }}
{{- end }}

{{/* The claim of a StatefulSet: dict "values" … "labels" …. */}}
{{- define "thanos.claim" -}}
- apiVersion: v1
  kind: PersistentVolumeClaim
  metadata:
    name: data
  spec:
    accessModes:
      {{- toYaml .persistence.accessModes | nindent 6 }}
    {{- with .persistence.storageClass }}
    storageClassName: {{ . }}
    {{- end }}
    resources:
      requests:
        storage: {{ .persistence.size }}
{{- end }}

{{/* External labels as flags; values are quoted for Thanos, which reads them as Go strings. */}}
{{- define "thanos.labelFlags" -}}
{{- range $name, $value := .labels }}
- '--label={{ $name }}="{{ $value }}"'
{{- end }}
{{- end }}

{{- define "thanos.grpcPort" -}}
- name: grpc
  containerPort: 10901
  protocol: TCP
{{- end }}

{{/* An Ingress of a component: dict with ctx, component, ingress, port. */}}
{{- define "thanos.ingress" -}}
{{- $name := include "thanos.componentName" . }}
{{- $host := required (printf "%s: ingress.hostname is required when the Ingress is enabled" .component) .ingress.hostname }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ $name }}
  namespace: {{ .ctx.Release.Namespace }}
  labels:
    {{- include "thanos.labels" . | nindent 4 }}
  {{- with .ingress.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .ingress.ingressClassName }}
  ingressClassName: {{ . }}
  {{- end }}
  rules:
    - host: {{ $host }}
      http:
        paths:
          - path: {{ .ingress.path }}
            pathType: {{ .ingress.pathType }}
            backend:
              service:
                name: {{ $name }}
                port:
                  name: {{ .port }}
  {{- if .ingress.tls }}
  tls:
    - hosts:
        - {{ $host }}
      secretName: {{ .ingress.secretName | default (printf "%s-tls" $name) }}
  {{- end }}
{{- end }}

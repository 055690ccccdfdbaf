{{- define "leasehold.name" -}}
{{- if contains "leasehold" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-leasehold" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "leasehold.selector" -}}
app.kubernetes.io/name: leasehold
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "leasehold.labels" -}}
{{ include "leasehold.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "leasehold.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* What a Secret is given to a program with: files, so that no secret is in its environment. */}}
{{- define "leasehold.secret" -}}
{{ required "secret: name a Secret with the keys admin-token and rpc-secret (kubectl create secret generic NAME --from-literal=…)" .Values.secret }}
{{- end }}

{{- define "leasehold.check" -}}
{{- if and (eq .Values.network "hostile") (not .Values.tls.secret) }}
{{- fail "tls.secret: name a Secret with tls.crt, tls.key and ca.crt, or set network to trusted if something else encrypts and keeps strangers away" }}
{{- end }}
{{- if and (eq .Values.network "hostile") (not .Values.callers) }}
{{- fail "callers: say who may do what (docs/callers.md), or set network to trusted" }}
{{- end }}
{{- if and (eq .Values.table.kind "embedded") (gt (int .Values.replicas) 1) }}
{{- fail "replicas: an embedded table belongs to one lease API; set table.kind to redis for more" }}
{{- end }}
{{- range $name, $value := .Values.env }}
{{- if not (hasPrefix "LEASEHOLD_" $name) }}{{ fail (printf "env.%s: the variables of the lease API begin with LEASEHOLD_" $name) }}{{ end }}
{{- end }}
{{- end }}

{{/* The part of the environment that all programs have. */}}
{{- define "leasehold.env" -}}
- name: LEASEHOLD_NETWORK
  value: {{ .Values.network }}
- name: LEASEHOLD_RPC_SECRET_FILE
  value: /run/leasehold/secret/rpc-secret
{{- if .Values.tls.secret }}
- name: LEASEHOLD_TLS_CERT
  value: /run/leasehold/tls/tls.crt
- name: LEASEHOLD_TLS_KEY
  value: /run/leasehold/tls/tls.key
- name: LEASEHOLD_TLS_CA
  value: /run/leasehold/tls/ca.crt
{{- end }}
{{- end }}

{{/* Kubernetes may only offer files to a group; fsGroup makes that the program's. */}}
{{- define "leasehold.volumes" -}}
{{- if .Values.tls.secret }}
- name: tls
  secret:
    secretName: {{ .Values.tls.secret }}
    defaultMode: 0440
{{- end }}
{{- end }}

{{- define "leasehold.mounts" -}}
- name: secret
  mountPath: /run/leasehold/secret
  readOnly: true
{{- if .Values.tls.secret }}
- name: tls
  mountPath: /run/leasehold/tls
  readOnly: true
{{- end }}
{{- end }}

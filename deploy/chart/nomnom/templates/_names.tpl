{{- define "nomnom.fullname" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "nomnom.selector" -}}
app.kubernetes.io/name: nomnom
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "nomnom.labels" -}}
{{ include "nomnom.selector" . }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | trunc 63 | quote }}
app.kubernetes.io/part-of: nomnom
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "nomnom.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}{{ .repository }}@{{ .digest }}{{- else -}}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "nomnom.serviceAccountName" -}}
{{- if .root.Values.serviceAccount.create -}}
{{ include "nomnom.fullname" .root }}{{ if eq .component "apply" }}-apply{{ end }}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{/* What `apply` needs exists before the release does, so it is made by hooks, in the order of their weights. */}}
{{- define "nomnom.hook" -}}
helm.sh/hook: pre-install,pre-upgrade,pre-rollback
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}

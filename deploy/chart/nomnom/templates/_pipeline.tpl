{{/* A key of a ConfigMap has no slash: a file in a folder gets another name there, and its own when it is mounted. */}}
{{- define "nomnom.pipelineKey" -}}
{{- replace "/" "__" . -}}
{{- end -}}

{{- define "nomnom.pipelineData" -}}
{{- range $path, $text := .Values.pipeline.files }}
{{ include "nomnom.pipelineKey" $path }}: {{ $text | quote }}
{{- end }}
{{- end -}}

{{- define "nomnom.pipelineChecksum" -}}
{{- printf "%s %s" (toJson .Values.pipeline.files) .Values.pipeline.revision | sha256sum -}}
{{- end -}}

{{/* Whether the chart makes the ConfigMaps of the program. */}}
{{- define "nomnom.hasFiles" -}}
{{- if not (or .Values.pipeline.existingConfigMap .Values.pipeline.inImage) }}yes{{ end -}}
{{- end -}}

{{- define "nomnom.pipelineVolume" -}}
{{- if not .root.Values.pipeline.inImage -}}
- name: pipeline
  configMap:
    {{- if .root.Values.pipeline.existingConfigMap }}
    name: {{ .root.Values.pipeline.existingConfigMap }}
    {{- else }}
    name: {{ include "nomnom.fullname" .root }}-{{ if eq .component "apply" }}apply{{ else }}pipeline{{ end }}
    items:
      {{- range $path, $_ := .root.Values.pipeline.files }}
      - key: {{ include "nomnom.pipelineKey" $path }}
        path: {{ $path }}
      {{- end }}
    {{- end }}
{{- end -}}
{{- end -}}

{{/* What the schema of the values cannot say. */}}
{{- define "nomnom.validate" -}}
{{- with .Values -}}
{{- $size := 0 -}}
{{- range $path, $text := .pipeline.files -}}
  {{- $size = add $size (len $text) -}}
{{- end -}}
{{- if gt $size 1000000 -}}
  {{- fail (printf "pipeline.files: expected at most 1000000 bytes, which a ConfigMap holds, and found %d: build an image FROM this one with the files at /pipeline, and set pipeline.inImage" $size) -}}
{{- end -}}
{{- /* The schema would print it. */ -}}
{{- if contains "@" .nats.url -}}
  {{- fail "nats.url: expected no user and no password: a Deployment is no place for them; nats.credsSecret names a Secret" -}}
{{- end -}}
{{- if include "nomnom.hasFiles" $ -}}
  {{- if not (hasKey .pipeline.files .pipeline.file) -}}
    {{- fail (printf "pipeline.file: expected one of pipeline.files (%s), and found %q: --set-file 'pipeline.files.shop\\.nom=shop.nom' adds a file" (keys .pipeline.files | sortAlpha | join ", " | default "there is none") .pipeline.file) -}}
  {{- end -}}
{{- else if .pipeline.files -}}
  {{- fail "pipeline.files: expected nothing beside pipeline.existingConfigMap or pipeline.inImage, which say where the files are" -}}
{{- end -}}
{{- end -}}
{{- end -}}

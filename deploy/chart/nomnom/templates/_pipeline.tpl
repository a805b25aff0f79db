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
    {{- with .root.Values.pipeline.items }}
    items:
      {{- toYaml . | nindent 6 }}
    {{- end }}
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
{{- /* Helm keeps each file three times in one Secret of 1 MiB: as a value and in two ConfigMaps. */ -}}
{{- if gt $size 300000 -}}
  {{- fail (printf "pipeline.files: expected at most 300000 bytes, which Helm can keep with its release, and found %d: make a ConfigMap of up to 1 MB yourself and name it in pipeline.existingConfigMap, or build an image FROM this one with the files at /pipeline and set pipeline.inImage" $size) -}}
{{- end -}}
{{- if .pipeline.items -}}
  {{- $paths := list -}}
  {{- range .pipeline.items -}}{{- $paths = append $paths .path -}}{{- end -}}
  {{- if not .pipeline.existingConfigMap -}}
    {{- fail "pipeline.items: expected nothing without pipeline.existingConfigMap, whose keys they are" -}}
  {{- else if not (has .pipeline.file $paths) -}}
    {{- fail (printf "pipeline.file: expected the path of one of pipeline.items (%s), and found %q" (join ", " $paths) .pipeline.file) -}}
  {{- end -}}
{{- end -}}
{{- $grace := add .ingest.preStopSeconds 10 -}}
{{- if lt (int .ingest.terminationGracePeriodSeconds) (int $grace) -}}
  {{- fail (printf "ingest.terminationGracePeriodSeconds: expected at least %d, which is preStopSeconds and 10 s to stop, and found %d: Kubernetes would kill ingest while it answers" (int $grace) (int .ingest.terminationGracePeriodSeconds)) -}}
{{- end -}}
{{- if and .ingest.enabled .networkPolicy.enabled .monitoring.serviceMonitor.enabled .networkPolicy.ingestFrom (not .networkPolicy.metricsFrom) -}}
  {{- fail "networkPolicy.metricsFrom: expected the Pods of Prometheus, which may not reach ingest by networkPolicy.ingestFrom, and found none: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]" -}}
{{- end -}}
{{- /* The schema would print it. */ -}}
{{- if contains "@" .nats.url -}}
  {{- fail "nats.url: expected no user and no password: a Deployment is no place for them; nats.auth and nats.existingSecret name a Secret" -}}
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

{{- define "nomnom.podSecurity" -}}
runAsNonRoot: true
{{- if .Values.fixedUser }}
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "nomnom.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* What every Pod has, before its containers. */}}
{{- define "nomnom.podHead" -}}
serviceAccountName: {{ include "nomnom.serviceAccountName" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- include "nomnom.podSecurity" .root | nindent 2 }}
{{- end -}}

{{/* The environment of a component: its own users of database and queue, the level of the log, what the values add. */}}
{{- define "nomnom.env" -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ .root.Values.database.existingSecret }}
      key: {{ get .root.Values.database.keys .user }}
{{- with .root.Values.database.ledgerSchema }}
- name: NOMNOM_LEDGER_SCHEMA
  value: {{ . | quote }}
{{- end }}
{{- $user := .user }}
{{- with .root.Values.nats }}
{{- if .url }}
- name: NATS_URL
  value: {{ .url | quote }}
{{- $keys := get .keys $user }}
{{- if eq .auth "creds" }}
- name: NATS_CREDS
  value: /etc/nomnom/nats-creds/creds
{{- else if eq .auth "password" }}
- name: NATS_USER
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ $keys.user }}
- name: NATS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ $keys.password }}
{{- end }}
{{- if .tlsSecret }}
- name: NATS_CA
  value: /etc/nomnom/nats-tls/ca.crt
{{- if .clientCertificate }}
- name: NATS_CERT
  value: /etc/nomnom/nats-tls/tls.crt
- name: NATS_KEY
  value: /etc/nomnom/nats-tls/tls.key
{{- end }}
{{- end }}
{{- end }}
{{- end }}
- name: LOG_LEVEL
  value: {{ .root.Values.logLevel }}
{{- with concat .root.Values.extraEnv .extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "nomnom.mounts" -}}
{{- if not .root.Values.pipeline.inImage -}}
- name: pipeline
  mountPath: /pipeline
  readOnly: true
{{- end }}
{{- with .root.Values.database.tlsSecret }}
- name: postgres-tls
  mountPath: /etc/nomnom/postgres
  readOnly: true
{{- end }}
{{- if .root.Values.nats.url }}
{{- if eq .root.Values.nats.auth "creds" }}
- name: nats-creds
  mountPath: /etc/nomnom/nats-creds
  readOnly: true
{{- end }}
{{- with .root.Values.nats.tlsSecret }}
- name: nats-tls
  mountPath: /etc/nomnom/nats-tls
  readOnly: true
{{- end }}
{{- end }}
{{- with .root.Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "nomnom.volumes" -}}
{{ include "nomnom.pipelineVolume" . }}
{{- with .root.Values.database.tlsSecret }}
- name: postgres-tls
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- if .root.Values.nats.url }}
{{- if eq .root.Values.nats.auth "creds" }}
- name: nats-creds
  secret:
    secretName: {{ .root.Values.nats.existingSecret }}
    defaultMode: 0440
    items:
      - { key: {{ (get .root.Values.nats.keys .user).creds }}, path: creds }
{{- end }}
{{- with .root.Values.nats.tlsSecret }}
- name: nats-tls
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- end }}
{{- with .root.Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Healthy says that the process serves requests; ready, that the role can do its job. Only the first may end a Pod. */}}
{{- define "nomnom.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: http, scheme: {{ .scheme }} }
  periodSeconds: 2
  timeoutSeconds: 3
  failureThreshold: 30
livenessProbe:
  httpGet: { path: /healthz, port: http, scheme: {{ .scheme }} }
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 3
readinessProbe:
  httpGet: { path: /readyz, port: http, scheme: {{ .scheme }} }
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
{{- end -}}

{{/* Spreads the Pods of a component over nodes and zones, where that is possible. */}}
{{- define "nomnom.scheduling" -}}
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "nomnom.selector" $ | nindent 8 }}
  {{- end }}
{{- with .of.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

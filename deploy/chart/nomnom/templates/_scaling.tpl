{{- define "nomnom.pdb" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "nomnom.fullname" .root }}-{{ .component }}
  labels:
    {{- include "nomnom.labels" . | nindent 4 }}
spec:
  maxUnavailable: {{ .of.pdb.maxUnavailable }}
  # A Pod that is not ready keeps no node from being drained.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "nomnom.selector" . | nindent 6 }}
{{- end -}}

{{- define "nomnom.cpuScaler" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "nomnom.fullname" .root }}-{{ .component }}
  labels:
    {{- include "nomnom.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "nomnom.fullname" .root }}-{{ .component }}
  minReplicas: {{ .of.autoscaling.minReplicas }}
  maxReplicas: {{ .of.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: { type: Utilization, averageUtilization: {{ .of.autoscaling.cpuPercent }} }
{{- end -}}

{{- define "nomnom.kedaScaler" -}}
{{- $scaling := .of.autoscaling -}}
{{- $role := .of.role -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ include "nomnom.fullname" .root }}-worker
  labels:
    {{- include "nomnom.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    name: {{ include "nomnom.fullname" .root }}-worker
  minReplicaCount: {{ $scaling.minReplicas }}
  maxReplicaCount: {{ $scaling.maxReplicas }}
  pollingInterval: {{ $scaling.pollingInterval }}
  cooldownPeriod: {{ $scaling.cooldownPeriod }}
  # While the lag is unknown, so many workers run.
  fallback:
    failureThreshold: 3
    replicas: {{ $scaling.fallbackReplicas }}
  triggers:
    {{- if eq $scaling.kind "prometheus" }}
    {{- with $scaling.prometheus }}
    # Only the consumers of this role. Every process tells the same numbers of the queue, so max takes one of each. No series is an error, not zero.
    - type: prometheus
      metricType: AverageValue
      metadata:
        serverAddress: {{ .serverAddress | quote }}
        query: sum(max by (stream, consumer) (nomnom_queue_messages{pipeline={{ .pipeline | quote }},consumer=~"{{ .pipeline }}_{{ $role }}_.*"}))
        threshold: {{ $scaling.messagesPerReplica | int64 | quote }}
        ignoreNullValues: 'false'
    {{- end }}
    {{- else }}
    {{- with $scaling.natsJetstream }}
    {{- $jetstream := . }}
    # KEDA takes the lag of a consumer that is missing for the number of the last message: apply makes the consumers first, and
    # maxReplicaCount is the bound. It asks the leader of the consumer only where the endpoint is a headless Service.
    {{- range .consumers }}
    - type: nats-jetstream
      metricType: AverageValue
      metadata:
        natsServerMonitoringEndpoint: {{ $jetstream.monitoringEndpoint | quote }}
        account: {{ $jetstream.account | quote }}
        stream: {{ $jetstream.stream | quote }}
        consumer: {{ . | quote }}
        lagThreshold: {{ $scaling.messagesPerReplica | int64 | quote }}
    {{- end }}
    {{- end }}
    {{- end }}
{{- end -}}

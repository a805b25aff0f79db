/** What is sent to a receiver of OTLP. */
export interface WantedOtlp {
  readonly traces: boolean;
  readonly metrics: boolean;
  /** Milliseconds between two exports of metrics. */
  readonly every: number;
}

/** As the specification says. */
const EVERY = 60_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of OpenTelemetry: an endpoint for everything or for one signal, and what turns them off. */
export function wantsOtlp(environment: Environment): WantedOtlp {
  const enabled = environment['OTEL_SDK_DISABLED']?.toLowerCase() !== 'true';
  const wants = (signal: 'TRACES' | 'METRICS'): boolean =>
    enabled &&
    environment[`OTEL_${signal}_EXPORTER`]?.toLowerCase() !== 'none' &&
    [`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`, 'OTEL_EXPORTER_OTLP_ENDPOINT'].some(
      (name) => (environment[name] ?? '') !== '',
    );
  const every = Number(environment['OTEL_METRIC_EXPORT_INTERVAL'] ?? NaN);
  return { traces: wants('TRACES'), metrics: wants('METRICS'), every: every > 0 ? every : EVERY };
}

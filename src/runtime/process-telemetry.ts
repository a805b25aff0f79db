import type { OtlpExport } from '../adapters/telemetry/otlp/otlp-export.ts';
import { type ConnectionCounts, processMetrics } from '../adapters/telemetry/metrics/process-metrics.ts';
import type { MetricSet } from '../adapters/telemetry/metrics/metric-set.ts';
import { otlpSettings } from '../adapters/telemetry/otlp/otlp-settings.ts';
import { wantsOtlp } from '../adapters/telemetry/otlp/wants-otlp.ts';
import type { Plan } from '../plan/plan.ts';
import type { Log } from '../ports/log.ts';
import { version } from './version.ts';

/** What a process tells of itself, whichever roles it runs. */
export interface ProcessTelemetry {
  readonly metrics: MetricSet;
  /** A statement in Postgres took so many milliseconds. */
  readonly onStatement: (ms: number) => void;
  watchConnections(read: () => ConnectionCounts): void;
  /** Reads what is only known when it is asked for. */
  collect(): void;
  /** Where the environment names a receiver. */
  readonly otlp: OtlpExport | undefined;
  /** Sends what is left: within 3 s. */
  stop(): Promise<void>;
}

/** Loads OpenTelemetry only where the environment names a receiver: without one it costs nothing. */
export async function startProcessTelemetry(
  { pipeline, program }: Plan,
  log: Log,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ProcessTelemetry> {
  const own = processMetrics({ version: version(), program });
  const wanted = wantsOtlp(environment);
  const { receivers, faults, startable } = otlpSettings(environment);
  for (const reason of faults)
    log.warn({ reason }, 'a setting of OpenTelemetry cannot be used: see nomnom doctor');
  const otlp =
    startable && (wanted.traces || wanted.metrics)
      ? (await import('../adapters/telemetry/otlp/otlp-export.ts')).startOtlp({
          wanted,
          receivers,
          pipeline,
          version: version(),
          log,
        })
      : undefined;
  return {
    ...own,
    otlp,
    async stop() {
      own.stop();
      await otlp?.stop();
    },
  };
}

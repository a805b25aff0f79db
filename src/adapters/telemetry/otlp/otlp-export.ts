import { diag, DiagLogLevel } from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import type { Log } from '../../../ports/log.ts';
import type { Telemetry } from '../../../ports/telemetry.ts';
import type { Tracing } from '../../../ports/tracing.ts';
import { boundedAgent } from './bounded-agent.ts';
import { type MetricSource, startMetricExport } from './metric-export.ts';
import type { Receiver } from './otlp-settings.ts';
import { startTraces } from './traces.ts';
import type { WantedOtlp } from './wants-otlp.ts';

/** What goes to a receiver of OTLP. Where it is away, or too slow, spans are dropped: nothing waits for it. */
export interface OtlpExport {
  /** Undefined where no traces are wanted. */
  tracesOf(role: string): { readonly tracing: Tracing; readonly telemetry: Telemetry } | undefined;
  addMetrics(source: MetricSource): void;
  /** Sends what is left: within 3 s. */
  stop(): Promise<void>;
}

export interface OtlpOptions {
  readonly wanted: WantedOtlp;
  readonly receivers: readonly Receiver[];
  readonly pipeline: string;
  readonly version: string;
  readonly log: Log;
}

const STOP_WITHIN = 3_000;
/** Milliseconds between two lines of the log about a receiver that does not take what it is sent. */
const TELL_EVERY = 60_000;

/** Starts to export; the exporters read endpoints, headers, samplers and intervals from the variables of OpenTelemetry. */
export function startOtlp({ wanted, receivers, pipeline, version, log }: OtlpOptions): OtlpExport {
  tellFailures(log);
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': pipeline, 'service.version': version }))
    .merge(detectResources({ detectors: [envDetector] }));
  const traces = wanted.traces
    ? startTraces(resource, pipeline, boundedAgent(receivers, 'TRACES'))
    : undefined;
  const metrics = wanted.metrics
    ? startMetricExport(resource, wanted.every, boundedAgent(receivers, 'METRICS'))
    : undefined;
  return {
    tracesOf: (role) => traces?.of(role),
    addMetrics: (source) => metrics?.add(source),
    async stop() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_WITHIN).unref());
      const sent = Promise.allSettled([traces?.stop(), metrics?.stop()]);
      await Promise.race([sent, late]);
      diag.disable();
    },
  };
}

function tellFailures(log: Log): void {
  let toldAt = -Infinity;
  const tell = (reason: string): void => {
    if (performance.now() - toldAt < TELL_EVERY) return;
    toldAt = performance.now();
    log.warn({ reason: messageIn(reason) }, 'traces or metrics could not be sent');
  };
  const ignore = (): void => {};
  const logger = { error: tell, warn: ignore, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
}

/** OpenTelemetry tells an error as JSON, with its stack. */
function messageIn(text: string): string {
  const found = /"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text;
  return found.slice(0, 200);
}

import { exposition } from '../adapters/telemetry/metrics/exposition.ts';
import { metricSet } from '../adapters/telemetry/metrics/metric-set.ts';
import { metricsTelemetry } from '../adapters/telemetry/metrics/metrics-telemetry.ts';
import { setRoleGauges } from '../adapters/telemetry/metrics/role-gauges.ts';
import { minuteSummary } from '../adapters/telemetry/minute-summary.ts';
import { toAll } from '../adapters/telemetry/to-all.ts';
import { unknownKeyNotice } from '../adapters/telemetry/unknown-key-notice.ts';
import type { Health } from '../http/health.ts';
import { metricsRoute } from '../http/metrics-route.ts';
import type { ReadRoute } from '../http/route.ts';
import type { Plan, RolePlan } from '../plan/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Queue } from '../ports/queue.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { passOnTraces, type Tracing } from '../ports/tracing.ts';
import { knownBacklog } from '../roles/readiness/known-backlog.ts';
import type { ProcessTelemetry } from './process-telemetry.ts';

export interface RoleTelemetryOptions {
  readonly plan: Plan;
  readonly role: RolePlan;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
  /** Hears every event besides. */
  readonly listener: Telemetry;
  readonly process: ProcessTelemetry | undefined;
  readonly health: Health;
  /** Aborts when the role stops. */
  readonly signal: AbortSignal;
}

/** What listens to a role, and shows what it heard. */
export interface RoleTelemetry {
  readonly telemetry: Telemetry;
  readonly tracing: Tracing;
  readonly route: ReadRoute;
}

/** Counts a role's events as metrics, for `/metrics` and OTLP; writes the minute's summary; makes spans where they are wanted. */
export function roleTelemetry(options: RoleTelemetryOptions): RoleTelemetry {
  const { plan, role, queue, clock, log, listener, health, signal } = options;
  const metrics = metricSet();
  const backlog = knownBacklog(queue, plan, clock);
  const own = { pipeline: plan.pipeline, role: role.name };
  const entities = plan.entities.map(({ name }) => name);
  const otlp = options.process?.otlp;
  const traces = otlp?.tracesOf(role.name);

  const families = async () => {
    const [reasons, worries, waiting] = await Promise.all([health.reasons(), health.degraded(), backlog()]);
    const [ready, degraded] = [reasons.length === 0, worries.length > 0];
    setRoleGauges(metrics, { ready, degraded, backlog: waiting, now: clock.now() });
    options.process?.collect();
    return [...metrics.families(), ...(options.process?.metrics.families() ?? [])];
  };
  otlp?.addMetrics({ own, families });
  return {
    telemetry: toAll([
      listener,
      metricsTelemetry({
        metrics,
        clock,
        entities,
        accepts: role.publishes.length > 0,
        works: role.consumes.length > 0,
      }),
      minuteSummary({ log, clock, backlog, signal }),
      ...(role.consumes.length > 0 ? [unknownKeyNotice({ log, clock, signal })] : []),
      ...(traces === undefined ? [] : [traces.telemetry]),
    ]),
    tracing: traces?.tracing ?? passOnTraces,
    route: metricsRoute(async (format) => exposition(await families(), own, format)),
  };
}

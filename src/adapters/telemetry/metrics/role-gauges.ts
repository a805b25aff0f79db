import type { Backlog } from '../../../ports/backlog.ts';
import type { MetricSet } from './metric-set.ts';

/** What a role says of itself when it is asked. */
export interface RoleState {
  readonly ready: boolean;
  readonly degraded: boolean;
  /** Undefined where the queue cannot tell now: then there are no such samples. */
  readonly backlog: readonly Backlog[] | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Sets the gauges of a role. */
export function setRoleGauges(metrics: MetricSet, { ready, degraded, backlog, now }: RoleState): void {
  metrics.number('nomnom_ready').value = Number(ready);
  metrics.number('nomnom_degraded').value = Number(degraded);
  metrics.clear('nomnom_queue_messages');
  metrics.clear('nomnom_queue_oldest_age_seconds');
  metrics.clear('nomnom_queue_orphans');
  for (const { stream, consumers, orphans } of backlog ?? []) {
    metrics.number('nomnom_queue_orphans', stream).value = orphans;
    for (const { consumer, messages, oldestAt } of consumers) {
      metrics.number('nomnom_queue_messages', stream, consumer).value = messages;
      const age = oldestAt === undefined ? 0 : Math.max(0, now - oldestAt) / 1000;
      metrics.number('nomnom_queue_oldest_age_seconds', stream, consumer).value = age;
    }
  }
}

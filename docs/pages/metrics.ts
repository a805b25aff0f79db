import { type MetricDefinition, METRICS } from '../../src/adapters/telemetry/metrics/definitions.ts';
import { code, table } from './markdown.ts';

/** `docs/reference/metrics.md`: every metric of `/metrics`, from its definitions. */
export function metricsPage(): string {
  const metrics: readonly (readonly [string, MetricDefinition])[] = Object.entries(METRICS);
  return [
    '# Metrics',
    'Every role shows these at `/metrics`. A role shows what it does: an ingest role has no batches. Each sample also has the labels',
    '`pipeline` and `role`. Label values are names of the program and codes of [problems](problems.md), [rejections](types.md) and',
    '[failures](failures.md). They are never ids. [Monitoring](../monitoring.md) shows how to collect them.',
    '',
    table(
      ['name', 'type', 'labels', 'meaning'],
      metrics.map(([name, { kind, labels, help }]) => [
        code(name),
        kind,
        labels.map((label) => code(label)).join(', '),
        help,
      ]),
    ),
    '',
    '## Buckets',
    '',
    table(
      ['histogram', 'upper bounds'],
      metrics.flatMap(([name, metric]) =>
        metric.kind === 'histogram' ? [[code(name), metric.buckets.join(', ')]] : [],
      ),
    ),
  ].join('\n');
}

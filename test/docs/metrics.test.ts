import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type MetricDefinition, METRICS } from '../../src/adapters/telemetry/metrics/definitions.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const metrics: readonly (readonly [string, MetricDefinition])[] = Object.entries(METRICS);

/** The metrics that a text names, without what a histogram adds to its name. */
function namedIn(text: string): ReadonlySet<string> {
  const found = [...text.matchAll(/\b(?:nomnom|process|nodejs)_[a-z_]+\b/g)].map(([name]) => name);
  return new Set(found.map((name) => (name in METRICS ? name : name.replace(/_(bucket|sum|count)$/, ''))));
}

test.each(['deploy/grafana/nomnom.json', 'deploy/prometheus/alerts.yaml', 'docs/monitoring.md'])(
  '%s names only metrics that exist',
  (path) => {
    expect([...namedIn(read(path))].filter((name) => !(name in METRICS))).toEqual([]);
  },
);

test('the dashboard shows every metric', () => {
  const shown = namedIn(read('deploy/grafana/nomnom.json'));
  expect(metrics.map(([name]) => name).filter((name) => !shown.has(name))).toEqual([]);
});

test('a name says its unit and whether it counts, as OpenMetrics asks', () => {
  for (const [name, { kind, unit }] of metrics) {
    expect(name.endsWith('_total'), name).toBe(kind === 'counter');
    const ending = name
      .replace(/_total$/, '')
      .split('_')
      .at(-1);
    expect(ending === 'seconds' || ending === 'bytes' ? ending : undefined, name).toBe(unit);
  }
});

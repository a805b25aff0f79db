import { expect, test } from 'vitest';
import { wantsOtlp } from '../../../src/adapters/telemetry/otlp/wants-otlp.ts';

const url = 'http://collector:4318';

test.each([
  [{}, false, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: url }, true, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url }, true, false],
  [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: url }, false, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRICS_EXPORTER: 'none' }, true, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SDK_DISABLED: 'true' }, false, false],
])('with %o traces are sent: %s, metrics: %s', (environment, traces, metrics) => {
  expect(wantsOtlp(environment)).toEqual({ traces, metrics, every: 60_000 });
});

test('metrics are sent as often as the environment says', () => {
  expect(wantsOtlp({ OTEL_METRIC_EXPORT_INTERVAL: '5000' }).every).toBe(5_000);
  expect(wantsOtlp({ OTEL_METRIC_EXPORT_INTERVAL: 'often' }).every).toBe(60_000);
});

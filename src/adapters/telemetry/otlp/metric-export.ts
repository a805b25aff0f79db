import { ValueType } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import type { Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { AgentFactory } from './bounded-agent.ts';
import type { HistogramSeries, MetricFamily } from '../metrics/metric-set.ts';

/** Some metrics of this process, with the labels that each of their samples has. */
export interface MetricSource {
  readonly own: Readonly<Record<string, string>>;
  readonly families: () => Promise<readonly MetricFamily[]>;
}

/** Sends the same metrics that `/metrics` shows, every so many milliseconds. */
export function startMetricExport(
  resource: Resource,
  every: number,
  httpAgentOptions: AgentFactory,
): {
  add(source: MetricSource): void;
  stop(): Promise<void>;
} {
  const sources: MetricSource[] = [];
  const startTime = hrTime(Date.now());
  const collect = async () => {
    const endTime = hrTime(Date.now());
    const metrics = await Promise.all(
      sources.map(async ({ own, families }) =>
        (await families()).map((family) => metricData(family, own, { startTime, endTime })),
      ),
    );
    const scopeMetrics = [{ scope: { name: 'nomnom' }, metrics: metrics.flat() }];
    return { resourceMetrics: { resource, scopeMetrics }, errors: [] };
  };
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ httpAgentOptions }),
    exportIntervalMillis: every,
    exportTimeoutMillis: Math.min(every, LONGEST),
    metricProducers: [{ collect }],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return {
    add: (source) => void sources.push(source),
    stop: () => provider.shutdown(),
  };
}

/** Milliseconds that one export may take. */
const LONGEST = 30_000;

type HrTime = [seconds: number, nanoseconds: number];
type Span = { readonly startTime: HrTime; readonly endTime: HrTime };

function metricData(
  { name, definition, numbers, histograms }: MetricFamily,
  own: Readonly<Record<string, string>>,
  span: Span,
): MetricData {
  const { kind, help, unit = '', labels } = definition;
  const point = <T>(series: { readonly labels: readonly string[] }, value: T): DataPoint<T> => ({
    ...span,
    attributes: {
      ...own,
      ...Object.fromEntries(labels.map((label, at) => [label, series.labels[at] ?? ''])),
    },
    value,
  });
  const described = {
    descriptor: { name, description: help, unit: UNITS[unit], valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  switch (kind) {
    case 'counter':
      return {
        ...described,
        dataPointType: DataPointType.SUM,
        isMonotonic: true,
        dataPoints: numbers.map((series) => point(series, series.value)),
      };
    case 'gauge':
      return {
        ...described,
        dataPointType: DataPointType.GAUGE,
        dataPoints: numbers.map((series) => point(series, series.value)),
      };
    case 'histogram':
      return {
        ...described,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: histograms.map((series) => point(series, histogramOf(series))),
      };
  }
}

/** As UCUM writes them. */
const UNITS = { '': '', seconds: 's', bytes: 'By' };

function histogramOf({ bounds, counts, sum }: HistogramSeries): Histogram {
  return {
    buckets: { boundaries: [...bounds], counts: [...counts] },
    sum,
    count: counts.reduce((total, count) => total + count, 0),
  };
}

function hrTime(milliseconds: number): HrTime {
  return [Math.floor(milliseconds / 1000), (milliseconds % 1000) * 1e6];
}

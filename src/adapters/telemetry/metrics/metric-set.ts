import { type MetricDefinition, type MetricName, METRICS, type NameOf } from './definitions.ts';

/** The samples of some metrics, in memory. Nothing is done for a metric before it has a sample. */
export interface MetricSet {
  /** The number of a counter or gauge with these label values, in the order of its labels. The holder changes it. */
  number(name: NameOf<'counter' | 'gauge'>, ...labels: readonly string[]): NumberSeries;
  histogram(name: NameOf<'histogram'>, ...labels: readonly string[]): HistogramSeries;
  /** Forgets the samples of a metric. */
  clear(name: MetricName): void;
  families(): readonly MetricFamily[];
}

export interface NumberSeries {
  readonly labels: readonly string[];
  value: number;
}

export interface HistogramSeries {
  readonly labels: readonly string[];
  readonly bounds: readonly number[];
  /** One for each bound, and one for what is above all of them. */
  readonly counts: Float64Array;
  sum: number;
  observe(value: number): void;
}

/** A metric with its samples. */
export interface MetricFamily {
  readonly name: MetricName;
  readonly definition: MetricDefinition;
  readonly numbers: readonly NumberSeries[];
  readonly histograms: readonly HistogramSeries[];
}

/** Label values come from closed tables; should one of them be open by mistake, memory stays bounded all the same. */
const MOST_SERIES = 2_000;
const OTHER = 'other';

export function metricSet(): MetricSet {
  const numbers = new Map<MetricName, Map<string, NumberSeries>>();
  const histograms = new Map<MetricName, Map<string, HistogramSeries>>();
  return {
    number: (name, ...labels) => seriesOf(numbers, name, labels, (own) => ({ labels: own, value: 0 })),
    histogram: (name, ...labels) =>
      seriesOf(histograms, name, labels, (own) => histogramSeries(own, METRICS[name].buckets)),
    clear(name) {
      numbers.delete(name);
    },
    families: () =>
      (Object.keys(METRICS) as MetricName[])
        .filter((name) => numbers.has(name) || histograms.has(name))
        .map((name) => ({
          name,
          definition: METRICS[name],
          numbers: [...(numbers.get(name)?.values() ?? [])],
          histograms: [...(histograms.get(name)?.values() ?? [])],
        })),
  };
}

function seriesOf<Series>(
  all: Map<MetricName, Map<string, Series>>,
  name: MetricName,
  labels: readonly string[],
  make: (labels: readonly string[]) => Series,
): Series {
  let family = all.get(name);
  if (family === undefined) all.set(name, (family = new Map<string, Series>()));
  const key = labels.join('\n');
  const known = family.get(key);
  if (known !== undefined) return known;
  if (family.size >= MOST_SERIES && labels[0] !== OTHER)
    return seriesOf(
      all,
      name,
      labels.map(() => OTHER),
      make,
    );
  const made = make(labels);
  family.set(key, made);
  return made;
}

function histogramSeries(labels: readonly string[], bounds: readonly number[]): HistogramSeries {
  const counts = new Float64Array(bounds.length + 1);
  return {
    labels,
    bounds,
    counts,
    sum: 0,
    observe(value) {
      let at = 0;
      while (at < bounds.length && value > (bounds[at] ?? 0)) at += 1;
      counts[at] = (counts[at] ?? 0) + 1;
      this.sum += value;
    },
  };
}

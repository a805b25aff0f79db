import type { HistogramSeries, MetricFamily, NumberSeries } from './metric-set.ts';

/** The text of Prometheus 0.0.4, and that of OpenMetrics 1.0.0, which has units and another name for counters. */
export type ExpositionFormat = 'prometheus' | 'openmetrics';

/** What every sample of a process says of it: name and value. */
export type OwnLabels = Readonly<Record<string, string>>;

/** The samples as text, in either format. */
export function exposition(
  families: readonly MetricFamily[],
  own: OwnLabels,
  format: ExpositionFormat,
): string {
  const shared = Object.entries(own).map(([name, value]) => labelText(name, value));
  const lines = families.flatMap((family) => familyLines(family, shared, format));
  if (format === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

function familyLines(
  { name, definition, numbers, histograms }: MetricFamily,
  shared: readonly string[],
  format: ExpositionFormat,
): string[] {
  const { kind, help, unit, labels } = definition;
  const isOpen = format === 'openmetrics';
  const family = isOpen && kind === 'counter' ? name.replace(/_total$/, '') : name;
  const labelled = (series: { readonly labels: readonly string[] }): readonly string[] => [
    ...shared,
    ...labels.map((label, at) => labelText(label, series.labels[at] ?? '')),
  ];
  return [
    `# HELP ${family} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${family} ${kind}`,
    ...(isOpen && unit !== undefined ? [`# UNIT ${family} ${unit}`] : []),
    ...numbers.map((series) => numberLine(name, series, labelled(series))),
    ...histograms.flatMap((series) => histogramLines(name, series, labelled(series))),
  ];
}

function numberLine(name: string, { value }: NumberSeries, labels: readonly string[]): string {
  return `${name}{${labels.join(',')}} ${numberText(value)}`;
}

function histogramLines(
  name: string,
  { bounds, counts, sum }: HistogramSeries,
  labels: readonly string[],
): string[] {
  let total = 0;
  const buckets = [...counts].map((count, at) => {
    total += count;
    const bound = bounds[at];
    const le = bound === undefined ? '+Inf' : Number.isInteger(bound) ? `${bound}.0` : String(bound);
    return `${name}_bucket{${[...labels, `le="${le}"`].join(',')}} ${total}`;
  });
  const own = labels.join(',');
  return [...buckets, `${name}_sum{${own}} ${numberText(sum)}`, `${name}_count{${own}} ${total}`];
}

function labelText(name: string, value: string): string {
  return `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : 'NaN';
}

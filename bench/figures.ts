/** What one measurement found. */
export interface Figure {
  /** The letter under which the issue and the report know it. */
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

/** A relation of two figures of the same run, which holds on any machine where a figure alone does not. */
export interface Ratio {
  readonly what: string;
  readonly value: number;
  /** At least this, or with `most` at most this. */
  readonly target: number;
  readonly most?: true;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value that `share` of all values stay under. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

export function printFigure({ id, what, value, unit }: Figure): string {
  return `${id.padEnd(3)} ${what.padEnd(64)} ${format(value).padStart(12)} ${unit}`;
}

export function printRatio({ what, value, target, most }: Ratio): string {
  const reached = most === true ? value <= target : value >= target;
  const sign = most === true ? '≤' : '≥';
  return `    ${what.padEnd(64)} ${value.toFixed(2).padStart(12)} (${sign} ${target} ${reached ? 'reached' : 'NOT reached'})`;
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}

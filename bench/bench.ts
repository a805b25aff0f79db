import type { Plan } from '../src/plan/plan.ts';
import type { Figure, Ratio } from './figures.ts';

/** What every measurement works with: the same servers, the same program, the same messages. */
export interface Bench {
  /** The project's folder. */
  readonly root: string;
  /** What Node runs: `bin/nomnom`, laid out as npm installs it. */
  readonly program: string;
  /** `pipelines/tpch.nom` as it is given on the command line. */
  readonly file: string;
  readonly plan: Plan;
  /** TPC-H orders, JSON texts. */
  readonly orders: readonly string[];
  readonly natsUrl: string;
  /** Runs `work` with a new, empty database. */
  withDatabase<T>(work: (url: string) => Promise<T>): Promise<T>;
  /** How often each measurement is repeated; the median is reported. */
  readonly repeats: number;
}

export interface Outcome {
  readonly figures: readonly Figure[];
  readonly ratios: readonly Ratio[];
  readonly notes?: readonly string[];
}

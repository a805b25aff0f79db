/** One thing that was looked at, for a person and for a script. */
export interface Diagnosis {
  /** What it is about: `Postgres`, `clock`. */
  readonly area: string;
  /** `warn`: it works, and somebody should look at it. `fail`: a role cannot start, or breaks a promise. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do about it. */
  readonly help?: string;
}

export function ok(area: string, message: string): Diagnosis {
  return { area, status: 'ok', message };
}

export function warn(area: string, message: string, help: string): Diagnosis {
  return { area, status: 'warn', message, help };
}

export function fail(area: string, message: string, help: string): Diagnosis {
  return { area, status: 'fail', message, help };
}

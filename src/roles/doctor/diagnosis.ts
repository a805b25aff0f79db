/** One thing that was looked at, for a person and for a script. */
export interface Diagnosis {
  /** What it is about: `Postgres`, `clock`. */
  readonly area: string;
  /** `warn`: it works, and somebody should look at it. `fail`: a role cannot start, or breaks a promise. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do about it. */
  readonly help?: string;
  /** The kind of role that this user cannot run because of it. */
  readonly blocks?: RoleKind;
}

export type RoleKind = 'ingest' | 'worker';

export function ok(area: string, message: string): Diagnosis {
  return { area, status: 'ok', message };
}

export function warn(area: string, message: string, help: string): Diagnosis {
  return { area, status: 'warn', message, help };
}

export function fail(area: string, message: string, help: string): Diagnosis {
  return { area, status: 'fail', message, help };
}

/** A setting of this process that nothing can be asked with. */
export function unusable(area: string, fault: string): Diagnosis {
  return fail(area, fault, 'Correct the flag or the environment variable, or the file that it names.');
}

/** A right that is missing: it fails where the role is named whose user this has to be; else another user may run it. */
export function lacks(blocks: RoleKind, message: string, roleIsNamed: boolean): Diagnosis {
  const grant = 'Grant what `nomnom explain FILE --permissions` lists';
  return roleIsNamed
    ? { ...fail('privileges', message, `${grant}.`), blocks }
    : { ...warn('privileges', message, `${grant}, unless another user runs this role.`), blocks };
}

/** What a role of this kind does. */
export function doing(kind: RoleKind): string {
  return kind === 'ingest' ? 'accepts' : 'consumes';
}

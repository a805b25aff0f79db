import { Failure } from '../../../ports/failure.ts';

/** What begins each message about settings with which no connection can come about. */
export const UNUSABLE = 'the settings of the connection to Postgres do not work';

/** A parameter of the connection that cannot be used: STORE_MISCONFIGURED, which names it and no secret. */
export function wrongSetting(message: string): Failure {
  return new Failure('STORE_MISCONFIGURED', message, {
    headline: UNUSABLE,
    help: 'Correct DATABASE_URL, the PG* variable that stands in for it, or the file that it names: see docs/tls.md.',
  });
}

/** The first server that knows `NULLS NOT DISTINCT`, as `server_version_num`. */
const NULLS_NOT_DISTINCT_SINCE = 150_000;

/** What a server of this version lacks for unique constraints in which nulls are equal; 150004 is 15.4. */
export function lacksNullsEqual(
  version: number,
): { readonly needed: string; readonly found: string } | undefined {
  if (version >= NULLS_NOT_DISTINCT_SINCE) return undefined;
  return {
    needed: 'Postgres 15 or newer, which knows NULLS NOT DISTINCT',
    found: `Postgres ${Math.floor(version / 10_000)}`,
  };
}

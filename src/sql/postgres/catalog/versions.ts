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

/** The oldest major version that is supported. */
const SUPPORTED_SINCE = 15;

/** Why a server of this version is not one that is supported; undefined where it is. */
export function unsupported(
  version: number,
): { readonly message: string; readonly help: string } | undefined {
  const major = Math.floor(version / 10_000);
  if (major >= SUPPORTED_SINCE) return undefined;
  return {
    message: `Postgres ${major} is older than ${SUPPORTED_SINCE}: nomnom is not tested with it`,
    help: `Use Postgres ${SUPPORTED_SINCE} or newer.`,
  };
}

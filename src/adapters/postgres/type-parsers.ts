import pg from 'pg';

type GetTypeParser = typeof pg.types.getTypeParser;

/**
 * Types whose text a JavaScript value cannot hold (a Date loses microseconds, a double loses digits, a parsed
 * object loses both): their columns are given as Postgres prints them.
 */
const AS_TEXT = new Set([
  20, // int8
  114, // json
  1082, // date
  1083, // time
  1114, // timestamp
  1184, // timestamptz
  1186, // interval
  1266, // timetz
  1700, // numeric
  3802, // jsonb
]);

/** Arrays of those: as arrays of strings. */
const AS_TEXT_ARRAY = new Set([1016, 199, 1182, 1183, 1115, 1185, 1187, 1270, 1231, 3807]);

const TEXT = 25;
const TEXT_ARRAY = 1009;

/** Type parsers for one connection; the process-wide ones of the driver stay as they are. */
export const getTypeParser = ((oid: number, format?: 'text' | 'binary') => {
  if (format === 'binary') return pg.types.getTypeParser(oid, 'binary');
  if (AS_TEXT.has(oid)) return pg.types.getTypeParser(TEXT, 'text');
  if (AS_TEXT_ARRAY.has(oid)) return pg.types.getTypeParser(TEXT_ARRAY as number, 'text');
  return pg.types.getTypeParser(oid, 'text');
}) as GetTypeParser;

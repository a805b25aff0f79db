import { quoteIdentifier } from './identifier.ts';

/** A row of `READ_LACKING`. */
export interface LackingRight {
  readonly kind: 'right' | 'schema' | 'function' | 'every row' | 'some rows';
  readonly name: string;
  readonly privilege: string;
  /** Those that were asked for and that it concerns. */
  readonly tables: readonly string[];
  readonly strict: boolean;
  readonly who: string;
}

export function lackingRight(row: Readonly<Record<string, unknown>>): LackingRight {
  return {
    kind: row['kind'] as LackingRight['kind'],
    name: String(row['name']),
    privilege: String(row['privilege']),
    tables: row['tables'] as readonly string[],
    strict: row['strict'] === true,
    who: String(row['who']),
  };
}

/**
 * What the user lacks, in words that go on after "lacks": `INSERT on dead_letters`. Where the table does not say what to grant, the statement
 * that fixes it follows.
 */
export function lackingText({ kind, name, privilege, strict, who }: LackingRight): string {
  const table = name.replaceAll('"', '');
  const user = plainName(who);
  switch (kind) {
    case 'right':
      return `${privilege} on ${table}`;
    case 'schema':
      return `USAGE on schema ${name} (GRANT USAGE ON SCHEMA ${plainName(name)} TO ${user})`;
    case 'function':
      return `EXECUTE on function ${functionName(name)} (GRANT EXECUTE ON FUNCTION ${name} TO ${user})`;
    case 'every row':
    case 'some rows':
      return `${kind === 'every row' ? 'the rows' : 'some rows'} of ${table}, whose row security is on for it (${
        strict
          ? `ALTER ROLE ${user} BYPASSRLS: some of its policies are restrictive`
          : `CREATE POLICY nomnom ON ${name} TO ${user} USING (true)`
      })`;
  }
}

/** Without its parameters, and without the schema, which is that of the tables. */
export function functionName(name: string): string {
  return name.replace(/\(.*/, '').replace(/^.*\./, '');
}

/** With quotes where SQL needs them. */
function plainName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name);
}

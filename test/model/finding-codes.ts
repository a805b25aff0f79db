import { analyze } from '../../src/checks/analyze.ts';

/** The codes of all findings of a program, in the order in which they were found; a warning has a `~` before it. */
export function codesOf(text: string): readonly string[] {
  return analyze({ name: 'test.nom', text }).findings.map(
    ({ code, severity }) => (severity === 'error' ? '' : '~') + code,
  );
}

/** The codes for an entity with these fields and a table. */
export function codesOfFields(fields: string, more = ''): readonly string[] {
  return codesOf(`entity T { id: int  ${fields}  store t { key (id)  upsert on (id) } } ${more}`);
}

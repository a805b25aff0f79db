import { describeType, type Type } from '../type.ts';

/** A literal of a type, as a program writes it, to be shown in a help. */
export function exampleOf(type: Type): string {
  if (type.kind === 'enum') return `"${type.of.members[0]?.value ?? ''}"`;
  if (type.kind !== 'scalar') return 'null';
  return EXAMPLES[type.column.name] ?? (describeType(type) === 'json' ? 'null' : '""');
}

const EXAMPLES: Readonly<Record<string, string>> = {
  int: '0',
  bigint: '0',
  decimal: '0',
  float: '0',
  bool: 'false',
  date: '"2026-01-31"',
  time: '"12:00:00"',
  timestamp: '"2026-01-31T12:00:00Z"',
  uuid: '"00000000-0000-0000-0000-000000000000"',
};

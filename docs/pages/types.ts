import { shownDialect } from '../../src/sql/registry.ts';
import type { ColumnType, TypeParameters } from '../../src/types/column-type.ts';
import { columnTypes } from '../../src/types/registry.ts';
import { rejectionCodes } from '../../src/types/rejection-codes.ts';
import { code, table } from './markdown.ts';

/** `docs/reference/types.md`: every column type with what it takes and what it refuses. */
export function typesPage(): string {
  const types = [...columnTypes.values()];
  return [
    '# Types',
    'Every scalar type: what a field accepts from JSON, and the type of its column. `T[]` is a list. `T?` can be null or absent.',
    'An enum is a `text` column with a check constraint. A shape is only input and never a column.',
    '',
    table(
      ['type', 'Postgres', 'in a key', 'has an order'],
      types.map((type) => [
        `[${code(written(type))}](#${type.name})`,
        code(postgresOf(type)),
        type.key ? 'yes' : 'no',
        type.compare === undefined ? 'no' : 'yes',
      ]),
    ),
    ...types.map(section),
    '\n## Codes of rejected messages\n',
    'The answer to a rejected message, and a dead letter, has one of these codes. `expect rejected CODE` in a test names one.',
    '',
    table(
      ['code', 'meaning'],
      Object.entries(rejectionCodes).map(([name, meaning]) => [code(name), meaning]),
    ),
  ].join('\n');
}

function section(type: ColumnType): string {
  const { accepted, rejected } = type.examples;
  const rules = type.parameters.map(({ name, min, max }) => `${code(name)} from ${min} to ${max}`);
  const may = type.parametersRequired ? 'Requires' : 'Can have';
  return [
    `\n## ${type.name}\n`,
    type.doc,
    rules.length === 0 ? '' : `\n${may} ${rules.join(', ')}.`,
    '\n**Accepted**\n',
    table(
      ['JSON', 'as', 'stored'],
      accepted.map(({ json, text, parameters }) => [code(json), code(named(type, parameters)), code(text)]),
    ),
    '\n**Rejected**\n',
    table(
      ['JSON', 'as', 'code'],
      rejected.map((example) => [
        code(example.json),
        code(named(type, example.parameters)),
        code(example.code),
      ]),
    ),
  ].join('\n');
}

function written(type: ColumnType): string {
  if (type.parameters.length === 0) return type.name;
  const all = `${type.name}(${type.parameters.map(({ name }) => name).join(', ')})`;
  return type.parametersRequired ? all : `${type.name}, ${all}`;
}

function postgresOf(type: ColumnType): string {
  return type.parametersRequired
    ? shownDialect.baseName(type)
    : shownDialect.typeName({ kind: 'scalar', column: type, parameters: [] });
}

function named(type: ColumnType, parameters: TypeParameters = []): string {
  return parameters.length === 0 ? type.name : `${type.name}(${parameters.join(', ')})`;
}

import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { TypeTree } from '../../syntax/tree.ts';
import { columnTypes } from '../../types/registry.ts';
import { BAD_TYPE, UNKNOWN_NAME } from '../codes/codes.ts';
import type { EnumModel } from '../program.ts';
import { foreignTypes } from '../../syntax/foreign-types.ts';
import { suggestion } from '../suggestion.ts';
import { UNKNOWN, type RecordType, type Type, type Typed } from '../type.ts';

/** The names that may stand as a type, beside the column types. */
export interface TypeNames {
  readonly enums: ReadonlyMap<string, EnumModel>;
  readonly shapes: ReadonlyMap<string, RecordType>;
  /** Names of entities and derived entities, for a better message. */
  readonly rows: readonly string[];
}

export function resolveType(tree: TypeTree, names: TypeNames, report: Report): Typed {
  const element = elementType(tree, names, report);
  if (element === undefined) return UNKNOWN;
  return { type: tree.list ? { kind: 'list', element } : element, nullable: tree.nullable };
}

function elementType(tree: TypeTree, names: TypeNames, report: Report): Type | undefined {
  const name = tree.name.text;
  const column = columnTypes.get(name);
  if (column !== undefined && tree.parameters.length === 0 && !column.parametersRequired)
    return plainTypes.get(name);
  const parameters = tree.parameters.map((parameter) => Number(parameter.text));
  if (column === undefined) {
    const enumeration = names.enums.get(name);
    const shape = names.shapes.get(name);
    if (enumeration === undefined && shape === undefined) {
      reportUnknownType(tree, names, report);
      return undefined;
    }
    if (parameters.length > 0)
      report(finding(BAD_TYPE, tree.span, `${name} takes no parameters`, { help: `write \`${name}\`` }));
    if (enumeration !== undefined) return { kind: 'enum', of: enumeration };
    return shape === undefined ? undefined : { kind: 'record', of: shape };
  }
  const rules = column.parameters;
  const listed = (): string => rules.map((rule) => rule.name).join(', ');
  if (parameters.length === 0 && column.parametersRequired) {
    report(
      finding(
        BAD_TYPE,
        tree.span,
        `${name} needs how many digits it has, and how many of them are fraction digits`,
        {
          label: 'without its digits',
          help: `write \`${name}(15, 2)${tree.nullable ? '?' : ''}\`: 15 digits, 2 of them behind the point`,
        },
      ),
    );
    return undefined;
  }
  if (parameters.length > 0 && parameters.length !== rules.length) {
    // `decimal(10.2)` has the sign that stands between the digits of a number.
    const digits =
      rules.length === 2 && parameters.length === 1 ? tree.parameters[0]?.text.split('.') : undefined;
    const written =
      rules.length === 0
        ? `${name}${tree.nullable ? '?' : ''}`
        : digits === undefined
          ? `${name}(${listed()})`
          : `${name}(${digits[0] ?? ''}, ${digits[1] ?? '0'})`;
    const help = `write \`${written}\``;
    report(
      finding(
        BAD_TYPE,
        tree.span,
        `${name} takes ${rules.length === 0 ? 'no parameters' : `${rules.length}`}, found ${parameters.length}`,
        { help },
      ),
    );
    return undefined;
  }
  for (const [at, value] of parameters.entries()) {
    const rule = rules[at];
    if (rule === undefined || (Number.isInteger(value) && value >= rule.min && value <= rule.max)) continue;
    report(
      finding(
        BAD_TYPE,
        tree.parameters[at]?.span ?? tree.span,
        `${rule.name} of ${name} must be a whole number from ${rule.min} to ${rule.max}`,
      ),
    );
    return undefined;
  }
  const wrong = parameters.length > 0 ? column.checkParameters?.(parameters) : undefined;
  if (wrong !== undefined) {
    report(finding(BAD_TYPE, tree.span, wrong));
    return undefined;
  }
  return { kind: 'scalar', column, parameters };
}

/** The types of columns without parameters: most have one of these. */
const plainTypes: ReadonlyMap<string, Type> = new Map(
  [...columnTypes].map(([name, column]) => [name, { kind: 'scalar', column, parameters: [] }]),
);

function reportUnknownType(tree: TypeTree, names: TypeNames, report: Report): void {
  const name = tree.name.text;
  if (names.rows.includes(name)) {
    report(
      finding(UNKNOWN_NAME, tree.name.span, `${name} is an entity, not a type`, {
        help: 'use a `shape` for a nested object; use `derive` to combine rows of entities',
      }),
    );
    return;
  }
  const known = [...columnTypes.keys(), ...names.enums.keys(), ...names.shapes.keys()];
  if (NUMBERING.has(name.toLowerCase())) {
    report(
      finding(UNKNOWN_NAME, tree.name.span, `there is no type \`${name}\`: nomnom cannot number rows`, {
        label: 'as in Postgres',
        help: `write \`${foreignTypes.get(name.toLowerCase()) ?? 'int'}\`, so that the message has the number`,
      }),
    );
    return;
  }
  report(
    finding(UNKNOWN_NAME, tree.name.span, `there is no type \`${name}\``, {
      label: 'not declared',
      help: habitOf(tree) ?? suggestion(name, known),
    }),
  );
}

/** Types with which a database numbers its rows. */
const NUMBERING = new Set(['serial', 'smallserial', 'bigserial']);

function habitOf({ name, parameters }: TypeTree): string | undefined {
  const text = name.text.toLowerCase();
  if (text === 'number')
    return 'write `int` for whole numbers, `decimal(10, 2)` for money, or `float` for measured values';
  const ours = foreignTypes.get(text);
  if (ours === undefined) return undefined;
  // Who wrote the parameters knows them.
  return `write \`${parameters.length > 0 ? ours.replace(/\([^)]*\)/, '') : ours}\``;
}

import type { IToken } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { mistakes, reserved } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import type { SourceFile } from '../../../text/source.ts';
import { foreignTypes } from '../../foreign-types.ts';
import { isName } from '../../is-name.ts';
import { beginsLine } from '../../layout.ts';
import type { Habit } from './habit.ts';
import { closeOf, spanOf } from './habit.ts';

/** `create table orders (id int primary key, note text)` of SQL: the same as an entity, if all of it can be read. */
export const createTable: Habit = (place) => {
  const { file, tokens, at } = place;
  if (at !== 0 || tokens[0]?.image.toLowerCase() !== 'create') return undefined;
  const open = tokens.findIndex(({ tokenType }) => tokenType === t.LeftParen || tokenType === t.LeftCurly);
  const close = open > 0 ? closeOf(tokens, open) : -1;
  const name = nameOf(tokens[open > 0 ? open - 1 : tokens.length - 1]) ?? 'orders';
  const columns = close < 0 ? [] : columnsOf(file, tokens.slice(open + 1, close));
  const whole = columns.length > 0 && columns.length <= LONGEST;
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, 0, whole ? tokens.length - 1 : Math.max(open - 1, 0)),
      'a table is declared by the `store` of an entity, not by `create table`',
      { label: 'as in SQL', help: `write \`${entityOf(name, whole ? columns : [])}\`` },
    ),
    from: 0,
    to: tokens.length,
    insert: [],
    sure: false,
  };
};

/** Nobody wants to read more in a finding. */
const LONGEST = 12;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly key: boolean;
}

function entityOf(table: string, columns: readonly Column[]): string {
  const entity = `${table.charAt(0).toUpperCase()}${table.slice(1)}`;
  const keys = columns.filter(({ key }) => key).map(({ name }) => name);
  const key = `(${(keys.length > 0 ? keys : [columns[0]?.name ?? 'id']).join(', ')})`;
  const fields =
    columns.length === 0 ? ['id: int', '…'] : columns.map(({ name, type }) => `${name}: ${type}`);
  return `entity ${entity} { ${fields.join('  ')}  store ${table} { key ${key}  upsert on ${key} } }`;
}

const CONSTRAINTS = new Set(['primary', 'foreign', 'unique', 'constraint', 'check', 'index', 'key']);

function columnsOf(file: SourceFile, tokens: readonly IToken[]): readonly Column[] {
  const parts = split(file, tokens);
  const primary = parts.find(([first]) => first?.image.toLowerCase() === 'primary') ?? [];
  const keys = new Set(
    primary
      .slice(2)
      .filter(isName)
      .map(({ image }) => image),
  );
  const columns = parts
    .filter(([first]) => !CONSTRAINTS.has(first?.image.toLowerCase() ?? ''))
    .map((part) => columnOf(part, keys));
  const read = columns.filter((column) => column !== undefined);
  return read.length === columns.length ? keyed(read) : [];
}

/** A table without a primary key gets the first column as its key. */
function keyed(columns: readonly Column[]): readonly Column[] {
  if (columns.some(({ key }) => key)) return columns;
  return columns.map((column, at) =>
    at > 0 ? column : { ...column, type: column.type.replace(/\?$/, ''), key: true },
  );
}

function columnOf(tokens: readonly IToken[], keys: ReadonlySet<string>): Column | undefined {
  const [name, type, ...rest] = tokens.filter(({ tokenType }) => tokenType !== t.Colon);
  const text = nameOf(name);
  if (text === undefined || type === undefined || !isName(type)) return undefined;
  const words = rest.map(({ image }) => image.toLowerCase());
  const sizes = words[0] === '(' ? rest.slice(0, words.indexOf(')') + 1) : [];
  const parameters = sizes
    .map(({ image }) => image)
    .join('')
    .replaceAll(',', ', ');
  const key = keys.has(text) || words.some((word, at) => word === 'primary' && words[at + 1] === 'key');
  const required =
    key || rest.some(({ tokenType }, at) => tokenType === reserved.not && words[at + 1] === 'null');
  const own = type.image.toLowerCase();
  const habit = foreignTypes.get(own);
  const ours = habit === undefined ? own : parameters === '' ? habit : habit.replace(/\([^)]*\)/, '');
  return { name: text, type: `${ours}${parameters}${required ? '' : '?'}`, key };
}

function nameOf(token: IToken | undefined): string | undefined {
  if (token?.tokenType === t.TextLiteral && /^"[A-Za-z_]\w*"$/.test(token.image))
    return token.image.slice(1, -1);
  return isName(token) ? token.image : undefined;
}

/** The parts between commas that no parentheses hold; where there is none, the lines. */
function split(file: SourceFile, tokens: readonly IToken[]): readonly (readonly IToken[])[] {
  const parts: IToken[][] = [[]];
  const lines: IToken[][] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token.tokenType === t.LeftParen) depth += 1;
    if (token.tokenType === t.RightParen) depth -= 1;
    if (lines.length === 0 || (depth === 0 && beginsLine(file, token))) lines.push([token]);
    else lines.at(-1)?.push(token);
    if (depth === 0 && token.tokenType === t.Comma) parts.push([]);
    else if (token.tokenType !== mistakes.semicolon) parts.at(-1)?.push(token);
  }
  return (parts.length > 1 ? parts : lines).filter((part) => part.length > 0);
}

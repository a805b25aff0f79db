import type { IToken } from 'chevrotain';
import * as t from '../../../grammar/tokens.ts';
import { declarationWords, word } from '../../../grammar/tokens.ts';
import { isName } from '../is-name.ts';
import { isOperator } from './describe.ts';
import type { Stuck } from './stuck.ts';

/*
 * What a place may hold, as a short line in the names of the file. It is the help of every fault that has no better one.
 */

/** The names of the file that examples are made of. */
interface Names {
  readonly record: string;
  readonly column: string;
  readonly entity: string;
  readonly alias: string;
  readonly subject: string;
  /** A value that can be read here: a field, or one of a source. */
  readonly value: string | undefined;
}

/** How each rule of the grammar is written; a rule that only chooses between others has none. */
const EXAMPLES: Readonly<Record<string, (names: Names) => string>> = {
  pipeline: () => 'pipeline shop',
  importFile: () => 'import "shared.nom"',
  enumeration: ({ record }) => `enum ${record} { Open  Closed = "closed" }`,
  enumMember: () => 'Open = "open"',
  shape: ({ record }) => `shape ${record} { … }`,
  entity: ({ record }) => `entity ${record} { … }`,
  derive: ({ record, entity, alias }) => `derive ${record} from ${entity} as ${alias} { … }`,
  source: ({ entity, alias }) => `from ${entity} as ${alias}, each ${alias}.lines as line`,
  lookup: ({ record }) => `lookup ${record} "file.csv" { … }`,
  fn: ({ record }) => `fn ${record}(value: text) -> text = trim(value)`,
  parameter: () => 'value: text',
  secret: () => 'secret webhook_key',
  stream: ({ record }) => `stream ${record} { … }`,
  subject: () => 'subject ingest = "shop.ingest.{entity}"',
  role: ({ record }) => `role ${record} { … }`,
  link: ({ subject }) => `consume ${subject}`,
  setting: () => 'attempts: 5',
  test: () => 'test "what it shows" { … }',
  given: ({ entity }) => `given ${entity} { "id": 1 }`,
  expect: () => 'expect count(orders) == 1',
  path: ({ subject }) => subject,
  literal: () => '"text"`, `5`, `30s` or `true',
  body: ({ column }) => `{ ${column}: text }`,
  member: ({ column }) => `${column}: text`,
  field: ({ column }) => `${column}: text`,
  type: () => 'text`, `int`, `decimal(10, 2)`, `text[]` or `text?',
  attribute: () => '@default(0)',
  spread: ({ alias }) => `...${alias}`,
  check: ({ column }) => `check ${column} != null "why it is refused"`,
  ordered: ({ column }) => `ordered by (${column})`,
  signed: () => 'signed by github(secret: webhook_key)',
  refused: () => 'on_refused: answer',
  store: ({ column }) => `store orders { key (${column})  upsert on (${column}) }`,
  names: ({ column }) => `(${column})`,
  key: ({ column }) => `key (${column})`,
  unique: ({ column }) => `unique (${column})`,
  upsert: ({ column }) => `upsert on (${column})`,
  ref: ({ column, entity }) => `ref (${column}) -> ${entity} (id)`,
  index: ({ column }) => `index (${column})`,
  prune: ({ column }) => `prune by (${column})`,
  duplicates: () => 'duplicates last',
  delete: ({ column }) => `delete when ${column} == 0`,
  condition: ({ value = 'x' }) => `if ${value} == 0 then "none" else "some"`,
  step: ({ value = 'o.id' }) => value,
  call: ({ value = '1' }) => `max(${value}, 0)`,
  match: ({ value = 'x' }) => `match ${value} { 1 -> "one"  else -> "many" }`,
  arm: () => '1 -> "one"',
  pattern: () => '1 -> "one"',
  json: () => '"text"`, `5`, `true`, `null`, `{ … }` or `[ … ]',
  jsonObject: () => '{ "id": 1, "note": "text" }',
  jsonArray: () => '[1, 2]',
};

/** Rules that an expression is made of; what they hold is a value. */
const VALUES = new Set([
  ...['expression', 'disjunction', 'conjunction', 'negation', 'comparison', 'fallback', 'sum', 'product'],
  ...['sign', 'access', 'primary'],
]);

/** The rules that have an example, for a test that no rule of the grammar is left out. */
export const exampleRules: ReadonlySet<string> = new Set([
  ...Object.keys(EXAMPLES),
  ...VALUES,
  'file',
  'declaration',
]);

/** The rule that each word of a declaration begins. */
const HEADS: ReadonlyMap<string, string> = new Map([
  ...declarationWords.map((each) => [each, each] as const),
  ...[['import', 'importFile'] as const, ['enum', 'enumeration'] as const],
]);

/** What could stand at a place, as help; of a rule of the grammar, where one is known to be meant. */
export function exampleHelp(stuck: Stuck, wanted?: string): string {
  const { expected, before, complete, tokens, wantsValue, wantsOperator } = stuck;
  if (stuck.at === 0) return declarations();
  const names = namesOf(stuck);
  if (complete && !wantsOperator && wanted === undefined) {
    const name = isName(tokens[1]) ? tokens[1].image : `the ${tokens[0]?.image ?? 'declaration'}`;
    return `${declarations()}; what belongs to ${name} goes into its braces`;
  }
  if (wantsValue) {
    const field = names.value === undefined ? '' : `\`${names.value}\`, `;
    return `write a value, such as ${field}\`3\` or \`"text"\``;
  }
  const open = tokens.slice(0, stuck.at).some(({ tokenType }) => tokenType === t.LeftCurly);
  const head = open ? undefined : EXAMPLES[HEADS.get(tokens[0]?.image ?? '') ?? ''];
  if (head !== undefined) return `write it like \`${head(names)}\``;
  const solid = expected.filter((option) => !isOperator(option));
  const first = (solid[0] ?? expected[0])?.rule ?? 'declaration';
  // Of all that a body may hold, mostly a field was meant.
  const rule = wanted ?? (first === 'refused' ? 'field' : first);
  if (wantsOperator && (solid.length === 0 || VALUES.has(rule))) {
    return `write an operator between two values, such as \`${names.value ?? names.column} + 1\`, and nothing else between them`;
  }
  // `key`, and what has to follow it.
  if (rule === 'names' && before !== undefined && isName(before)) {
    return `write it like \`${written(tokens, stuck.at)} (${names.column})\``;
  }
  const example = EXAMPLES[rule]?.(names);
  return example === undefined ? declarations() : `write it like \`${example}\``;
}

function declarations(): string {
  return `a declaration starts with one of ${declarationWords.map((name) => `\`${name}\``).join(', ')}`;
}

/** The words right before a place that belong together: `upsert on`. */
function written(tokens: readonly IToken[], at: number): string {
  const [one, two] = [tokens[at - 2], tokens[at - 1]];
  const pair = two?.tokenType === word.on || two?.tokenType === word.by;
  return pair ? `${one?.image ?? ''} ${two.image}` : (two?.image ?? '');
}

function namesOf({ file, tokens, at }: Stuck): Names {
  const text = file.whole ?? file.text;
  const [kind, second] = tokens;
  const entity = /\bentity\s+(?:@\w+\s+)?([A-Za-z_]\w*)/.exec(text)?.[1] ?? 'Order';
  const stream = /\bstream\s+([A-Za-z_]\w*)[^}]*?\bsubject\s+([A-Za-z_]\w*)/.exec(text);
  const alias = /\bas\s+([A-Za-z_]\w*)/.exec(tokens.map(({ image }) => image).join(' '))?.[1] ?? 'o';
  const column = fieldOf(tokens) ?? 'id';
  const derived = kind?.tokenType === word.derive;
  return {
    ...{
      record: isName(second) ? second.image : (USUAL.get(kind?.image ?? '') ?? 'Order'),
      column,
      entity,
      alias,
    },
    subject: stream === null ? 'ORDERS.ingest' : `${stream[1] ?? ''}.${stream[2] ?? ''}`,
    value: derived ? `${alias}.id` : fieldOf(tokens, at),
  };
}

/** What declarations without a name are called in an example. */
const USUAL: ReadonlyMap<string, string> = new Map(
  Object.entries({
    role: 'worker',
    stream: 'ORDERS',
    enum: 'Status',
    shape: 'Address',
    lookup: 'Countries',
    fn: 'tidy',
  }),
);

/** The first field of a declaration; not the one that a place lies in, which cannot be its own value. */
function fieldOf(tokens: readonly IToken[], place = -1): string | undefined {
  const isField = (token: IToken, index: number): boolean =>
    index > 1 &&
    isName(token) &&
    tokens[index - 1]?.tokenType !== t.Colon &&
    (tokens[index + 1]?.tokenType === t.Colon || tokens[index + 1]?.tokenType === t.Equal);
  const own = tokens.findLastIndex((token, index) => index < place && isField(token, index));
  return tokens.find((token, index) => isField(token, index) && index !== own)?.image;
}

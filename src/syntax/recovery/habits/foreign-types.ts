import * as t from '../../../../grammar/tokens.ts';
import { mistakes } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { TYPE_ORDER } from '../../codes/structure.ts';
import { foreignTypes } from '../../foreign-types.ts';
import { isName } from '../../is-name.ts';
import { emptyAt, endOf, inPlaceOf } from '../virtual.ts';
import type { Habit } from './habit.ts';
import { closeOf, spanOf } from './habit.ts';

const OPTIONALS = new Set(['optional', 'option', 'maybe', 'nullable']);
const MAPS = new Set(['record', 'map', 'dict', 'hashmap', 'object']);

/** `Optional<text>` and `map<string, text>`. */
export const genericType: Habit = (place) => {
  const { tokens, at } = place;
  const [name, open, element, next, value, end] = tokens.slice(at, at + 6);
  if (!isName(name) || tokens[at - 1]?.tokenType !== t.Colon || !isName(element)) return undefined;
  if (open?.tokenType !== t.Less && open?.tokenType !== t.LeftSquare) return undefined;
  const close = open.tokenType === t.Less ? t.Greater : t.RightSquare;
  const kind = name.image.toLowerCase();
  if (OPTIONALS.has(kind) && next?.tokenType === close)
    return {
      finding: finding(TYPE_ORDER, spanOf(place, at, at + 3), 'a type that may be null ends in `?`', {
        label: open.tokenType === t.Less ? 'as in Java' : 'as in Python',
        help: `write \`${element.image}?\``,
      }),
      from: at,
      to: at + 4,
      insert: [element, emptyAt(endOf(element), t.Question)],
      sure: true,
    };
  if (!MAPS.has(kind) || next?.tokenType !== t.Comma || !isName(value) || end?.tokenType !== close)
    return undefined;
  return {
    finding: finding(TYPE_ORDER, spanOf(place, at, at + 5), 'an object with any keys has the type `json`', {
      label: kind === 'map' ? 'as in Protobuf' : kind === 'dict' ? 'as in Python' : 'as in TypeScript',
      help: 'write `json`',
    }),
    from: at,
    to: at + 6,
    insert: [inPlaceOf(name, t.Identifier, 'json')],
    sure: true,
  };
};

/** `[text!]!` of GraphQL. */
export const nonNullList: Habit = (place) => {
  const { tokens, at } = place;
  const [open, name] = [tokens[at], tokens[at + 1]];
  if (open?.tokenType !== t.LeftSquare || tokens[at - 1]?.tokenType !== t.Colon || !isName(name))
    return undefined;
  const inner = tokens[at + 2]?.tokenType === mistakes.bang ? 1 : 0;
  const close = tokens[at + 2 + inner];
  if (close?.tokenType !== t.RightSquare) return undefined;
  const outer = tokens[at + 3 + inner]?.tokenType === mistakes.bang ? 1 : 0;
  if (inner + outer === 0) return undefined;
  const last = at + 2 + inner + outer;
  return {
    finding: finding(
      TYPE_ORDER,
      spanOf(place, at, last),
      '`[]` goes after the type of the elements, and what has no `?` is never null',
      { label: 'as in GraphQL', help: `write \`${name.image}[]\`` },
    ),
    from: at,
    to: last + 1,
    insert: [name, emptyAt(endOf(name), t.LeftSquare), emptyAt(endOf(name), t.RightSquare)],
    sure: true,
  };
};

/** `note: { "type": "string" }` of JSON Schema. */
export const schemaType: Habit = (place) => {
  const { tokens, at } = place;
  const [open, key, colon, value] = tokens.slice(at, at + 4);
  if (open?.tokenType !== t.LeftCurly || tokens[at - 1]?.tokenType !== t.Colon) return undefined;
  if (key?.image.replaceAll('"', '') !== 'type' || colon?.tokenType !== t.Colon || value === undefined)
    return undefined;
  const close = closeOf(tokens, at);
  if (close < 0) return undefined;
  const written = value.image.replaceAll('"', '');
  const keys = new Map(
    tokens
      .slice(at, close)
      .flatMap(({ image }, index) =>
        tokens[at + index + 1]?.tokenType === t.Colon
          ? [[bare(image), tokens[at + index + 2]?.image ?? ''] as const]
          : [],
      ),
  );
  const ours = written === 'number' ? 'float' : (foreignTypes.get(written) ?? 'json');
  const length = /^\d+$/.exec(keys.get('maxLength') ?? '')?.[0];
  const format = written === 'string' ? FORMATS.get(bare(keys.get('format') ?? '')) : undefined;
  const type = format ?? (ours === 'text' && length !== undefined ? `text(${length})` : ours);
  const rules = [...keys.keys()].some((key) => RULES.has(key));
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, close),
      'the type of a field is a name, not an object of JSON Schema',
      {
        label: 'as in JSON Schema',
        help: `write \`${type}\`${rules ? '; a `check` can hold the other rules' : ''}`,
      },
    ),
    from: at,
    to: close + 1,
    insert: [inPlaceOf(value, t.Identifier, ours)],
    sure: true,
  };
};

/** The type of a text with a `format` of JSON Schema. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['date', 'date'],
  ['date-time', 'timestamp'],
  ['uuid', 'uuid'],
]);

/** What JSON Schema says of a value besides its type. */
const RULES = new Set([
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'pattern', 'enum', 'minItems', 'maxItems'],
]);

function bare(image: string): string {
  return image.replaceAll('"', '');
}

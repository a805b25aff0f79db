import * as t from '../../../../grammar/tokens.ts';
import { word } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { MISSING_WORD } from '../../codes/structure.ts';
import { WRONG_QUOTES } from '../../codes/words.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import { emptyAt, endOf, inPlaceOf } from '../virtual.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf, spanOf } from './habit.ts';
import { inStore } from './places.ts';

/** `store "my table"`. */
export const quotedTable: Habit = (place) => {
  const { tokens, at } = place;
  const name = tokens[at];
  if (name?.tokenType !== t.TextLiteral || tokens[at - 1]?.tokenType !== word.store) return undefined;
  const written = name.image.slice(1, -1);
  const signs = /\s/.test(written)
    ? 'quotes and blanks'
    : /\W/.test(written)
      ? 'quotes, in letters, digits and `_`'
      : 'quotes';
  const plain =
    written
      .trim()
      .replaceAll(/\W+/g, '_')
      .replace(/^(?=\d)/, '_') || 'table_name';
  return {
    finding: finding(WRONG_QUOTES, spanOf(place, at, at), `the name of a table is written without ${signs}`, {
      label: 'in quotes',
      help:
        plain === written
          ? `write \`${plain}\``
          : `write \`${plain}\`; this names another table than "${written}"`,
    }),
    from: at,
    to: at + 1,
    insert: [inPlaceOf(name, t.Identifier, plain)],
    sure: true,
  };
};

/** `primary key (id)`. */
export const primaryKey: Habit = (place) => {
  const { tokens, at } = place;
  const [primary, key, open] = tokens.slice(at, at + 3);
  if (primary?.image.toLowerCase() !== 'primary' || key?.tokenType !== word.key || !inStore(place))
    return undefined;
  if (open?.tokenType !== t.LeftParen) return undefined;
  return {
    finding: finding(FOREIGN_SYNTAX, spanOf(place, at, at + 1), 'a primary key is a `key`', {
      label: 'as in SQL',
      help: 'write `key`',
    }),
    from: at,
    to: at + 1,
    insert: [],
    sure: true,
  };
};

/** `foreign key (a) references B (c)`, and `ref (a) references B (c)`. */
export const foreignKey: Habit = (place) => {
  const { tokens, at } = place;
  const first = tokens[at];
  if (first === undefined || !/^(?:references|foreign)$/i.test(first.image) || !inStore(place))
    return undefined;
  if (first.image.toLowerCase() === 'references' && tokens[at - 1]?.tokenType === t.RightParen)
    return {
      finding: finding(
        FOREIGN_SYNTAX,
        spanOf(place, at, at),
        'a `ref` points to its entity with `->`, found `references`',
        {
          label: 'as in SQL',
          help: 'write `->`',
        },
      ),
      from: at,
      to: at + 1,
      insert: [inPlaceOf(first, t.Arrow)],
      sure: true,
    };
  const key = tokens[at + 1];
  if (first.image.toLowerCase() !== 'foreign' || key?.tokenType !== word.key) return undefined;
  const close = closeOf(tokens, at + 2);
  const references = tokens[close + 1];
  if (close < 0 || references?.image.toLowerCase() !== 'references') return undefined;
  const end = tokens[close + 3]?.tokenType === t.LeftParen ? closeOf(tokens, close + 3) : close + 2;
  if (end < 0 || !isName(tokens[close + 2])) return undefined;
  const [own, target] = [spanText(spanOf(place, at + 2, close)), spanText(spanOf(place, close + 2, end))];
  return {
    finding: finding(FOREIGN_SYNTAX, spanOf(place, at, end), 'a foreign key is a `ref`', {
      label: 'as in SQL',
      help: `write \`ref ${own} -> ${target}\``,
    }),
    from: at,
    to: close + 2,
    insert: [inPlaceOf(first, word.ref), ...tokens.slice(at + 2, close + 1), inPlaceOf(references, t.Arrow)],
    sure: true,
  };
};

/** `on conflict (id) do nothing`, and `upsert on (id) do nothing`. */
export const onConflict: Habit = (place) => {
  const { tokens, at } = place;
  const first = tokens[at];
  if (first === undefined || !/^(?:do|on)$/i.test(first.image) || !inStore(place)) return undefined;
  if (first.image.toLowerCase() === 'do' && tokens[at - 1]?.tokenType === t.RightParen) {
    const end = endOfDo(place, at);
    const keep = tokens[at + 1]?.image.toLowerCase() === 'nothing';
    return {
      finding: finding(
        FOREIGN_SYNTAX,
        spanOf(place, at, end - 1),
        `\`${spanText(spanOf(place, at, end - 1))}\` is ${keep ? '`keep`: the first row wins' : 'what `upsert` does by itself'}`,
        {
          label: 'as in SQL',
          help: keep ? 'write `keep`' : 'write `replace`',
        },
      ),
      from: at,
      to: end,
      insert: [inPlaceOf(first, keep ? word.keep : word.replace)],
      sure: true,
    };
  }
  const conflict = tokens[at + 1];
  if (first.tokenType !== word.on || conflict?.image.toLowerCase() !== 'conflict') return undefined;
  const close = tokens[at + 2]?.tokenType === t.LeftParen ? closeOf(tokens, at + 2) : -1;
  if (close < 0) return undefined;
  const acts = tokens[close + 1]?.image.toLowerCase() === 'do';
  const end = acts ? endOfDo(place, close + 1) : close + 1;
  const keep = tokens[close + 2]?.image.toLowerCase() === 'nothing';
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, end - 1),
      'what happens on a conflict is said by `upsert`',
      {
        label: 'as in SQL',
        help: `write \`upsert on ${spanText(spanOf(place, at + 2, close))}${acts && keep ? ' keep' : ''}\``,
      },
    ),
    from: at,
    to: end,
    insert: [
      ...[inPlaceOf(first, word.upsert), inPlaceOf(conflict, word.on), ...tokens.slice(at + 2, close + 1)],
      ...(acts && keep ? [inPlaceOf(tokens[close + 2] ?? first, word.keep)] : []),
    ],
    sure: true,
  };
};

/** The index behind `do nothing` and `do update set …`: all of its line. */
function endOfDo({ file, tokens }: Place, at: number): number {
  const first = tokens[at];
  if (tokens[at + 1]?.image.toLowerCase() === 'nothing') return at + 2;
  let end = at + 1;
  while (first !== undefined && end < tokens.length) {
    const token = tokens[end];
    if (
      token === undefined ||
      token.tokenType === t.RightCurly ||
      !sameLine(file, first.startOffset, token.startOffset)
    )
      break;
    end += 1;
  }
  return end;
}

/** `ref (a) -> B (id) on delete cascade`. */
export const onDelete: Habit = (place) => {
  const { tokens, at } = place;
  const verb = tokens[at + 1]?.image.toLowerCase();
  if (tokens[at]?.image.toLowerCase() !== 'on' || (verb !== 'delete' && verb !== 'update')) return undefined;
  const before = tokens[at - 1]?.tokenType;
  if (!inStore(place) || (before !== t.RightParen && before !== word.soft)) return undefined;
  const act = tokens[at + 2]?.image.toLowerCase();
  const last = at + (act === 'cascade' || act === 'restrict' ? 2 : act === 'set' || act === 'no' ? 3 : 1);
  if (tokens[last] === undefined) return undefined;
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, last),
      `a \`ref\` has no \`on ${verb}\`: nomnom deletes only what \`delete when\` and \`prune\` say`,
      { label: 'as in SQL', help: 'leave it out' },
    ),
    from: at,
    to: last + 1,
    insert: [],
    sure: true,
  };
};

const COLUMNS = new Set([word.key, word.unique, word.index, word.on, word.by]);

/** `key id` without parentheses. */
export const bareColumns: Habit = (place) => {
  const { file, tokens, at } = place;
  const [before, first] = [tokens[at - 1], tokens[at]];
  if (before === undefined || !COLUMNS.has(before.tokenType) || !isName(first) || !inStore(place))
    return undefined;
  if (!sameLine(file, before.startOffset, first.startOffset) || first.image.toLowerCase() === 'conflict')
    return undefined;
  if (before.tokenType === word.on && tokens[at - 2]?.tokenType !== word.upsert) return undefined;
  if (before.tokenType === word.by && tokens[at - 2]?.tokenType !== word.prune) return undefined;
  if (first.tokenType === word.on || tokens[at + 1]?.tokenType === t.LeftParen) return undefined;
  let last = at;
  while (tokens[last + 1]?.tokenType === t.Comma && isName(tokens[last + 2])) last += 2;
  const span = spanOf(place, at, last);
  return {
    finding: finding(MISSING_WORD, span, `the columns of \`${before.image}\` go in parentheses`, {
      label: 'not in parentheses',
      help: `write \`(${spanText(span)})\``,
    }),
    from: at,
    to: last + 1,
    insert: [
      emptyAt(first.startOffset, t.LeftParen),
      ...tokens.slice(at, last + 1),
      emptyAt(endOf(tokens[last] ?? first), t.RightParen),
    ],
    sure: true,
  };
};

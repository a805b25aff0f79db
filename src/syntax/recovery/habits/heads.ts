import * as t from '../../../../grammar/tokens.ts';
import { reserved, word } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { MISSING_WORD } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import type { Habit } from './habit.ts';
import { closeOf } from './habit.ts';
import { inHead } from './sources.ts';
import { pathFrom, written } from './places.ts';
import { rewrite } from './rewrite.ts';

/** `from Order as o if o.paid {`, `from Order as o filter o.paid {`. */
export const otherWhere: Habit = (place) => {
  const { tokens, at } = place;
  const [before, token, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (token === undefined || at < 4 || !inHead(place) || next === undefined) return undefined;
  if (!/^(?:if|when|filter|having|with|unless)$/i.test(token.image) || /^unless$/i.test(token.image))
    return undefined;
  const where = tokens.findIndex(({ tokenType }) => tokenType === word.where);
  if (!isName(before) || (where > 0 && where < at)) return undefined;
  const value = next.tokenType === reserved.not || next.tokenType === t.LeftParen || isName(next);
  if (!value || before.tokenType === word.as) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at, text: 'where', code: FOREIGN_SYNTAX },
    message: 'the rows of a derivation are chosen by `where`',
    label: 'as in other languages',
  });
};

/** `from Order as o, where o.paid {`, and a second `where` in the header. */
export const whereSigns: Habit = (place) => {
  const { tokens, at } = place;
  const [token, next, third] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (token === undefined || at < 4 || !inHead(place)) return undefined;
  if (token.tokenType === t.Comma && next?.tokenType === word.where && third !== undefined) {
    if (third.tokenType === t.Comma || third.tokenType === word.as || third.tokenType === t.LeftCurly)
      return undefined;
    return rewrite(place, {
      ...{ from: at - 1, last: at + 1, text: `${tokens[at - 1]?.image ?? ''} where`, code: FOREIGN_SYNTAX },
      message: '`where` follows the last source without a comma',
      label: 'one comma too many',
    });
  }
  const first = tokens.findIndex(({ tokenType }) => tokenType === word.where);
  if (token.tokenType !== word.where || first < 0 || first >= at) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at, text: 'and', code: FOREIGN_SYNTAX },
    message: 'a derivation has one `where`, whose conditions `and` joins',
    label: 'a second one',
  });
};

/** `derive from Order as o {`: without a name. */
export const namelessDerive: Habit = (place) => {
  const { tokens, at } = place;
  const [first, from, source, next] = tokens;
  if (at !== 1 || first?.tokenType !== word.derive || from?.tokenType !== word.from) return undefined;
  if (!isName(source) || source.tokenType === word.from || next?.tokenType === word.from) return undefined;
  return rewrite(place, {
    ...{ from: 1, last: 2, text: `${source.image}Row from ${source.image}`, code: MISSING_WORD },
    message: 'a derivation has a name before `from`',
    label: 'without a name',
    sure: false,
  });
};

/** `secret KEY = "abc"`, `import "a.nom" as a`, `pipeline shop v1`: what a line without braces does not have. */
export const endOfLine: Habit = (place) => {
  const { tokens, at } = place;
  const [first, second, third] = tokens;
  if (at !== 2 || first === undefined || second === undefined || third === undefined) return undefined;
  const kind = first.tokenType;
  if (kind !== word.secret && kind !== word.import && kind !== word.pipeline) return undefined;
  if (third.tokenType === t.LeftCurly || third.tokenType === t.RightCurly || third.tokenType === t.Minus)
    return undefined;
  if (tokens.some(({ tokenType }) => tokenType === t.LeftCurly)) return undefined;
  const message =
    kind === word.secret
      ? 'the value of a secret is never in the file: it comes from the environment'
      : kind === word.import
        ? 'an import takes all of a file, under the names that it has there'
        : 'a pipeline has only a name';
  return rewrite(place, {
    ...{ from: 2, last: tokens.length - 1, text: '', code: FOREIGN_SYNTAX },
    ...{ message, label: 'not needed', help: 'leave it out' },
  });
};

/** `publish [A.b]`, `consume A.b, A.c`, `consume A.b only (C)`. */
export const linkLists: Habit = (place) => {
  const { tokens, at } = place;
  const [token, next] = [tokens[at], tokens[at + 1]];
  if (tokens[0]?.tokenType !== word.role || token === undefined) return undefined;
  if (token.tokenType === word.only && next?.tokenType === t.LeftParen) {
    const close = closeOf(tokens, at + 1);
    if (close < 0) return undefined;
    return rewrite(place, {
      ...{ from: at, last: close, text: `only ${written(place, at + 2, close - 1)}`, code: FOREIGN_SYNTAX },
      message: 'the entities after `only` have no parentheses',
      label: 'in parentheses',
    });
  }
  const link = token.tokenType === word.publish || token.tokenType === word.consume;
  if (!link) return undefined;
  const open = next?.tokenType === t.LeftSquare || next?.tokenType === t.LeftParen;
  const subjects: string[] = [];
  let last = open ? at + 1 : at;
  do {
    const end = pathFrom(tokens, last + 1);
    if (end === undefined || end === last + 1) return undefined;
    subjects.push(`${token.image} ${written(place, last + 1, end)}`);
    last = end + 1;
  } while (tokens[last]?.tokenType === t.Comma);
  if (!open && subjects.length < 2) return undefined;
  return rewrite(place, {
    ...{ from: at, last: open ? last : last - 1, text: subjects.join('  '), code: FOREIGN_SYNTAX },
    message: `each subject has its own \`${token.image}\``,
    label: open ? 'a list' : 'several subjects',
  });
};

const JOINED: ReadonlyMap<string, string> = new Map([
  ...[
    ['upserton', 'upsert on'] as const,
    ['pruneby', 'prune by'] as const,
    ['deletewhen', 'delete when'] as const,
  ],
  ...[
    ['orderedby', 'ordered by'] as const,
    ['signedby', 'signed by'] as const,
    ['newestby', 'newest by'] as const,
  ],
  ...[['deadletter', 'dead_letter'] as const, ['onrefused', 'on_refused'] as const],
]);

/** `upsertOn (id)`, `delete_when gone`. */
export const joinedWords: Habit = (place) => {
  const { tokens, at } = place;
  const [token, next] = [tokens[at], tokens[at + 1]];
  if (token?.image === 'dead' && next?.image === 'letter' && isName(tokens[at + 2]))
    return rewrite(place, {
      ...{ from: at, last: at + 1, text: 'dead_letter', code: FOREIGN_SYNTAX },
      message: '`dead_letter` is written with `_`',
      label: 'in another spelling',
    });
  const text = JOINED.get(token?.image.replaceAll('_', '').toLowerCase() ?? '');
  if (token === undefined || text === undefined || text === token.image || at < 3) return undefined;
  if (next?.tokenType === t.Colon && text !== 'on_refused') return undefined;
  return rewrite(place, {
    ...{ from: at, last: at, text, code: FOREIGN_SYNTAX },
    message: `\`${text}\` is written ${text.includes(' ') ? 'as two words' : 'with `_`'}`,
    label: 'in another spelling',
  });
};

/** `duplicates: last`, `duplicates keep last`. */
export const duplicatesWord: Habit = (place) => {
  const { tokens, at } = place;
  const [token, sign, action] = tokens.slice(at, at + 3);
  if (token?.tokenType !== word.duplicates || !/^(?:first|last|add|newest)$/.test(action?.image ?? ''))
    return undefined;
  if (!/^(?::|=|keep|take|by|use)$/.test(sign?.image ?? '')) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at + 2, text: `duplicates ${action?.image ?? ''}`, code: FOREIGN_SYNTAX },
    message: 'what is left of rows with one key follows `duplicates` at once',
    label: `\`${sign?.image ?? ''}\` is not needed`,
  });
};

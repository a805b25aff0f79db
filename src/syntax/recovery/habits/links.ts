import * as t from '../../../../grammar/tokens.ts';
import { mistakes, word } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { MISSING_WORD, WRONG_SIGN } from '../../codes/structure.ts';
import { WRONG_QUOTES } from '../../codes/words.ts';
import { isName } from '../../is-name.ts';
import type { Habit } from './habit.ts';
import { beginsMember, pathFrom, written } from './places.ts';
import { rewrite } from './rewrite.ts';

const LINKS = new Set([word.publish, word.consume, word.dead_letter]);

/** `consume: ORDERS.ingest`, `publish to ORDERS.ingest`. */
export const linkSign: Habit = (place) => {
  const { tokens, at } = place;
  const [link, sign] = [tokens[at], tokens[at + 1]];
  if (tokens[0]?.tokenType !== word.role || link === undefined || !LINKS.has(link.tokenType))
    return undefined;
  if (sign === undefined || !/^(?::|=|->|<-|to|from|on|in|into)$/.test(sign.image)) return undefined;
  const last = pathFrom(tokens, at + 2);
  // `publish: 3` may be a setting.
  if (last === undefined || last < at + 4) return undefined;
  return rewrite(place, {
    ...{ from: at, last, text: `${link.image} ${written(place, at + 2, last)}`, code: FOREIGN_SYNTAX },
    message: `the subject follows \`${link.image}\` at once`,
    label: `\`${sign.image}\` is not needed`,
  });
};

/** `ingest = "orders.ingest.{entity}"`, `subject = "orders.ingest.{entity}"` in a stream. */
export const subjectForm: Habit = (place) => {
  const { tokens, at } = place;
  if (tokens[0]?.tokenType !== word.stream || at < 3 || !beginsMember(place)) return undefined;
  const [name, sign, value] = tokens.slice(at, at + 3);
  if (!isName(name) || sign === undefined) return undefined;
  const nameless = name.tokenType === word.subject;
  const bare = nameless && sign.tokenType === t.TextLiteral;
  const text = bare ? sign : value;
  if (text?.tokenType !== t.TextLiteral || !text.image.includes('.')) return undefined;
  if (!bare && sign.tokenType !== t.Equal && sign.tokenType !== t.Colon) return undefined;
  // `subject ingest = …` is as it should be.
  if (tokens[at - 1]?.tokenType === word.subject) return undefined;
  const called = nameless ? subjectOf(text.image) : name.image;
  return rewrite(place, {
    ...{ from: at, last: bare ? at + 1 : at + 2, code: MISSING_WORD },
    text: `subject ${called} = ${text.image}`,
    message: 'a subject of a stream has `subject`, a name and a `=` before its pattern',
    label: nameless ? 'without a name' : 'without `subject`',
  });
};

/** The word of a pattern that names a subject: `ingest` of `"orders.ingest.{entity}"`. */
function subjectOf(pattern: string): string {
  const words = pattern
    .slice(1, -1)
    .split('.')
    .filter((each) => /^[a-z_]\w*$/.test(each));
  return words.at(-1) ?? 'ingest';
}

/** `port -> 8080`, `port := 8080`. */
export const settingSign: Habit = (place) => {
  const { tokens, at } = place;
  const [name, sign] = [tokens[at], tokens[at + 1]];
  const kind = tokens[0]?.tokenType;
  if (kind !== word.role && kind !== word.stream && kind !== word.pipeline) return undefined;
  if (at < 3 || !isName(name) || sign === undefined || !beginsMember(place)) return undefined;
  const other = sign.tokenType === mistakes.colonEqual || sign.tokenType === mistakes.fatArrow;
  if (!other && sign.tokenType !== t.Arrow) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at + 1, text: `${name.image}:`, code: WRONG_SIGN },
    message: `expected \`:\` between a setting and its value, found \`${sign.image}\``,
    label: 'expected `:` here',
  });
};

/** `pipeline: shop`, `lookup Countries from "countries.csv" {`, `store: orders {`: a sign or word that is not needed. */
export const needlessWord: Habit = (place) => {
  const { tokens, at } = place;
  const [before, sign, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (before === undefined || sign === undefined || next === undefined) return undefined;
  const pipeline = at === 1 && before.tokenType === word.pipeline && isName(next);
  const lookup = at === 2 && tokens[0]?.tokenType === word.lookup && next.tokenType === t.TextLiteral;
  const opens = tokens[at + 2]?.tokenType;
  const store =
    before.tokenType === word.store && isName(next) && (opens === t.LeftCurly || opens === t.Dot) && at > 3;
  if (!pipeline && !lookup && !store) return undefined;
  if (!/^(?::|=|->|from|in|of|as|into|to|table|called|named|file)$/i.test(sign.image)) return undefined;
  const what = pipeline ? 'the name of a pipeline' : lookup ? 'the file of a lookup' : 'the name of a table';
  return rewrite(place, {
    ...{ from: at - 1, last: at + 1, text: `${before.image} ${next.image}`, code: FOREIGN_SYNTAX },
    message: `${what} follows at once`,
    label: `\`${sign.image}\` is not needed`,
  });
};

/** `subject ingest = orders.ingest.{entity}`: a pattern without quotes. */
export const barePattern: Habit = (place) => {
  const { file, tokens, at } = place;
  const [before, first] = [tokens[at - 1], tokens[at]];
  if (tokens[0]?.tokenType !== word.stream || before?.tokenType !== t.Equal || !isName(first))
    return undefined;
  if (tokens[at - 3]?.tokenType !== word.subject) return undefined;
  const text = /^[\w.{}*>-]+/.exec(file.text.slice(first.startOffset))?.[0] ?? '';
  const end = first.startOffset + text.length;
  const behind = tokens.findIndex(({ startOffset }) => startOffset >= end);
  const last = (behind < 0 ? tokens.length : behind) - 1;
  if (!text.includes('.') || last < at + 2) return undefined;
  return rewrite(place, {
    ...{ from: at, last, text: JSON.stringify(text), code: WRONG_QUOTES },
    message: 'the pattern of a subject is a text in double quotes',
    label: 'without quotes',
    help: `write ${JSON.stringify(text)}`,
  });
};

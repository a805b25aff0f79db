/**
 * How a date or a time is written: fields of `yyyy MM M MMM dd d HH H mm ss S XXX XX` and, between them, characters
 * that stand for themselves; letters do so in single quotes, `'T'`. `M`, `d` and `H` read one digit or two, `MMM` an
 * English month's first three letters, `S` one digit of a fraction of a second for each letter, `XXX` `+02:00` or `Z`,
 * `XX` `+0200` or `Z`. All others read as many digits as they have letters.
 */
export interface DatePattern {
  readonly kind: 'pattern';
  readonly fields: ReadonlySet<Field>;
  /** The parts of a text of this form in ISO 8601, as far as the pattern has them; undefined for any other text. */
  readonly read: (text: string) => Parts | undefined;
}

export interface BadPattern {
  readonly kind: 'bad';
  /** The pattern that was meant, where it has fields as others write them. */
  readonly meant?: string;
  /** What is wrong, one sentence without a full stop. */
  readonly message: string;
}

/** What to say beside what is wrong. */
export const PATTERN_HELP =
  "the fields are `yyyy MM M MMM dd d HH H mm ss S XXX XX`; put literal letters in quotes, `'T'`";

export type Field = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction' | 'offset';

export type Parts = Partial<Record<Field, string>>;

interface Token {
  readonly field: Field;
  /** Reads only digits, so that two such tokens need a known length. */
  readonly open?: true;
  /** Sticky. */
  readonly form: RegExp;
  readonly iso?: (read: string) => string;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

const two = (read: string): string => read.padStart(2, '0');

const TOKENS: Readonly<Record<string, Token>> = {
  yyyy: { field: 'year', form: /[0-9]{4}/y },
  MM: { field: 'month', form: /[0-9]{2}/y },
  M: { field: 'month', form: /[0-9]{1,2}/y, open: true, iso: two },
  MMM: {
    field: 'month',
    form: new RegExp(MONTHS.join('|'), 'iy'),
    iso: (read) => two(String(MONTHS.indexOf(read.toUpperCase()) + 1)),
  },
  dd: { field: 'day', form: /[0-9]{2}/y },
  d: { field: 'day', form: /[0-9]{1,2}/y, open: true, iso: two },
  HH: { field: 'hour', form: /[0-9]{2}/y },
  H: { field: 'hour', form: /[0-9]{1,2}/y, open: true, iso: two },
  mm: { field: 'minute', form: /[0-9]{2}/y },
  ss: { field: 'second', form: /[0-9]{2}/y },
  XXX: { field: 'offset', form: /Z|[+-][0-9]{2}:[0-9]{2}/y },
  XX: {
    field: 'offset',
    form: /Z|[+-][0-9]{4}/y,
    iso: (read) => (read === 'Z' ? read : `${read.slice(0, 3)}:${read.slice(3)}`),
  },
};

function tokenOf(letters: string): Token | undefined {
  if (/^S{1,6}$/.test(letters))
    return { field: 'fraction', form: new RegExp(`[0-9]{${letters.length}}`, 'y') };
  return Object.hasOwn(TOKENS, letters) ? TOKENS[letters] : undefined;
}

/** A field, a quoted text, or anything else. */
const PIECE = /([A-Za-z])\1*|'(?:[^']|'')*'|[^A-Za-z']+|'/g;

export function datePattern(pattern: string): DatePattern | BadPattern {
  const steps: (Token | string)[] = [];
  const fields = new Set<Field>();
  for (const [piece, letter] of pattern.matchAll(PIECE)) {
    if (letter === undefined) {
      if (piece === "'") return bad('a quote in the date pattern is never closed');
      steps.push(piece.startsWith("'") ? unquoted(piece) : piece);
      continue;
    }
    const token = tokenOf(piece);
    if (token === undefined) {
      const meant = inOurLetters(pattern);
      return {
        ...bad(`\`${piece}\` is not a field of a date pattern`),
        ...(meant === undefined ? {} : { meant }),
      };
    }
    if (fields.has(token.field)) return bad(`the date pattern has its ${token.field} twice`);
    const before = steps.at(-1);
    if (typeof before === 'object' && before.open && /[0-9]/.test(token.form.source))
      return bad(`a ${before.field} of one or two digits needs a separator after it`);
    fields.add(token.field);
    steps.push(token);
  }
  return { kind: 'pattern', fields, read: (text) => readParts(text, steps) };
}

/** Fields as strftime, SQL and moment.js have them. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/%Y|YYYY/g, 'yyyy'],
  [/%m/g, 'MM'],
  [/%d|DD/g, 'dd'],
  [/%H|HH24|hh/g, 'HH'],
  [/%M|MI/g, 'mm'],
  [/%S|SS(?!S)/g, 'ss'],
  [/%z|Z+/g, 'XXX'],
];

/** The pattern with our fields for those of others; undefined where it is none then, or has a field twice. */
function inOurLetters(pattern: string): string | undefined {
  // A lower-case month beside a day and a year is a month all the same.
  const dated = /^(?:yyyy|YYYY)\W?mm\W?(?:dd|DD)$/.test(pattern) ? pattern.replace('mm', 'MM') : pattern;
  const ours = FOREIGN.reduce((text, [theirs, our]) => text.replaceAll(theirs, our), dated).replace(
    /(?<=dd)T(?=HH)/,
    "'T'",
  );
  return ours !== pattern && datePattern(ours).kind === 'pattern' ? ours : undefined;
}

/** What to say beside a pattern that is none. */
export function patternHelp({ meant }: BadPattern): string {
  return meant === undefined
    ? PATTERN_HELP
    : `write \`"${meant}"\`: \`yyyy\` is the year, \`MM\` the month, \`dd\` the day, \`HH\` the hour, \`mm\` the minute, \`ss\` the second`;
}

function unquoted(piece: string): string {
  return piece === "''" ? "'" : piece.slice(1, -1).replaceAll("''", "'");
}

function bad(message: string): BadPattern {
  return { kind: 'bad', message };
}

function readParts(text: string, steps: readonly (Token | string)[]): Parts | undefined {
  const parts: Parts = {};
  let at = 0;
  for (const step of steps) {
    if (typeof step === 'string') {
      if (!text.startsWith(step, at)) return undefined;
      at += step.length;
      continue;
    }
    step.form.lastIndex = at;
    const [read] = step.form.exec(text) ?? [];
    if (read === undefined) return undefined;
    parts[step.field] = step.iso === undefined ? read : step.iso(read);
    at += read.length;
  }
  return at === text.length ? parts : undefined;
}

import { abs } from './abs.ts';
import { addDays } from './add-days.ts';
import { all } from './all.ts';
import { any } from './any.ts';
import { ceil } from './ceil.ts';
import { concat } from './concat.ts';
import { contains } from './contains.ts';
import { count } from './count.ts';
import { dateOf } from './date-of.ts';
import { datePart } from './date-part.ts';
import { div } from './div.ts';
import { endsWith } from './ends-with.ts';
import { first } from './first.ts';
import { floor } from './floor.ts';
import type { FunctionDefinition } from './function.ts';
import { hl7Segment } from './hl7-segment.ts';
import { hl7Segments } from './hl7-segments.ts';
import { hl7 } from './hl7.ts';
import { join } from './join.ts';
import { jsonGet } from './json-get.ts';
import { last } from './last.ts';
import { length } from './length.ts';
import { lower } from './lower.ts';
import { max } from './max.ts';
import { min } from './min.ts';
import { nonempty } from './nonempty.ts';
import { now } from './now.ts';
import { parseBigint } from './parse-bigint.ts';
import { parseBool } from './parse-bool.ts';
import { parseDate } from './parse-date.ts';
import { parseDecimal } from './parse-decimal.ts';
import { parseInt } from './parse-int.ts';
import { parseTimestamp } from './parse-timestamp.ts';
import { regexGroup } from './regex-group.ts';
import { regexMatch } from './regex-match.ts';
import { replace } from './replace.ts';
import { round } from './round.ts';
import { sha256 } from './sha256.ts';
import { split } from './split.ts';
import { startsWith } from './starts-with.ts';
import { substr } from './substr.ts';
import { sum } from './sum.ts';
import { toText } from './to-text.ts';
import { trim } from './trim.ts';
import { truncate } from './truncate.ts';
import { upper } from './upper.ts';
import { uuid5 } from './uuid5.ts';

/** Every function of the language by its name, in the order of the reference. */
export const functions: ReadonlyMap<string, FunctionDefinition> = new Map(
  [
    ...[
      trim,
      lower,
      upper,
      substr,
      replace,
      split,
      join,
      length,
      nonempty,
      startsWith,
      endsWith,
      contains,
      truncate,
      concat,
    ],
    ...[abs, round, floor, ceil, min, max, div],
    ...[toText, parseInt, parseBigint, parseDecimal, parseDate, parseTimestamp, parseBool],
    ...[dateOf, addDays, datePart, now],
    ...[count, first, last, any, all, sum],
    ...[sha256, uuid5],
    ...[jsonGet],
    ...[regexMatch, regexGroup],
    ...[hl7, hl7Segment, hl7Segments],
  ].map((definition) => [definition.name, definition]),
);

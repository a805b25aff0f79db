import { bigint } from './bigint.ts';
import { bool } from './bool.ts';
import { bytes } from './bytes.ts';
import type { ColumnType } from './column-type.ts';
import { date } from './date.ts';
import { decimal } from './decimal.ts';
import { float } from './float.ts';
import { int } from './int.ts';
import { json } from './json.ts';
import { text } from './text.ts';
import { time } from './time.ts';
import { timestamp } from './timestamp.ts';
import { uuid } from './uuid.ts';

/** Every column type by its name in the language, in the order of the reference. */
export const columnTypes: ReadonlyMap<string, ColumnType> = new Map(
  [text, int, bigint, decimal, float, bool, date, time, timestamp, uuid, bytes, json].map((type) => [
    type.name,
    type,
  ]),
);

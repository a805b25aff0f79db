import type { RecordModel } from '../../../model/program.ts';
import type { Value } from '../../../types/value.ts';
import { MessageRejected } from '../../evaluate/frame.ts';
import { compileOwn } from '../../evaluate/own-fields.ts';
import type { Reading } from '../refused.ts';
import { compileRequestFields } from '../request-field.ts';
import type { FastReader } from './cursor.ts';
import { fastKeys, type Around } from './fast-keys.ts';
import { fastObject } from './fast-object.ts';
import { unreadValue } from './unread.ts';

/**
 * Nothing where a message may hold what no patterns are made of: a shape inside itself, the raw body, a value that is
 * read twice; or what is deeper than it may be.
 */
export function fastRecord(record: RecordModel, around: Around): FastReader<Value[]> | undefined {
  const level = around.outer.length;
  const byLevel = around.known.get(record) ?? new Map<number, FastReader<Value[]> | undefined>();
  around.known.set(record, byLevel);
  if (byLevel.has(level)) return byLevel.get(level);
  const made = newReader(record, around);
  byLevel.set(level, made);
  return made;
}

function newReader(record: RecordModel, around: Around): FastReader<Value[]> | undefined {
  if (around.outer.includes(record)) return undefined;
  if (record.fields.some(({ origin }) => origin.kind === 'body')) return undefined;
  const inside: Around = { ...around, outer: [...around.outer, record] };
  const keys = fastKeys(record, inside, fastRecord);
  if (keys === undefined) return undefined;
  const { limits } = around;
  const object = fastObject({
    keys,
    allowed: { spelling: 'free', limits },
    unknown: (key) => `${record.name}.${key}`,
    unread: () => unreadValue(inside.outer.length, { spelling: 'free', limits }),
  });
  const request = compileRequestFields(record, () => () => undefined);
  const own = compileOwn(record, around.place);
  const template = record.fields.map((): Value => null);

  const complete = (row: Value[], reading: Reading): boolean => {
    if (request !== undefined && !request(row, reading)) return false;
    try {
      own?.([row, reading.meta]);
      return true;
    } catch (error) {
      if (error instanceof MessageRejected) return false;
      throw error;
    }
  };

  return {
    read: (cursor, reading) => {
      const row = template.slice();
      return object.fill(cursor, row, reading) && complete(row, reading) ? row : undefined;
    },
    addPattern: object.addPattern,
  };
}

import type { FieldModel, RecordModel } from '../../model/program.ts';
import type { Value } from '../../types/value.ts';
import { refuse, type Reading } from './refused.ts';
import { compileValue, type Nested } from './value.ts';

/** Fills in the fields that come from the request itself, its body as text or a header; false where one is refused. Nothing where no field does. */
export function compileRequestFields(
  record: RecordModel,
  nested: Nested,
): ((row: Value[], reading: Reading) => boolean) | undefined {
  const takes = record.fields.flatMap((field, index) => {
    const take = requestField(record, field, nested);
    return take === undefined ? [] : [{ index, take }];
  });
  if (takes.length === 0) return undefined;
  return (row, reading) => {
    for (const { index, take } of takes) {
      const value = take(reading);
      if (value === undefined) return false;
      row[index] = value;
    }
    return true;
  };
}

function requestField(
  record: RecordModel,
  field: FieldModel,
  nested: Nested,
): ((reading: Reading) => Value | undefined) | undefined {
  const { origin } = field;
  const name = `${record.name}.${field.name}`;
  switch (origin.kind) {
    case 'json':
    case 'computed':
      return undefined;
    case 'missing':
      throw new Error(`the field ${name} of an accepted program has no origin`);
    case 'body': {
      const read = compileValue(field.type.type, name, nested);
      return (reading) => read(reading.body, reading);
    }
    case 'header': {
      const { header } = origin;
      const read = compileValue(field.type.type, name, nested);
      return (reading) => {
        const value = Object.hasOwn(reading.headers, header) ? reading.headers[header] : undefined;
        if (value !== undefined) return read(value, reading);
        if (field.type.nullable) return null;
        return refuse(reading, {
          code: 'missing',
          field: name,
          message: `expected the request header ${header}, found none`,
          pointer: '',
        });
      };
    }
  }
}

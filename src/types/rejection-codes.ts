import type { RejectionCode } from './value.ts';

/** What each code of a refused message means, for the reference, the editor and `expect rejected CODE`. */
export const rejectionCodes: Readonly<Record<RejectionCode, string>> = {
  invalid_utf8: 'The body is not UTF-8.',
  invalid_json: 'The body is not valid JSON, or has a key that is always forbidden.',
  too_deep: 'Objects and lists are nested deeper than the limit.',
  repeated_key: 'An object of the body has a key twice, of which one would be lost.',
  too_many_items: 'A list is longer than the limit.',
  not_an_object: 'The message is not a JSON object.',
  missing: 'A required key or header is absent.',
  null_not_allowed: 'A value is null, but the field is not nullable.',
  wrong_type: 'A value has the wrong type: a string for a bool, an object for a list.',
  invalid_format: 'A text does not have the format of its type: a date, a uuid, digits.',
  out_of_range: 'A number or date is out of the range of its type.',
  too_long:
    'A text has more characters than the field, functions make too much text of one message, or a key or row is too long for Postgres.',
  too_precise: 'A number has more fraction digits than the field. nomnom does not round.',
  not_in_enum: 'A text is not a value of the enum.',
  unknown_field: 'A message of a `@strict` entity has a key that no field reads.',
  unknown_entity: 'No entity has this name.',
  check_failed: 'A `check` is not true.',
  failed: 'A value could not be computed: `fail`, an invalid date, a division by zero.',
  duplicate_key: 'Two rows of the message have the same key of a table and different values.',
  too_large: 'The body is larger than the limit.',
  too_many_rows: 'The message makes more rows than the limit.',
  constraint_violation: 'Postgres refused the rows: a missing parent, a second row of a unique constraint.',
  program_changed:
    'The program changed after the message was accepted, and the message does not fit the new one; `message` has the cause.',
  database_error: 'Postgres repeatedly fails for this message, but writes others.',
};

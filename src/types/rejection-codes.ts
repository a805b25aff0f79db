import type { RejectionCode } from './value.ts';

/** What each code of a refused message means, for the reference, the editor and `expect rejected CODE`. */
export const rejectionCodes: Readonly<Record<RejectionCode, string>> = {
  invalid_utf8: 'The body is not UTF-8.',
  invalid_json: 'The body is no JSON, or holds a key that is refused everywhere.',
  too_deep: 'Objects and lists stand deeper in each other than is taken.',
  too_many_items: 'A list is longer than is taken.',
  not_an_object: 'The message is no JSON object.',
  missing: 'A key or header that a field needs is absent.',
  null_not_allowed: 'A value is null where the field takes none.',
  wrong_type: 'A value is of another kind: a string for a bool, an object for a list.',
  invalid_format: 'A text does not have the form of its type: a date, a uuid, digits.',
  out_of_range: 'A number or date lies outside of what its type holds.',
  too_long: 'A text has more characters than the field.',
  too_precise: 'A number has more fraction digits than the field; nothing is rounded.',
  not_in_enum: 'A text is none of the values of the enum.',
  unknown_field: 'A key that no field reads stands in a message of a `@strict` entity.',
  unknown_entity: 'No entity has this name.',
  check_failed: 'A `check` is not true.',
  failed: 'A value could not be computed: `fail`, a date that is none, a division by zero.',
  too_large: 'The body is larger than the limit.',
  too_many_rows: 'The message would become more rows than the limit.',
  constraint_violation: 'Postgres refused the rows: a missing parent, a second row of a unique constraint.',
  program_changed:
    'The program changed after the message was accepted, and the message does not fit the new one; `message` has the cause.',
  database_error: 'Postgres fails for this message again and again, while it writes others.',
};

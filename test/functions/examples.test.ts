import { FAILS_LONG } from '../../src/functions/support/long-text.ts';
import { describe, expect, test } from 'vitest';
import { functions } from '../../src/functions/registry.ts';
import { arityOf, signatureOf } from '../../src/functions/support/signature.ts';
import { outcomeOf } from './call.ts';

const all = [...functions.values()];

test('the functions are those that the language names', () => {
  expect([...functions.keys()]).toEqual([
    ...['trim', 'lower', 'upper', 'substr', 'replace', 'split', 'join', 'length', 'nonempty'],
    ...['starts_with', 'ends_with', 'contains', 'truncate', 'concat'],
    ...['abs', 'round', 'floor', 'ceil', 'min', 'max', 'div'],
    ...[
      'to_text',
      'parse_int',
      'parse_bigint',
      'parse_decimal',
      'parse_date',
      'parse_timestamp',
      'parse_bool',
    ],
    ...['date_of', 'add_days', 'date_part', 'now'],
    ...['count', 'first', 'last', 'any', 'all', 'sum'],
    ...['sha256', 'uuid5', 'json_get', 'regex_match', 'regex_group', 'hl7', 'hl7_segment', 'hl7_segments'],
  ]);
});

describe.each(all)('$name', (definition) => {
  test.each(definition.examples)(
    '$call gives what the reference says',
    ({ call, fields, message, gives }) => {
      expect(outcomeOf(call, fields, message)).toEqual(gives);
    },
  );

  test('is shown at work, also where it fails', () => {
    expect(definition.examples.length).toBeGreaterThan(0);
    expect(definition.examples.every(({ call }) => call.includes(`${definition.name}(`))).toBe(true);
    const rejects = definition.examples.some(
      ({ gives }) => typeof gives === 'object' && gives !== null && 'rejected' in gives,
    );
    // Nobody wants to read an example of 16 million characters.
    expect(rejects).toBe(definition.fails !== undefined && definition.fails !== FAILS_LONG);
  });

  test('has a signature that its calls follow', () => {
    expect(signatureOf(definition)).toMatch(new RegExp(`^${definition.name}\\(.*\\) -> .+$`));
    const { min, max } = arityOf(definition);
    expect(min).toBeLessThanOrEqual(max);
    expect(definition.parameters.slice(0, -1).some((parameter) => parameter.repeated)).toBe(false);
  });
});

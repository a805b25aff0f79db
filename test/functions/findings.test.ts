import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { expectGolden } from '../support/golden.ts';
import { planOf } from '../support/plan.ts';
import { outcomeIn, outcomeOf, programOf } from './call.ts';

const FIELDS =
  'note: text?  n: int  big: bigint  price: decimal(5, 2)  x: float  any: json  at: date  u: uuid  tags: text[]';

/** Each call has one mistake; the golden shows what its author is told. */
const wrong: readonly string[] = [
  'lenght(note)',
  'substring(note, 1)',
  'coalesce(note, "")',
  'trim()',
  'trim(note, n)',
  'min(n)',
  'trim(n)',
  'trim(null)',
  'trim(any)',
  'concat("no. ", n)',
  'substr(note, "1")',
  'substr(note, 1.5)',
  'substr(note, 1, -2)',
  'substr(note, big)',
  'truncate(note, -1)',
  'split(note, "")',
  'join(note, ",")',
  'count(note)',
  'any(tags)',
  'sum(tags)',
  'min(n, at)',
  'max(n, u)',
  'round(price, n)',
  'round(price, -1)',
  'round(x, 900)',
  'div(x, 2, 2)',
  'div(price, 0, 2)',
  'parse_decimal(note, 2, 3)',
  'parse_decimal(note, 0, 0)',
  'parse_date(note, "dd/mm/yyyy")',
  'parse_date(note, "yy-MM-dd")',
  'parse_date(note, "yyyyMd")',
  'parse_date(note, "yyyy-MM-ddTHH")',
  'parse_date(note, "yyyy-MM-dd\'")',
  'parse_date(note, "yyyyMMddXX")',
  'parse_date(note, "yyyyMMyyyy")',
  'parse_date(note, note)',
  'parse_timestamp(note, "yyyyMMddHHmmss")',
  'parse_timestamp(note, "yyyyMMddHHmmssXX", "Z")',
  'parse_timestamp(note, "yyyyMMddHHmmss", "Europe/Berln")',
  'parse_timestamp(note, "yyyyMMddHHmmss", "+1")',
  'date_of(now(), "Mars")',
  'date_part("day", at, "Europe/Berlin")',
  'parse_timestamp(note, "yyyyMMddss", "Z")',
  'add_days(note, 1)',
  'add_days("2024-02-30", 1)',
  'date_part("yera", at)',
  'date_part("hour", at)',
  'date_of(at)',
  'sha256(n)',
  'uuid5("ns", n)',
  'json_get(any, "a..b")',
  'json_get(note, "a")',
  'regex_match(note, "(a")',
  'regex_match(note, "(?=a)")',
  'regex_group(note, "(a)(b)", 3)',
  'regex_group(note, "(?P<day>a)", "dya")',
  'hl7(note, "PID-3.1")',
  'hl7(note, "0")',
  'hl7_segment(note, "pid")',
  'hl7_segments(note, note)',
];

test('every mistake in a call is told once, where it is, with what to do', () => {
  const told = wrong.map((call) => {
    const { findings } = analyze({ name: 'shop.nom', text: programOf(call, FIELDS) });
    expect([call, findings.length]).toEqual([call, 1]);
    const [finding] = findings;
    const { start, end, file } = finding?.primary.span ?? { start: 0, end: 0, file: { text: '' } };
    return `${call}\n  ${finding?.code} at \`${file.text.slice(start, end)}\`: ${finding?.message}\n  help: ${finding?.help ?? '(none)'}\n`;
  });
  expectGolden('functions/findings.txt', told.join('\n'));
});

test('a null argument makes the result null, and the type says so', () => {
  const findings = (type: string, call: string): string =>
    renderText(
      analyze({
        name: 'shop.nom',
        text: `entity Message { id: int  note: text?  sure: text  result: ${type} = ${call}  store messages { key (id)  upsert on (id) } }`,
      }).findings,
    );
  expect(findings('text', 'trim(note)')).toContain('NOM302');
  expect(findings('text?', 'trim(note)')).toBe('');
  expect(findings('text', 'trim(sure)')).toBe('');
  expect(findings('text', 'concat(note, "!")')).toBe('');
  expect(findings('text', 'nonempty(sure)')).toContain('NOM302');
  expect(findings('text', 'trim(note) ?? "none"')).toBe('');
});

test('a length or a scale that is written out is one of the type', () => {
  expect(outcomeOf('truncate(note, 3)', 'note: text', '{"note": "abcdef"}')).toBe('abc');
  const accepted = (type: string, call: string): string =>
    renderText(
      analyze({
        name: 'shop.nom',
        text: `entity Message { id: int  note: text  code: text(4)  price: decimal(7, 4)  result: ${type} = ${call}  store messages { key (id)  upsert on (id) } }`,
      }).findings,
    );
  expect(accepted('text(3)', 'truncate(note, 3)')).toBe('');
  expect(accepted('text(9)', 'concat(code, "-", code)')).toBe('');
  expect(accepted('text(4)', 'replace(upper(code), "A", "B")')).toBe('');
  expect(accepted('text(3)', 'code')).toContain('NOM303');
  expect(accepted('text(9)', 'concat(code, note)')).toContain('NOM303');
  expect(accepted('text(7)', 'replace(truncate(note, 5), "aa", "bbb")')).toBe('');
  expect(accepted('text(6)', 'replace(truncate(note, 5), "aa", "bbb")')).toContain('NOM303');
  expect(accepted('decimal(6, 2)', 'round(price, 2)')).toBe('');
  expect(accepted('decimal(5, 2)', 'round(price, 2)')).toContain('NOM303');
  expect(accepted('text(64)', 'sha256(note)')).toBe('');
});

test('parse_decimal takes the digits of the field that it is given to', () => {
  const fields = 'raw: text  price: decimal(15, 2) = parse_decimal(raw)';
  expect(outcomeOf('to_text(price)', fields, '{"raw": "12.5"}')).toBe('12.50');
  expect(outcomeOf('to_text(price)', fields, '{"raw": "12.505"}')).toEqual({
    rejected: 'the number has more than 2 fraction digits',
  });
  const fine = 'raw: text  price: decimal(50, 20) = parse_decimal(raw)';
  expect(outcomeOf('to_text(price)', fine, '{"raw": "0.00000000001"}')).toBe('0.00000000001000000000');
  const within = [
    'parse_decimal(raw) ?? 0',
    'try(parse_decimal(raw), null) ?? 0',
    'if raw == "" then 0.00 else parse_decimal(raw)',
    'match raw { "free" -> 0  else -> parse_decimal(raw) }',
    'parse_decimal(raw) ?? fail("no price")',
  ];
  for (const value of within)
    expect(
      outcomeOf(
        'to_text(price)',
        `raw: text?  price: decimal(15, 2) = ${value}`.replace(
          'text?',
          value.includes('??') ? 'text?' : 'text',
        ),
        '{"raw": "12.5"}',
      ),
    ).toBe('12.50');
});

test('now is when the message was accepted, the same at every delivery', () => {
  const plan = planOf(programOf('now()'));
  expect(outcomeIn(plan)).toBe('2024-01-31T00:00:00Z');
  expect(outcomeIn(plan)).toBe('2024-01-31T00:00:00Z');
});

test('a null in any place makes the result null and runs nothing', () => {
  const calls = [
    'trim(x)',
    'contains(x, "a")',
    'contains("a", x)',
    'replace(x, "a", "b")',
    'replace("a", x, "b")',
  ];
  const more = [
    'replace("a", "a", x)',
    'uuid5(x, "a", "b", "c")',
    'uuid5("a", "b", "c", x)',
    'div(1, n, 2)',
    'parse_int(x)',
  ];
  for (const call of [...calls, ...more])
    expect([call, outcomeOf(call, 'x: text?  n: int?', '{"x": null}')]).toEqual([call, null]);
});

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { expectedMessages, messageKinds, messageText } from '../../pipelines/tpch/messages.ts';
import { alone, nest } from '../../pipelines/tpch/nest.ts';

const folder = new URL('../../pipelines/tpch/', import.meta.url);

function fileText(name: string): string {
  return readFileSync(new URL(`${name}.ndjson`, folder), 'utf8');
}

function kindNamed(name: string) {
  const kind = messageKinds.find((each) => each.name === name);
  if (kind === undefined) throw new Error(`no message kind ${name}`);
  return kind;
}

/** The exact total of a number field in all messages, in hundredths. */
function totalOf(name: string, field: string): bigint {
  let total = 0n;
  for (const [, whole, fraction] of fileText(name).matchAll(
    new RegExp(`"${field}":(-?[0-9]+)(?:\\.([0-9]{2}))?[,}]`, 'g'),
  )) {
    total += BigInt(`${whole}${fraction ?? '00'}`);
  }
  return total;
}

async function* stream(rows: readonly (readonly string[])[]) {
  yield* rows;
}

async function collect<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}

test.each([
  ['region', 5, '', 0],
  ['nation', 25, '', 0],
  ['supplier', 10, '', 0],
  ['customer', 150, '', 0],
  ['part', 200, 'suppliers', 800],
  ['order', 1500, 'line_items', 6005],
])('%s.ndjson holds %i messages, all columns in each', (name, messages, field, nested) => {
  const kind = kindNamed(name);
  const parsed = fileText(name)
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
  expect(parsed.length).toBe(messages);
  expect(expectedMessages(kind, 0.001)).toBe(messages);
  const names = [...kind.columns.map((column) => column.name), ...(field === '' ? [] : [field])];
  for (const message of parsed) expect(Object.keys(message)).toEqual(names);
  const rows = parsed.flatMap((message) => (field === '' ? [] : (message[field] as object[])));
  expect(rows.length).toBe(nested);
  const childNames = (kind.child?.columns ?? [])
    .filter((column) => column.kind !== 'parent')
    .map((each) => each.name);
  const numbered = kind.child?.numberedAs === undefined ? [] : [kind.child.numberedAs];
  for (const row of rows) expect(Object.keys(row)).toEqual([...numbered, ...childNames]);
});

// The totals of the flat tables that the generator itself prints at scale factor 0.001.
test.each([
  ['supplier', 'account_balance', 4334653n],
  ['customer', 'account_balance', 67700573n],
  ['part', 'retail_price', 20011920n],
  ['part', 'available_quantity', 394641200n],
  ['part', 'supply_cost', 40960316n],
  ['order', 'total_price', 15100890455n],
  ['order', 'quantity', 15239800n],
  ['order', 'extended_price', 15277439838n],
  ['order', 'discount', 30044n],
  ['order', 'tax', 24187n],
])('%s.ndjson: %s has the total of the flat table, to the last digit', (name, field, hundredths) => {
  expect(totalOf(name, field)).toBe(hundredths);
});

test('numbers are copied digit for digit, also those that a double cannot hold', () => {
  const row = ['9007199254740993', 'a "name"', '-0.10', 'back\\slash'];
  expect(
    messageText(
      {
        ...kindNamed('region'),
        columns: [
          { name: 'key', kind: 'number' },
          { name: 'name', kind: 'text' },
          { name: 'price', kind: 'number' },
          { name: 'comment', kind: 'text' },
        ],
      },
      row,
      [],
    ),
  ).toBe('{"key":9007199254740993,"name":"a \\"name\\"","price":-0.10,"comment":"back\\\\slash"}');
});

test('a row that does not fit its table is refused', () => {
  expect(() => messageText(kindNamed('region'), ['1', 'AFRICA'], [])).toThrow('3 are expected');
  expect(() => messageText(kindNamed('region'), ['one', 'AFRICA', ''], [])).toThrow(
    'region_key is no number',
  );
});

test('children are nested in their parent, and a parent may have none', async () => {
  // oxfmt-ignore
  const nested = nest(stream([['1'], ['2'], ['3']]), stream([['1', 'a'], ['1', 'b'], ['3', 'c']]));
  expect(await collect(nested)).toEqual([
    {
      row: ['1'],
      children: [
        ['1', 'a'],
        ['1', 'b'],
      ],
    },
    { row: ['2'], children: [] },
    { row: ['3'], children: [['3', 'c']] },
  ]);
  expect(await collect(alone(stream([['1']])))).toEqual([{ row: ['1'], children: [] }]);
});

test('a child without its parent fails the run instead of getting lost', async () => {
  await expect(collect(nest(stream([['1'], ['3']]), stream([['2', 'x']])))).rejects.toThrow('key 2');
});

test('without the generator the script says what to install', () => {
  const script = fileURLToPath(new URL('generate.ts', folder));
  const run = spawnSync(process.execPath, [script, '--generator', 'no-such-dbgen'], { encoding: 'utf8' });
  expect(run.status).toBe(2);
  expect(run.stderr).toContain('pip install tpchgen-cli');
});

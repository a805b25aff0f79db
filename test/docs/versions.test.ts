import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headers, type Msg, MsgHdrsImpl } from '@nats-io/transport-node';
import { describe, expect, test } from 'vitest';
import { decodeHeaders, headerBlock } from '../../src/adapters/jetstream/message-headers.ts';
import { MIGRATIONS as OF_QUEUE } from '../../src/adapters/postgres-queue/migrations.ts';
import { storedHeaders } from '../../src/adapters/postgres-queue/stored-headers.ts';
import { EXIT } from '../../src/cli/exit.ts';
import { MIGRATIONS as OF_LEDGER } from '../../src/sql/postgres/ledger/migrations.ts';
import { expectGolden } from '../support/golden.ts';
import { POSTGRES_VERSIONS } from '../support/postgres-version.ts';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const page = read('docs/versions.md');

/** The first cells of the rows of a table. */
const rowsOf = (heading: string): readonly (readonly string[])[] =>
  (page.split(`${heading}\n`)[1]?.split(/^#/m)[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .slice(1);

describe('the page of versions', () => {
  test('names the versions of Postgres and Node that the tests run on', () => {
    const rows = rowsOf('## What nomnom runs on');
    const versionsOf = (program: string) => rows.find(([, name]) => name === program)?.[2] ?? '';
    expect(versionsOf('Postgres')).toBe(Object.keys(POSTGRES_VERSIONS).join(', '));
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    expect(`>=${versionsOf('Node').split(' ')[0]}`).toBe(engines.node);
  });

  test('lists every exit status', () => {
    const listed = rowsOf('### Exit statuses').flatMap(([, status]) =>
      /^\d+$/.test(status ?? '') ? [Number(status)] : [],
    );
    expect(listed).toEqual(Object.values(EXIT));
    expect(EXIT).toEqual({ done: 0, fault: 1, usage: 2 });
  });
});

/**
 * A line for each migration: its number, its name, and a digest of its SQL. Lines are only ever appended: a line that changes is
 * a released migration that changes, and databases that have run it would differ from new ones.
 */
test.each([
  [
    'ledger',
    OF_LEDGER.map(({ number, name, statements }) => ({ number, name, sql: statements.join(';\n') })),
  ],
  ['postgres-queue', OF_QUEUE],
])('the migrations of %s are those that were released, and newer ones', (name, migrations) => {
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, at) => at + 1));
  const line = ({ number, name, sql }: { number: number; name: string; sql: string }) =>
    `${number} ${createHash('sha256').update(sql).digest('hex').slice(0, 16)} ${name}\n`;
  expectGolden(`versions/migrations-${name}.txt`, migrations.map(line).join(''));
});

const MESSAGE = {
  stream: 'SHOP',
  subject: 'shop.ingest.Order',
  entity: 'Order',
  messageId: '0198a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
  dedupeId: '0198a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b#r2',
  generation: 2,
  body: new Uint8Array(),
  headers: { 'x-filename': 'a b.csv\n', 'x-shop': '日本' },
  receivedAt: 1_795_949_748_123,
  program: '2cZ8Gm0pWq1xTb5A',
  trace: { parent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', state: 'a=1' },
};

/** As the client of NATS reads them. */
function writtenHeaders(): readonly (readonly [string, string])[] {
  const read = MsgHdrsImpl.decode(Buffer.from(headerBlock(MESSAGE)));
  return read.keys().map((name) => [name, read.get(name)]);
}

describe('a message in the queue', () => {
  test('has the headers of the page', () => {
    const names = writtenHeaders().map(([name]) => name);
    const listed = rowsOf('### Messages in the queue').flatMap(([, name = '']) =>
      name.startsWith('`') ? [name.replaceAll('`', '')] : [],
    );
    const known = names.map((name) => name.replace(/^(Nomnom-Header-).*/, '$1NAME'));
    expect([...new Set(known)].toSorted()).toEqual(listed.toSorted());
  });

  test('is written as before', () => {
    const written = writtenHeaders();
    expect(written).toHaveLength(10);
    const lines = written.map(([name, value]) => `${name}: ${value}\n`);
    expectGolden('versions/jetstream-headers.txt', lines.join(''));
    expectGolden('versions/postgres-queue-headers.json', `${storedHeaders(MESSAGE)}\n`);
  });

  test('that an older release wrote is read: `test/golden/versions/` has one', () => {
    const written = headers();
    for (const line of read('test/golden/versions/jetstream-headers.txt').trim().split('\n')) {
      const [name = '', ...value] = line.split(': ');
      written.append(name, value.join(': '));
    }
    const { messageId, generation, receivedAt, program, trace } = MESSAGE;
    const message: Partial<Msg> = { subject: MESSAGE.subject, data: MESSAGE.body, headers: written };
    expect(decodeHeaders(message as Msg, () => ({ stream: 'SHOP', sequence: '1', timestamp: '1' }))).toEqual({
      ...{ messageId, generation, receivedAt, program, trace },
      headers: { ...MESSAGE.headers },
    });
  });
});

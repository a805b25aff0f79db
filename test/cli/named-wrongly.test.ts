import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { failureOf } from '../../src/adapters/postgres/failure-of.ts';
import { selectionOf } from '../../src/cli/dlq/selection.ts';
import { fileFault } from '../../src/cli/file-fault.ts';
import { fileReason } from '../../src/files/file-reason.ts';
import { differenceLine } from '../../src/roles/setup/refusal.ts';
import { rejectionCodes } from '../../src/types/rejection-codes.ts';
import { nomnom, root } from '../support/nomnom.ts';

const TINY = 'test/examples/tiny.nom';

test('a code that no dead letter can have is wrong use, and the nearest is named', () => {
  const of = (code: string) => () => selectionOf('shop', [], { code: [code] }, 0);
  for (const code of Object.keys(rejectionCodes)) expect(of(code)).not.toThrow();
  expect(of('too_lnog')).toThrow('--code: there is no code too_lnog: did you mean too_long?');
  expect(of('nope')).toThrow(/there is no code nope: the codes are invalid_utf8, .*database_error$/);
});

test.each(['list', 'replay', 'drop', 'export', 'simulate'])(
  'dlq %s --code nope is wrong use',
  async (command) => {
    const ran = await nomnom([
      'dlq',
      command,
      TINY,
      '--code=nope',
      '--database-url=postgres://127.0.0.1:9/a',
    ]);
    expect(ran).toMatchObject({ status: 2, out: '' });
  },
);

const failed = (code: string): Error =>
  Object.assign(new Error(`${code}: words of the system, open 'a'`), { code, path: 'a' });

test.each(['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'EEXIST', 'ENOTDIR', 'ELOOP'])(
  '%s is said in words',
  (code) => {
    expect(fileReason(failed(code))).not.toContain(code);
    expect(fileFault(failed(code))).toMatch(/^a cannot be written: [a-z]/);
  },
);

test('a file that is missing is said to be missing, whichever option names it', async () => {
  const ran = await nomnom(['status', '0f8fad5b-d9cb-469f-a165-70867728950e', '--key-file=none']);
  expect(ran).toEqual({
    status: 2,
    out: '',
    err: 'nomnom: --key-file: none cannot be read: it does not exist\n',
  });
});

test('no command prints what the system says of a file as it is', () => {
  const folder = join(root, 'src/cli');
  const raw = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .filter((path) =>
      /cannot be (read|written): \$\{(?!fileReason|reason\})/.test(readFileSync(join(folder, path), 'utf8')),
    );
  expect(raw).toEqual([]);
});

test('what the servers lack is said so', () => {
  const missing = {
    code: 'NOM903',
    what: 'stream SHOP',
    expected: 'exists',
    found: 'does not exist',
  } as const;
  expect(differenceLine({ ...missing, fixable: true })).toBe('  NOM903 stream SHOP: it does not exist');
});

test('only where connections have run out is their number to be raised', () => {
  const outOf = Object.assign(new DatabaseError('sorry, too many clients already', 0, 'error'), {
    code: '53300',
  });
  const stopping = Object.assign(new DatabaseError('shutting down', 0, 'error'), { code: '57P03' });
  expect(failureOf(outOf)).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(failureOf(outOf).help).toContain('max_connections');
  for (const other of [failed('ECONNREFUSED'), failed('ENOTFOUND'), stopping]) {
    expect(failureOf(other)).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(failureOf(other).help).not.toContain('max_connections');
  }
});

test('a session that cannot begin because the disk is full says so', () => {
  const internal = (message: string) =>
    failureOf(Object.assign(new DatabaseError(message, 0, 'error'), { code: 'XX000' }));
  expect(internal('could not write init file').code).toBe('STORE_FULL');
  expect(internal('could not find tuple').code).toBe('STORE_UNEXPECTED');
});

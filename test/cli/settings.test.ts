import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { natsSettings } from '../../src/cli/nats-settings.ts';
import { ledgerSchema, requiredDatabase, setting } from '../../src/cli/settings.ts';

const SECRET = 's3cret-s3cret';
let notes = '';

beforeEach(() => {
  notes = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    notes += String(text);
    return true;
  });
  for (const name of ['DATABASE_URL', 'DATABASE_URL_FILE', 'NATS_URL', 'PGHOST', 'PGHOSTADDR', 'PGDATABASE'])
    vi.stubEnv(name, '');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secret');
  writeFileSync(path, text);
  return path;
}

describe('a secret', () => {
  it('may stand in a file, without its last line break', () => {
    const url = `postgres://u:${SECRET}@h/d`;
    vi.stubEnv('DATABASE_URL_FILE', file(`${url}\n`));
    expect(requiredDatabase(undefined)).toBe(url);
    vi.stubEnv('NATS_URL', 'tls://h');
    vi.stubEnv('NATS_PASSWORD_FILE', file(SECRET));
    vi.stubEnv('NATS_USER', 'alice');
    expect(natsSettings(undefined).natsAccess).toEqual({ user: 'alice', password: SECRET });
  });

  it('is not taken from two places', () => {
    vi.stubEnv('DATABASE_URL', 'postgres://a/b');
    vi.stubEnv('DATABASE_URL_FILE', file('postgres://c/d'));
    expect(() => requiredDatabase(undefined)).toThrow('DATABASE_URL and DATABASE_URL_FILE are both set');
  });

  it('whose file is missing is told by the name of the file', () => {
    vi.stubEnv('DATABASE_URL_FILE', '/nowhere/url');
    expect(() => requiredDatabase(undefined)).toThrow(
      'DATABASE_URL_FILE: /nowhere/url cannot be read: it does not exist',
    );
  });

  it('in a flag is warned of once, without a word of it', () => {
    const flag = { name: '--database-url', value: `postgres://u:${SECRET}@h/d` };
    setting('DATABASE_URL', flag);
    setting('DATABASE_URL', flag);
    expect(notes).toMatch(/^nomnom: warning: --database-url holds a password.*DATABASE_URL_FILE instead\n$/);
    setting('NATS_URL', { name: '--nats-url', value: `nats://${SECRET}@h` });
    expect(notes).toContain('--nats-url holds a password');
    expect(notes).not.toContain(SECRET);
  });

  it('is not seen where there is none', () => {
    setting('DATABASE_URL', { name: '--other-url', value: 'postgres://u@h/d' });
    setting('NATS_URL', { name: '--other-nats', value: 'nats://h:4222' });
    expect(notes).toBe('');
  });

  it.each(['mysql://', 'postgres:/', 'postgres://u :', ' '])('of a wrong URL %j is not repeated', (wrong) => {
    const value = `${wrong}${SECRET}@h`;
    for (const name of ['DATABASE_URL', 'NATS_URL'] as const) {
      let message = '';
      try {
        setting(name, { name: '--url', value });
      } catch (error) {
        message = String(error);
      }
      expect(message + notes).not.toContain(SECRET);
    }
  });
});

it('takes the database from PG* variables where there is no URL', () => {
  expect(() => requiredDatabase(undefined)).toThrow('DATABASE_URL is not set');
  vi.stubEnv('PGHOST', 'db');
  expect(requiredDatabase(undefined)).toBe('postgres://');
});

it('refuses a certificate for NATS without its key', () => {
  vi.stubEnv('NATS_URL', 'tls://h');
  vi.stubEnv('NATS_CERT', '/c');
  expect(() => natsSettings(undefined)).toThrow('NATS_CERT and NATS_KEY belong together');
});

it.each([
  ['natsu:s3cret-s3cret@h:4222', 'credentials without a scheme'],
  ['nats://natsu:s3cret,s3cret@h:4222', 'a comma in a password'],
  ['nats://natsu:1234,s3cret@h', 'a comma behind digits'],
  ['nats://h:port', 'a port that is no number'],
])(
  'refuses a URL of NATS that an error would print with its password, and prints nothing of it: %s',
  (url) => {
    vi.stubEnv('NATS_URL', url);
    let told = '';
    try {
      natsSettings(undefined);
    } catch (error) {
      told = String(error);
    }
    expect(told).toContain('NATS_URL: expected nats://host:port');
    expect(told).not.toMatch(/s3cret|1234/);
  },
);

it.each(['pg_toast', 'information_schema', 'a'.repeat(64)])('refuses %s for its own tables', (name) => {
  vi.stubEnv('NOMNOM_LEDGER_SCHEMA', name);
  expect(() => ledgerSchema(undefined)).toThrow('NOMNOM_LEDGER_SCHEMA: expected');
});

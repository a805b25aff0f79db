import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parametersOf } from '../../../../src/adapters/postgres/connection/parameters.ts';
import { passwordFrom } from '../../../../src/adapters/postgres/connection/password-file.ts';
import { routesOf } from '../../../../src/adapters/postgres/connection/routes.ts';
import { Failure } from '../../../../src/ports/failure.ts';

function refusal(url: string, environment = {}): string {
  try {
    parametersOf(url, environment);
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('a URL', () => {
  it.each([
    ['postgres://a:b@h:1/d', { hosts: [{ host: 'h', port: 1 }], user: 'a', password: 'b', database: 'd' }],
    ['postgresql://h', { hosts: [{ host: 'h', port: 5432 }] }],
    ['postgres://a@h', { user: 'a', database: 'a' }],
    ['postgres://a:p%40%3a%2fw@h/d%20d', { password: 'p@:/w', database: 'd d' }],
    ['postgres://a:100%@h/d', { password: '100%' }],
    ['postgres://[::1]:7/d', { hosts: [{ host: '::1', port: 7 }] }],
    [
      'postgres://h1:1,h2:2/d',
      {
        hosts: [
          { host: 'h1', port: 1 },
          { host: 'h2', port: 2 },
        ],
        target: 'read-write',
      },
    ],
    [
      'postgres://h1,h2:2/d?target_session_attrs=any',
      {
        hosts: [
          { host: 'h1', port: 5432 },
          { host: 'h2', port: 2 },
        ],
        target: 'any',
      },
    ],
    ['postgres://%2Frun%2Fpg/d', { hosts: [{ host: '/run/pg', port: 5432 }] }],
    [
      'postgres:///d?host=/run/pg&port=9&user=u',
      { hosts: [{ host: '/run/pg', port: 9 }], user: 'u', database: 'd' },
    ],
    [
      'postgres://h/d?sslmode=verify-full&sslrootcert=/ca',
      { sslMode: 'verify-full', rootCertificate: '/ca' },
    ],
    ['postgres://h/d?sslrootcert=system', { sslMode: 'verify-full' }],
    ['postgres://h/d?ssl=true', { sslMode: 'require' }],
    ['postgres://h/d', { sslMode: 'prefer', channelBinding: 'prefer', target: 'any' }],
    ['postgres://localhost/d', { sslMode: 'allow' }],
    ['postgres://h/d?connect_timeout=1', { connectTimeout: 2000 }],
  ])('%s says what it says to libpq', (url, expected) => {
    expect(parametersOf(url, {})).toMatchObject(expected);
  });

  it.each([
    ['postgres://h/d?SSLMODE=verify-full', 'the parameter "SSLMODE" is written "sslmode"'],
    ['postgres://h/d?sslmod=verify-full', 'the parameter "sslmod" is not supported'],
    ['postgres://h/d?sslmode=full', 'sslmode: expected one of disable'],
    ['postgres://h/d?target_session_attrs=standby', 'expected one of any, read-write, primary'],
    ['postgres://h:x/d', 'expected host:port'],
    ['postgres://h:99999/d', 'expected a whole number from 1 to 65535'],
    ['postgres://h1,h2,h3/d?port=1,2', '3 hosts and 2 ports'],
    ['mysql://h/d', 'expected postgres://user:password@host:port/database'],
  ])('%s is refused', (url, told) => {
    expect(refusal(url)).toContain(told);
  });

  it('counts before the environment, which fills in what it lacks', () => {
    const environment = { PGHOST: 'e', PGPORT: '6', PGUSER: 'eu', PGPASSWORD: 'ep', PGSSLMODE: 'require' };
    expect(parametersOf('postgres://', environment)).toMatchObject({
      hosts: [{ host: 'e', port: 6 }],
      user: 'eu',
      database: 'eu',
      password: 'ep',
      sslMode: 'require',
    });
    expect(parametersOf('postgres://u@h:1/d?sslmode=disable', environment)).toMatchObject({
      hosts: [{ host: 'h', port: 1 }],
      user: 'u',
      sslMode: 'disable',
    });
  });

  it('never shows its password where it is wrong', () => {
    const secret = 'SECRET-SECRET';
    const hostile = fc.stringMatching(/^[a-z0-9:@/?#[\]%&=, ]{0,30}$/);
    fc.assert(
      fc.property(hostile, hostile, (before, behind) => {
        expect(refusal(`postgres://${before}u:${secret}@${behind}`)).not.toContain(secret);
      }),
    );
  });
});

describe('routes', () => {
  const routes = (url: string) => routesOf(parametersOf(url, {})).map(({ host, tls }) => `${host} ${tls}`);

  it.each([
    ['postgres://a,b/d?sslmode=prefer', ['a true', 'a false', 'b true', 'b false']],
    ['postgres://a/d?sslmode=require', ['a true']],
    ['postgres://a/d?sslmode=verify-full', ['a true']],
    ['postgres://a/d?sslmode=disable', ['a false']],
    ['postgres://%2Frun/d?sslmode=verify-full', ['/run false']],
  ])('of %s never leave TLS out where it is demanded', (url, expected) => {
    expect(routes(url)).toEqual(expected);
  });
});

describe('a password file', () => {
  const owner = { host: 'h', port: 5432, database: 'd', user: 'u' };
  const written = (text: string, mode = 0o600): string => {
    const folder = mkdtempSync(join(tmpdir(), 'nomnom-passwords-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'pgpass');
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  it.each([
    ['h:5432:d:u:pw\n', 'pw'],
    ['# h:5432:d:u:no\nother:*:*:*:no\n*:*:*:u:yes\n*:*:*:*:late', 'yes'],
    [String.raw`h:5432:d:u:p\:w\\x`, String.raw`p:w\x`],
    ['h:5432:other:u:pw', undefined],
    ['', undefined],
  ])('of %j gives %j', (text, expected) => {
    expect(passwordFrom(written(text), owner)).toBe(expected);
  });

  it('is left alone where others may read it', () => {
    expect(passwordFrom(written('*:*:*:*:pw', 0o644), owner)).toBeUndefined();
  });

  it('has the passwords of a socket under localhost', () => {
    expect(passwordFrom(written('localhost:5432:d:u:pw'), { ...owner, host: '/run/pg' })).toBe('pw');
  });
});

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FILE_LIMITS, readBelow, takeBelow } from '../../src/cli/read-below.ts';
import { nomnom } from '../support/nomnom.ts';

const SECRET = 'token-that-no-finding-shows';
const ENTITY = 'entity A { id: int  store a { key (id)  upsert on (id) } }\n';
const SHAPE = 'shape Common { name: text }\n';
const COUNTRIES = 'code,name\nDE,Germany\n';
const LOOKUP = 'lookup Countries "NAME" { code: text(2)  name: text  key (code) }\n';

let folder: string;
let shop: string;

function put(path: string, text: string): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nomnom-files-'));
  shop = join(folder, 'shop');
  put('secret.txt', `${SECRET}\n`);
  put('secret.nom', `${SECRET}\n`);
  put('common.nom', SHAPE);
  put('shop-old/common.nom', SHAPE);
  put('Shop/common.nom', SHAPE);
  put('shop/inside.nom', SHAPE);
  put('shop/parts/deep.nom', SHAPE);
  put('shop/..data/common.nom', SHAPE);
  put('shop/notes.txt', `${SECRET}\n`);
  put('shop/latin.csv', '');
  writeFileSync(join(shop, 'latin.csv'), Buffer.from([0x63, 0xe9, 0x0a]));
  put('shop/long.nom', '');
  truncateSync(join(shop, 'long.nom'), FILE_LIMITS.program + 1);
  put('shop/long.csv', '');
  truncateSync(join(shop, 'long.csv'), 20 * 1024 ** 3);
  execFileSync('mkfifo', [join(shop, 'pipe.nom'), join(shop, 'pipe.csv')]);
  const links: readonly (readonly [string, string])[] = [
    ['zero.csv', '/dev/zero'],
    ['zero.nom', '/dev/zero'],
    ['environ.csv', '/proc/self/environ'],
    ['secret.csv', '../secret.txt'],
    ['secret-link.nom', '../secret.nom'],
    ['notes.nom', 'notes.txt'],
    ['above', '..'],
    ['common-link.nom', '..data/common.nom'],
    ['nowhere.nom', 'missing.nom'],
    ['circle.nom', 'circle.nom'],
  ];
  for (const [name, target] of links) symlinkSync(target, join(shop, name));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OUTSIDE = 'is outside of the folder of the program';

describe('what is not read, and what is said of it', () => {
  test.each([
    ['pipe.nom', 'is a FIFO, not a regular file'],
    ['pipe.csv', 'is a FIFO, not a regular file'],
    ['parts', 'is a folder, not a regular file'],
    ['zero.csv', OUTSIDE],
    ['zero.nom', OUTSIDE],
    ['environ.csv', OUTSIDE],
    ['secret.csv', OUTSIDE],
    ['secret-link.nom', OUTSIDE],
    ['above/secret.nom', OUTSIDE],
    ['above/shop/above/common.nom', OUTSIDE],
    ['../secret.nom', OUTSIDE],
    ['parts/../../secret.nom', OUTSIDE],
    ['../shop-old/common.nom', OUTSIDE],
    ['../Shop/common.nom', OUTSIDE],
    ['../missing/whatever.nom', OUTSIDE],
    ['/etc/passwd', OUTSIDE],
    ['missing.csv', 'does not exist'],
    ['nowhere.nom', 'does not exist'],
    ['circle.nom', 'does not exist'],
    ['latin.csv', 'is not UTF-8'],
    ['long.csv', 'has 20GB, at most 64MB of a lookup are read'],
    ['long.nom', 'has 4097KB, at most 4MB of a program are read'],
    ['notes.txt', 'is not a program: the name of an imported file must end in .nom'],
    ['notes.nom', 'is not a program: the name of an imported file must end in .nom'],
  ])('%s', (name, problem) => {
    const path = name.startsWith('/') ? name : join(shop, name);
    const kind = /\.(nom|txt)$|passwd/.test(name) ? 'program' : 'lookup';
    expect(readBelow(shop, path, kind)).toMatchObject({ problem });
  });

  test.each([
    'inside.nom',
    'parts/deep.nom',
    'common-link.nom',
    'parts/../inside.nom',
    'above/shop/inside.nom',
  ])('%s is read', (name) => expect(readBelow(shop, join(shop, name), 'program')).toBe(SHAPE));

  test('a folder above both, which is named, lets them in', () => {
    expect(readBelow(folder, join(shop, '../common.nom'), 'program')).toBe(SHAPE);
    expect(readBelow(folder, join(shop, 'secret.csv'), 'lookup')).toContain(SECRET);
  });

  test('a device is none, and /proc has no end, even below the folder that is named', () => {
    expect(readBelow('/', join(shop, 'zero.csv'), 'lookup')).toEqual({
      problem: 'is a device, not a regular file',
    });
    expect(readBelow('/', '/proc/self/environ', 'lookup')).toEqual(expect.any(String));
  });

  test('a socket', async () => {
    const server = createServer().listen(join(shop, 'socket.csv'));
    await new Promise((resolve) => server.once('listening', resolve));
    const read = readBelow(shop, join(shop, 'socket.csv'), 'lookup');
    await new Promise((resolve) => server.close(resolve));
    expect(read).toEqual({ problem: 'is a socket, not a regular file' });
  });

  test('a text of an editor counts for a file below the folder, there or not, and for no other', () => {
    expect(takeBelow(shop, join(shop, 'new/unsaved.nom'), 'program', SHAPE)).toBe(SHAPE);
    expect(takeBelow(shop, join(folder, 'common.nom'), 'program', SHAPE)).toMatchObject({ problem: OUTSIDE });
    expect(takeBelow(shop, join(shop, 'secret-link.nom'), 'program', SHAPE)).toMatchObject({
      problem: OUTSIDE,
    });
    const long = ' '.repeat(FILE_LIMITS.program + 1);
    expect(takeBelow(shop, join(shop, 'new.nom'), 'program', long)).toMatchObject({
      problem: 'has more than 4MB, at most 4MB of a program are read',
    });
  });
});

/** Changes what a name leads to, again and again, until it is killed. */
const SWAPPER = `
const { renameSync, symlinkSync, mkdirSync } = require('node:fs');
process.chdir(process.argv[1]);
for (let at = 0; ; at += 1) {
  symlinkSync(at % 2 === 0 ? '../secret.txt' : 'inside.nom', 'next-file');
  renameSync('next-file', 'swapped.csv');
  symlinkSync(at % 2 === 0 ? '..' : 'parts', 'next-folder');
  renameSync('next-folder', 'swapped');
  if (at === 10) process.stdout.write('swapping');
}`;

test('a link that changes between the look and the reading leads nowhere outside', async () => {
  put('shop/parts/secret.txt', 'harmless\n');
  const swapper = spawn(process.execPath, ['-e', SWAPPER, shop], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => swapper.once('exit', resolve));
  try {
    await new Promise((resolve) => swapper.stdout.once('data', resolve));
    const seen = { read: 0, refused: 0 };
    for (let round = 0; round < 4000 || seen.read === 0 || seen.refused === 0; round += 1)
      for (const name of ['swapped.csv', 'swapped/secret.txt']) {
        const read = readBelow(shop, join(shop, name), 'lookup');
        if (typeof read !== 'string') seen.refused += 1;
        else {
          seen.read += 1;
          if (read.includes(SECRET)) throw new Error(`${name} was read from outside`);
        }
      }
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(0);
  } finally {
    swapper.kill('SIGKILL');
    await ended;
  }
});

describe('nomnom', () => {
  const programs = (): Readonly<Record<string, string>> => ({
    'fifo import': 'import "pipe.nom"\n',
    'fifo lookup': LOOKUP.replace('NAME', 'pipe.csv'),
    'endless import': 'import "zero.nom"\n',
    'endless lookup': LOOKUP.replace('NAME', 'zero.csv'),
    'secret import': 'import "secret-link.nom"\n',
    'secret behind dots': 'import "parts/../../secret.nom"\n',
    'secret that is no program': 'import "notes.nom"\n',
    'secret lookup': LOOKUP.replace('NAME', 'secret.csv'),
  });

  test.each(['text', 'json', 'sarif', 'github'])(
    'check --format %s ends, and shows nothing of what stands in the file',
    async (format) => {
      const files = Object.entries(programs()).map(([name, text]) =>
        put(`shop/${name.replaceAll(' ', '-')}.nom`, `pipeline p\n${text}${ENTITY}`),
      );
      const ran = await nomnom(['check', ...files, '--format', format]);
      expect(ran.status).toBe(1);
      // One finding for each, and a secret file is none of them.
      for (const file of files) expect(ran.out).toContain(basename(file));
      expect(ran.out).toMatch(/NOM112[^]*NOM113|NOM113[^]*NOM112/);
      expect(ran.out + ran.err).not.toContain(SECRET);
    },
  );

  test('a cell that does not fit is named by its line and column, not by what stands in it', async () => {
    put('shop/bad.csv', `code,name\nDE,Germany\n${SECRET},x\n`);
    put('shop/twice.csv', `code,name\nDE,${SECRET}\nDE,${SECRET}\n`);
    for (const [name, place] of [
      ['bad', '3:1'],
      ['twice', '3:1'],
    ]) {
      const file = put(
        `shop/cells-${name}.nom`,
        `pipeline p\n${LOOKUP.replace('NAME', `${name}.csv`)}${ENTITY}`,
      );
      const ran = await nomnom(['check', file]);
      expect(ran.out).toContain(`${name}.csv:${place}`);
      expect(ran.out).not.toContain(SECRET);
    }
  });

  test('--root lets in what stands above the program, for every command that reads it', async () => {
    put('countries.csv', COUNTRIES);
    put('message.json', '{"id": 1}');
    const lookup = LOOKUP.replace('NAME', '../countries.csv');
    const text = `pipeline p\nimport "../common.nom"\n${lookup}${ENTITY}test "t" { given A "../message.json"  expect count(a) == 1 }\n`;
    const file = put('shop/upward.nom', text);
    const refused = await nomnom(['check', file]);
    expect(refused.status).toBe(1);
    expect(refused.out).toContain('name a common parent folder with --root');
    for (const args of [['check'], ['test'], ['explain'], ['graph'], ['schema'], ['types']])
      expect(await nomnom([...args, file, '--root', folder]), args[0]).toMatchObject({
        status: 0,
      });
    expect(await nomnom(['eval', file, 'A', '{"id": 1}', '--root', folder])).toMatchObject({ status: 0 });
    const nowhere = await nomnom(['check', file, '--root', join(folder, 'missing')]);
    expect(nowhere).toMatchObject({ status: 2 });
    expect(nowhere.err).toContain('--root: there is no folder');
  });

  test.each(['run', 'apply', 'dev', 'send', 'dlq list', 'dlq replay', 'lsp'])(
    '%s --help',
    async (command) => {
      const { out } = await nomnom([...command.split(' '), '--help']);
      expect(out.includes('--root')).toBe(command !== 'lsp');
    },
  );

  test('a message of a test has the same limits', async () => {
    const given = (name: string): string =>
      `pipeline p\n${ENTITY}test "t" { given A "${name}"  expect count(a) == 1 }\n`;
    for (const name of ['pipe.csv', 'zero.csv', '../secret.txt', 'secret.csv']) {
      const ran = await nomnom(['test', put('shop/given.nom', given(name))]);
      expect(ran.status, name).toBe(1);
      expect(ran.out, name).toMatch(/not a regular file|is outside of the folder/);
      expect(ran.out + ran.err, name).not.toContain(SECRET);
    }
  });

  test('the program itself may be a link from anywhere, but no FIFO, folder or endless file', async () => {
    const file = put('elsewhere/real.nom', `pipeline p\n${ENTITY}`);
    symlinkSync(file, join(shop, 'link.nom'));
    expect(await nomnom(['check', join(shop, 'link.nom')])).toMatchObject({ status: 0 });
    for (const [path, problem] of [
      [join(shop, 'pipe.nom'), 'is a FIFO'],
      ['/dev/zero', 'is a device'],
      [shop, 'is a folder'],
      [join(shop, 'long.nom'), 'at most 4MB'],
      [join(shop, 'missing.nom'), 'there is no file'],
    ]) {
      const ran = await nomnom(['check', path ?? '']);
      expect(ran.status, path).toBe(2);
      expect(ran.err, path).toContain(problem);
    }
  });
});

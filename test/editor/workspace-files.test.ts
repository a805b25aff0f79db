import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startClient, type Client } from './client.ts';

const SECRET = 'token-that-no-finding-shows';
const SHAPE = 'shape Common { name: text }\n';

let folder: string;
let client: Client | undefined;

const uri = (path: string): string => pathToFileURL(join(folder, path)).href;
const program = (path: string): string =>
  `import "${path}"\nentity A { id: int  ...Common  store a { key (id)  upsert on (id) } }\n`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nomnom-workspace-'));
  mkdirSync(join(folder, 'work/shop'), { recursive: true });
  writeFileSync(join(folder, 'secret.nom'), `${SECRET}\n`);
  writeFileSync(join(folder, 'work/common.nom'), SHAPE);
  execFileSync('mkfifo', [join(folder, 'work/shop/pipe.nom')]);
  symlinkSync('common.nom', join(folder, 'work/common-link.nom'));
  symlinkSync('/dev/zero', join(folder, 'work/shop/zero.nom'));
  symlinkSync('../../secret.nom', join(folder, 'work/shop/secret.nom'));
});

afterEach(async () => {
  await client?.stop();
  client = undefined;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function findingsOf(name: string, text: string): Promise<string> {
  const opened = await client?.open(name, text);
  return JSON.stringify((await opened?.findings())?.diagnostics);
}

test('a FIFO, a device and a file outside of the workspace are not read, and the server goes on answering', async () => {
  client = await startClient(uri('work'));
  expect(await findingsOf(uri('work/shop/a.nom'), program('pipe.nom'))).toContain('is a FIFO');
  expect(await findingsOf(uri('work/shop/b.nom'), program('zero.nom'))).toContain('is outside');
  const secret = await findingsOf(uri('work/shop/c.nom'), program('secret.nom'));
  expect(secret).toContain('is outside');
  expect(secret).not.toContain(SECRET);
  expect(await findingsOf(uri('work/shop/d.nom'), program('../../secret.nom'))).toContain('is outside');
});

test('a file that is imported by a link too is read once', async () => {
  client = await startClient(uri('work'));
  const text = `import "../common-link.nom"\n${program('../common.nom')}`;
  expect(await findingsOf(uri('work/shop/a.nom'), text)).toBe('[]');
});

test('the workspace is the limit, not the folder of the program; without one it is that folder', async () => {
  client = await startClient(uri('work'));
  expect(await findingsOf(uri('work/shop/a.nom'), program('../common.nom'))).toBe('[]');
  await client.stop();
  client = await startClient();
  expect(await findingsOf(uri('work/shop/a.nom'), program('../common.nom'))).toContain('is outside');
});

test('an unsaved text outside of the workspace counts no more than a saved one; inside it counts', async () => {
  client = await startClient(uri('work'));
  await client.open(uri('new.nom'), SHAPE);
  expect(await findingsOf(uri('work/shop/a.nom'), program('../../new.nom'))).toContain('is outside');
  await client.open(uri('work/shop/new.nom'), SHAPE);
  expect(await findingsOf(uri('work/shop/b.nom'), program('new.nom'))).toBe('[]');
});

test('an untitled text reads no file at all', async () => {
  client = await startClient(uri('work'));
  const found = await findingsOf('untitled:Untitled-1', program('package.nom'));
  expect(found).toContain('cannot be found from a text that is not saved');
});

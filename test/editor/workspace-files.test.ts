import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Location, WorkspaceEdit } from 'vscode-languageserver/node';
import { startClient, type Client, type OpenText } from './client.ts';

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

const messages = (report: { readonly diagnostics: readonly { readonly message: unknown }[] }): string =>
  report.diagnostics.map(({ message }) => String(message)).join('\n');

/** The questions about a name that reach beyond the file that they are asked in. */
function namedIn(text: OpenText, marked: string) {
  const at = { textDocument: { uri: text.uri }, position: text.position(marked) };
  return {
    places: async (): Promise<readonly string[]> => {
      const context = { includeDeclaration: true };
      const found = await client?.ask<Location[]>('textDocument/references', { ...at, context });
      return (found ?? []).map((each) => each.uri.slice(uri('work').length + 1));
    },
    rename: async (newName: string): Promise<WorkspaceEdit['changes']> =>
      (await client?.ask<WorkspaceEdit>('textDocument/rename', { ...at, newName }))?.changes,
  };
}

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

test('a declaration is used, found and renamed where programs import it, open or saved', async () => {
  mkdirSync(join(folder, 'work/parts'), { recursive: true });
  writeFileSync(join(folder, 'work/parts/a.nom'), SHAPE);
  writeFileSync(join(folder, 'work/saved.nom'), program('parts/a.nom'));
  client = await startClient(uri('work'));
  const part = await client.open(uri('work/parts/a.nom'), SHAPE);
  expect(messages(await part.findings())).toBe('');
  await client.open(uri('work/open.nom'), program('parts/a.nom').replace('entity A', 'entity B'));
  const { places, rename } = namedIn(part, 'Com|mon');
  expect(await places()).toEqual(['parts/a.nom', 'open.nom', 'saved.nom']);
  const changes = (await rename('Shared')) ?? {};
  expect(Object.keys(changes)).toEqual([part.uri, uri('work/open.nom'), uri('work/saved.nom')]);
  expect(Object.values(changes).map((edits) => edits.length)).toEqual([1, 1, 1]);
  // Only the program that is not open has an entity A.
  await expect(rename('A')).rejects.toThrow('saved.nom:2:8, NOM102: `A` is declared twice');
});

test('what nothing uses is told as soon as the last program gives it up, for both kinds of editors', async () => {
  mkdirSync(join(folder, 'work/two'), { recursive: true });
  client = await startClient(uri('work/two'));
  const part = await client.open(uri('work/two/part.nom'), SHAPE);
  expect(messages(await part.findings())).toContain('the shape Common is not used');
  const used = part.next();
  const main = await client.open(uri('work/two/main.nom'), program('part.nom'));
  expect(messages(await used)).toBe('');
  const unused = part.next();
  await main.replace('...Common  ', '');
  expect(messages(await unused)).toContain('is not used');
  await client.stop();

  client = await startClient(uri('work/two'), undefined, { client: { textDocument: { diagnostic: {} } } });
  const pulled = await client.open(uri('work/two/part.nom'), SHAPE);
  const pull = (previousResultId?: string) =>
    client?.ask<{ kind: string; resultId: string; items: readonly { message: string }[] }>(
      'textDocument/diagnostic',
      { textDocument: { uri: pulled.uri }, ...(previousResultId === undefined ? {} : { previousResultId }) },
    );
  const first = await pull();
  expect(first?.items).toHaveLength(1);
  expect(await pull(first?.resultId)).toMatchObject({ kind: 'unchanged' });
  await client.open(uri('work/two/main.nom'), program('part.nom'));
  expect(await pull(first?.resultId)).toMatchObject({ kind: 'full', items: [] });
});

test('a folder that is renamed changes the findings of what reads below it', async () => {
  mkdirSync(join(folder, 'work/old'), { recursive: true });
  writeFileSync(join(folder, 'work/old/c.nom'), SHAPE);
  client = await startClient(uri('work'));
  const before = await client.open(uri('work/before.nom'), program('old/c.nom'));
  const after = await client.open(uri('work/after.nom'), program('new/c.nom'));
  expect(messages(await before.findings())).toBe('');
  expect(messages(await after.findings())).toContain('does not exist');
  const next = Promise.all([before.next(), after.next()]);
  renameSync(join(folder, 'work/old'), join(folder, 'work/new'));
  await client.notify('workspace/didChangeWatchedFiles', {
    changes: [
      { uri: uri('work/old'), type: 3 },
      { uri: `${uri('work/new')}/`, type: 1 },
    ],
  });
  const [gone, there] = await next;
  expect(messages(gone)).toContain('does not exist');
  expect(messages(there)).toBe('');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  CodeAction,
  CompletionItem,
  DocumentSymbol,
  Hover,
  Location,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import { startClient, type Client, type OpenText } from './client.ts';
import { largeProgram } from '../support/large-program.ts';

const tpch = readFileSync(join(import.meta.dirname, '../examples/tpch.nom'), 'utf8');

let client: Client;
beforeAll(async () => {
  client = await startClient();
}, 120_000);
afterAll(() => client.stop());

let count = 0;
const open = (text: string): Promise<OpenText> => client.open(`test${(count += 1)}.nom`, text);
const place = (text: OpenText, marked: string): object => ({
  textDocument: { uri: text.uri },
  position: text.position(marked),
});

describe('findings', () => {
  test('appear when a file is opened, with code, place, help and what explains them', async () => {
    const text = await open('entity A { n: int? }\nderive B from A as a { m: int = a.n }\n');
    const { diagnostics } = await text.findings();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({
      code: 'NOM302',
      source: 'nomnom',
      severity: 1,
      range: { start: { line: 1, character: 32 }, end: { line: 1, character: 35 } },
      relatedInformation: [{ message: 'declared as int' }],
    });
    expect(diagnostics[0]?.message).toContain('help: ');
  });

  test('follow every edit, and the last state wins', async () => {
    const text = await open(tpch);
    expect((await text.findings()).diagnostics).toEqual([]);
    for (const word of ['vers', 'versi', 'versio', 'version']) {
      await text.replace('newest by version', `newest by ${word}x`);
      await text.replace(`newest by ${word}x`, 'newest by version');
    }
    await text.replace('newest by version', 'newest by versions');
    expect((await text.findings()).diagnostics.map(({ code }) => code)).toEqual(['NOM103']);
    await text.replace('newest by versions', 'newest by version');
    expect((await text.findings()).diagnostics).toEqual([]);
    const versions = client.published.filter(({ uri }) => uri === text.uri).map(({ version = 0 }) => version);
    expect(versions).toEqual(versions.toSorted((left, right) => left - right));
    expect(client.published.findLast(({ uri }) => uri === text.uri)?.diagnostics).toEqual([]);
  });

  test('count columns in UTF-16 units, as editors do', async () => {
    const text = await open(
      'entity A { /* */ s: text }\n'.replace('/* */', '') + 'enum E { A = "𐐀𐐀" B = true }\n',
    );
    const { diagnostics } = await text.findings();
    expect(diagnostics[0]?.range.start).toEqual(text.position('|true'));
  });

  test('are gone when the file is closed', async () => {
    const text = await open('entitty A { }\n');
    expect((await text.findings()).diagnostics).not.toEqual([]);
    await client.close(text.uri);
    // Answers come in order: this one is behind what closing publishes.
    await client.ask('textDocument/hover', {
      textDocument: { uri: text.uri },
      position: { line: 0, character: 0 },
    });
    expect(client.published.findLast(({ uri }) => uri === text.uri)?.diagnostics).toEqual([]);
  });
});

describe('questions', () => {
  test('hover answers with Markdown and the place of the name', async () => {
    const text = await open(tpch);
    const hover = await client.ask<Hover>('textDocument/hover', place(text, 'item.extended_|price'));
    expect(hover.contents).toMatchObject({ kind: 'markdown' });
    expect(JSON.stringify(hover.contents)).toContain('extended_price: decimal(15, 2)');
    expect(hover.range?.start).toEqual(text.position('item.|extended_price'));
    expect(await client.ask('textDocument/hover', place(text, 'entity| Order'))).not.toBeNull();
  });

  test('completion answers for a text that was just edited', async () => {
    const text = await open(tpch);
    await text.replace('= o.order_key', '= o.');
    const items = await client.ask<CompletionItem[]>('textDocument/completion', place(text, '= o.|'));
    expect(items.map(({ label }) => label)).toContain('order_date');
    const item = items.find(({ label }) => label === 'order_date');
    const edit = item?.textEdit;
    expect(edit !== undefined && 'range' in edit ? text.edited([edit]) : '').toContain('= o.order_date\n');
  });

  test('go to definition leads to the declaration, find references to every use', async () => {
    const text = await open(tpch);
    const at = place(text, 'newest by vers|ion');
    const [definition] = await client.ask<Location[]>('textDocument/definition', at);
    expect(definition?.range.start).toEqual(text.position('|version:  '));
    const references = (includeDeclaration: boolean): Promise<Location[]> =>
      client.ask('textDocument/references', { ...at, context: { includeDeclaration } });
    expect(await references(true)).toHaveLength(3);
    expect(await references(false)).toHaveLength(2);
  });

  test('rename edits every place; an invalid name is refused with the reason', async () => {
    const text = await open(tpch);
    const at = place(text, 'as it|em');
    expect(await client.ask('textDocument/prepareRename', at)).toMatchObject({
      start: text.position('as |item'),
    });
    const rename = (newName: string): Promise<WorkspaceEdit> =>
      client.ask('textDocument/rename', { ...at, newName });
    const { changes = {} } = await rename('line');
    expect(text.edited(changes[text.uri] ?? [])).toBe(tpch.replaceAll(/\bitem\b/g, 'line'));
    await expect(rename('no name')).rejects.toThrow('`no name` is not a valid name');
    await expect(rename('o')).rejects.toThrow('two sources of OrderLineItem are called `o`');
    expect(await client.ask('textDocument/prepareRename', place(text, 'cou|nt('))).toBeNull();
  });

  test('the outline has a node for each declaration', async () => {
    const text = await open(tpch);
    const symbols = await client.ask<DocumentSymbol[]>('textDocument/documentSymbol', {
      textDocument: { uri: text.uri },
    });
    expect(symbols.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['tpch', 'OrderStatus', 'TPCH', 'worker', 'Order', 'OrderLineItem']),
    );
    for (const { range, selectionRange } of symbols)
      expect(selectionRange.start.line).toBeGreaterThanOrEqual(range.start.line);
  });

  test('formatting gives the one style; a file with an error of syntax stays as it is', async () => {
    const format = async (source: string): Promise<string> => {
      const text = await open(source);
      const params = { textDocument: { uri: text.uri }, options: { tabSize: 2, insertSpaces: true } };
      return text.edited(await client.ask<TextEdit[]>('textDocument/formatting', params));
    };
    expect(await format('entity   A{a:int}')).toBe('entity A { a: int }\n');
    expect(await format('entity   A{a int}')).toBe('entity   A{a int}');
  });

  test('a quick fix fixes the finding that it is shown for', async () => {
    const text = await open('entity Order { id: int }\nderive R from Ordr as o { id = o.id }\n');
    const { diagnostics } = await text.findings();
    const actions = await client.ask<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: text.uri },
      range: diagnostics[0]?.range,
      context: { diagnostics },
    });
    expect(actions).toHaveLength(1);
    expect(actions[0]).toMatchObject({ title: 'Write `Order`', kind: 'quickfix', isPreferred: true });
    expect(actions[0]?.diagnostics).toHaveLength(1);
    const edits = actions[0]?.edit?.changes?.[text.uri] ?? [];
    expect(text.edited(edits)).toContain('from Order as o');
  });

  test('a quick fix is preferred only where there is no choice, and offered only where one is asked for', async () => {
    const text = await open(
      'entity A { id: int  n: int?  store as { unique (n) nulls equal  upsert on (id) } }\n',
    );
    const { diagnostics } = await text.findings();
    const ask = (only?: string[]): Promise<CodeAction[]> =>
      client.ask('textDocument/codeAction', {
        textDocument: { uri: text.uri },
        range: diagnostics[0]?.range,
        context: { diagnostics, ...(only === undefined ? {} : { only }) },
      });
    expect((await ask()).map(({ isPreferred }) => isPreferred)).toEqual([false, false]);
    expect(await ask(['quickfix'])).toHaveLength(2);
    expect(await ask(['source.organizeImports'])).toEqual([]);
  });

  test('a text that is not open has no answers, and asking does no harm', async () => {
    const nowhere = { textDocument: { uri: 'file:///nowhere.nom' }, position: { line: 3, character: 7 } };
    expect(await client.ask('textDocument/hover', nowhere)).toBeNull();
    const text = await open('entity A { id: int }\n');
    const outside = { textDocument: { uri: text.uri }, position: { line: 99, character: 99 } };
    expect(await client.ask('textDocument/hover', outside)).toBeNull();
  });
});

describe('a program of several files', () => {
  const common = 'shape Address { zip: text  city: text }\n';
  const shop = `import "common.nom"
entity Order { id: int  to: Address }
derive D from Order as o { id = o.id  zip = o.to.zip  store ds { key (id)  upsert on (id) } }
`;

  test('is checked with what stands in the editor, saved or not, and again when that changes', async () => {
    const part = await client.open('several/common.nom', common);
    const whole = await client.open('several/shop.nom', shop);
    expect((await whole.findings()).diagnostics).toEqual([]);
    const again = whole.next();
    await part.replace('zip:', 'zipp:');
    const [finding] = (await again).diagnostics;
    expect(finding).toMatchObject({ code: 'NOM103', range: { start: whole.position('o.to.|zip') } });
    const third = whole.next();
    await part.replace('zipp: text', 'zip text');
    expect((await third).diagnostics[0]?.range.start).toEqual(whole.position('import |"'));
    const gone = whole.next();
    await client.close(part.uri);
    expect(JSON.stringify((await gone).diagnostics)).toContain('common.nom does not exist');
  });

  test('is one program for definitions, references and renames', async () => {
    const part = await client.open('one/common.nom', common);
    const whole = await client.open('one/shop.nom', shop);
    const at = place(whole, 'o.to.z|ip');
    const [definition] = await client.ask<Location[]>('textDocument/definition', at);
    expect(definition).toMatchObject({ uri: part.uri, range: { start: part.position('|zip') } });
    const { changes = {} } = await client.ask<WorkspaceEdit>('textDocument/rename', {
      ...at,
      newName: 'code',
    });
    expect(part.edited(changes[part.uri] ?? [])).toBe(common.replace('zip: text', 'code: text @json("zip")'));
    expect(whole.edited(changes[whole.uri] ?? [])).toBe(shop.replace('.zip', '.code'));
  });
});

test('an edit in a large program shows in the very next answer', async () => {
  const text = await open(largeProgram(5000));
  await text.findings();
  await text.replace('priority:     text(15)?', 'priority:     text(20)?');
  const { contents } = await client.ask<Hover>('textDocument/hover', place(text, 'prior|ity: '));
  expect(JSON.stringify(contents)).toContain('text(20)?');
});

test('typing in a large program is not checked letter by letter', async () => {
  const text = await open(largeProgram(5000));
  await text.findings();
  const before = client.published.length;
  const letters = ['p', 'pr', 'pri', 'prio', 'prior', 'priori', 'priorit', 'priority'];
  let written = 'priority:  ';
  for (const letter of letters) {
    await text.replace(written, `${letter}:  `);
    written = `${letter}:  `;
  }
  expect((await text.findings()).diagnostics).toEqual([]);
  // What was to be published has been when the next question is answered.
  await client.ask('textDocument/hover', place(text, 'prior|ity: '));
  expect(client.published.length - before).toBeLessThan(letters.length);
});

test('the server ends when the editor says so', async () => {
  expect(await (await startClient()).stop()).toBe(0);
});

test('the server ends when the editor hangs up', async () => {
  const other = await startClient();
  expect(other.capabilities.renameProvider).toBeTruthy();
  expect(await other.hangUp()).not.toBeNull();
});

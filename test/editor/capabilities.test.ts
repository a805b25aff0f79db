import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  DocumentDiagnosticReport,
  DocumentLink,
  FoldingRange,
  Hover,
  InlayHint,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
  TextEdit,
  WorkspaceEdit,
  WorkspaceSymbol,
} from 'vscode-languageserver/node';
import { startClient, type Client, type OpenText } from './client.ts';
import { COMMON, SHOP } from './shop-program.ts';

/* Each question of the protocol in a right file, in one with a fault of syntax, and in a text with characters of two units. */

let folder: string;
let client: Client;
let count = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nomnom-editor-'));
  mkdirSync(join(folder, 'data'));
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(join(folder, 'data/länder.csv'), 'code,name\nx,y\n');
  writeFileSync(join(folder, 'data/order.json'), '{}');
  writeFileSync(join(folder, 'common.nom'), COMMON);
  writeFileSync(join(folder, 'other.nom'), 'entity ElsewhereEntity { id: int }\n');
  writeFileSync(join(folder, 'node_modules/hidden.nom'), 'entity HiddenEntity { id: int }\n');
  client = await startClient(pathToFileURL(folder).href, undefined, {
    client: {
      textDocument: { diagnostic: { relatedDocumentSupport: true } },
      workspace: { workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} } },
    },
    options: { commands: ['nomnom.runTest', 'nomnom.showDdl'] },
  });
}, 120_000);
afterAll(async () => {
  await client.stop();
  rmSync(folder, { recursive: true, force: true });
});

const open = (text: string): Promise<OpenText> =>
  client.open(pathToFileURL(join(folder, `shop${(count += 1)}.nom`)).href, text);
/** A fault of syntax in a declaration of its own, in front. */
const faulty = (text: string): string => `entity Broken { id int\n}\n${text}`;
const document = ({ uri }: OpenText): object => ({ textDocument: { uri } });
const place = (text: OpenText, marked: string): object => ({
  ...document(text),
  position: text.position(marked),
});
const whole = (text: OpenText): object => ({
  start: { line: 0, character: 0 },
  end: { line: text.text().split('\n').length, character: 0 },
});
const editsOf = (edit: WorkspaceEdit | undefined, { uri }: OpenText): TextEdit[] =>
  edit?.changes?.[uri] ?? [];

const both = describe.each([
  ['a right file', (text: string) => text],
  ['a file with a fault of syntax', faulty],
]);

both('in %s', (_, made) => {
  test('signature help names the parameters, and which one is written', async () => {
    const text = await open(made(SHOP));
    const help = async (marked: string): Promise<unknown[]> => {
      const found = await client.ask<SignatureHelp | null>('textDocument/signatureHelp', place(text, marked));
      return [found?.signatures[0]?.label, found?.activeParameter];
    };
    const replace = 'fn replace(text: text, from: text, to: text) -> text';
    expect(await help('replace(|o.note')).toEqual([replace, 0]);
    expect(await help('o.note, "a", "|b"')).toEqual([replace, 2]);
    // An own function of an imported file, behind characters of two units.
    expect(await help('"🚀"|)')).toEqual(['fn shown(name: text, suffix: text) -> text', 1]);
    expect(await help('@json("st|ate")')).toEqual(['@json("customer.address.zip")', 0]);
    expect(await help('key (id|)\n    upsert')).toEqual([undefined, undefined]);
  });

  test('inlay hints show inferred types where they are not written, and names of literal arguments', async () => {
    const text = await open(made(SHOP));
    const hints = await client.ask<InlayHint[]>('textDocument/inlayHint', {
      ...document(text),
      range: whole(text),
    });
    expect(hints.map(({ label }) => label)).toEqual([
      ...[': int', ': text', ': text', 'suffix:', ': int', 'from:', 'to:', ': bool', ': text?'],
    ]);
    expect(hints[4]?.position).toEqual(text.position('length| = length'));
    // Written where it is shown, it means the same.
    const edits = hints.flatMap(({ textEdits }) => textEdits ?? []);
    expect(text.edited(edits)).toContain('length: int = length(');
  });

  test('semantic tokens say what each name is, in units of UTF-16', async () => {
    const text = await open(made(SHOP));
    const legend = client.capabilities.semanticTokensProvider?.legend.tokenTypes ?? [];
    const decode = ({ data }: SemanticTokens): string[] => {
      let [line, character] = [0, 0];
      const found: string[] = [];
      const lines = text.text().split('\n');
      for (let at = 0; at < data.length; at += 5) {
        const [down = 0, right = 0, length = 0, type = 0] = data.slice(at, at + 4);
        line += down;
        character = down === 0 ? character + right : right;
        found.push(`${legend[type]} ${lines[line]?.slice(character, character + length)}`);
      }
      return found;
    };
    const full = decode(await client.ask('textDocument/semanticTokens/full', document(text)));
    expect(full).toEqual(
      expect.arrayContaining([
        ...['class Order', 'enum Status', 'enumMember Open', 'property customer_id', 'variable o'],
        ...['function shown', 'function replace', 'struct orders', 'decorator json', 'keyword derive'],
        ...['type int', 'string "🚀"', 'comment /// An order.', 'property note', 'number 1'],
      ]),
    );
    const part = decode(
      await client.ask('textDocument/semanticTokens/range', {
        ...document(text),
        range: { start: text.position('|label ='), end: text.position('length =| length(') },
      }),
    );
    expect(part).toEqual([
      ...[
        'property label',
        'function shown',
        'variable o',
        'property note',
        'string "🚀"',
        'property length',
      ],
    ]);
  });

  test('folding takes the lines of brackets, comments and imports', async () => {
    const text = await open(made(`// one\n// two\n${SHOP}`));
    const ranges = await client.ask<FoldingRange[]>('textDocument/foldingRange', document(text));
    const order = text.position('|entity Order {').line;
    const store = text.position('|store orders {').line;
    const comment = text.position('|// one').line;
    expect(ranges).toContainEqual({ startLine: order, endLine: text.position('|derive Parcel').line - 3 });
    expect(ranges).toContainEqual({ startLine: store, endLine: store + 2 });
    expect(ranges).toContainEqual({ startLine: comment, endLine: comment + 1, kind: 'comment' });
  });

  test('a selection grows from the word to the file', async () => {
    const text = await open(made(SHOP));
    const [range] = await client.ask<SelectionRange[]>('textDocument/selectionRange', {
      ...document(text),
      positions: [text.position('replace(o.no|te')],
    });
    const grown: string[] = [];
    for (let at = range; at !== undefined; at = at.parent) {
      const lines = text.edited([{ range: at.range, newText: '⟦⟧' }]);
      grown.push(lines);
    }
    const selected = grown.map((each) => text.text().length - each.length + 2);
    expect(selected.slice(0, 3)).toEqual(['note', 'o.note', 'o.note, "a", "b"'].map(({ length }) => length));
    expect(selected).toContain('length = length(replace(o.note, "a", "b"))'.length);
    expect(selected.at(-1)).toBe(text.text().length);
  });

  test('paths of imports and lookups are links', async () => {
    const text = await open(made(SHOP));
    const links = await client.ask<DocumentLink[]>('textDocument/documentLink', document(text));
    expect(links.map(({ target }) => target)).toEqual([
      pathToFileURL(join(folder, 'common.nom')).href,
      pathToFileURL(join(folder, 'data/länder.csv')).href,
    ]);
    expect(links[1]?.range.end).toEqual(text.position('länder.csv|"'));
  });

  test('an enum offers its members behind `==`', async () => {
    const text = await open(made(SHOP));
    await text.replace('== Status.Open', '== ');
    const items = await client.ask<CompletionItem[]>('textDocument/completion', place(text, 'o.status == |'));
    expect(items.slice(0, 2).map(({ label }) => label)).toEqual(['Status.Open', 'Status.Closed']);
  });

  test('a message of a test offers its keys, and the values of an enum', async () => {
    const text = await open(made(SHOP));
    const labels = async (marked: string): Promise<string[]> =>
      (await client.ask<CompletionItem[]>('textDocument/completion', place(text, marked))).map(
        ({ label }) => label,
      );
    await text.replace('"id": 1, "customer_id": 1, "state": "o",', '"id": 1, "",');
    expect(await labels('1, "|",')).toEqual(['customer_id', 'state', 'to', 'note']);
    await text.replace('"id": 1, "",', '"state": "",');
    expect(await labels('"state": "|"')).toEqual(['o', 'c']);
    await text.replace('"zip": "1", "city"', '"');
    expect(await labels('"to": { "|')).toEqual(['zip', 'city']);
  });

  test('a path offers what it can go on with, and nothing that is hidden or installed', async () => {
    const text = await open(made(SHOP));
    const labels = async (marked: string): Promise<string[]> =>
      (await client.ask<CompletionItem[]>('textDocument/completion', place(text, marked))).map(
        ({ label }) => label,
      );
    expect(await labels('import "|common')).toEqual(['common.nom', 'data/', 'other.nom']);
    expect(await labels('"data/|länder')).toEqual(['länder.csv']);
  });
});

describe('tables', () => {
  test('hover shows columns, keys and the DDL, and `nomnom/ddl` gives it alone', async () => {
    const text = await open(SHOP);
    for (const marked of ['entity Or|der', 'store or|ders', 'from Or|der as']) {
      const { contents } = await client.ask<Hover>('textDocument/hover', place(text, marked));
      const shown = JSON.stringify(contents);
      expect(shown).toContain('| `customer_id` | `int` | `integer` |');
      expect(shown).toContain('- `key (id)`');
      expect(shown).toContain('CREATE TABLE \\"orders\\"');
    }
    const derived = await client.ask<Hover>('textDocument/hover', place(text, 'derive Par|cel'));
    expect(JSON.stringify(derived.contents)).toContain('CREATE TABLE \\"parcels\\"');
    const asked = { ...document(text), table: 'orders' };
    expect(await client.ask<string>('nomnom/ddl', asked)).toMatch(/^CREATE TABLE "orders"/);
    await text.replace('note: text', 'note text');
    expect(await client.ask('nomnom/ddl', asked)).toBeNull();
    const { contents } = await client.ask<Hover>('textDocument/hover', place(text, 'entity Cust|omer'));
    expect(JSON.stringify(contents)).toContain('| `id` | `int` | `integer` |');
  });

  test('lenses run a test and show a table', async () => {
    // A mistake hides none: lines would jump while somebody types.
    const text = await open(SHOP.replace('o.note,', 'o.nnote,'));
    const lenses = await client.ask<CodeLens[]>('textDocument/codeLens', document(text));
    expect(lenses.map(({ command }) => [command?.command, command?.arguments])).toEqual([
      ['nomnom.showDdl', [text.uri, 'customers']],
      ['nomnom.showDdl', [text.uri, 'orders']],
      ['nomnom.showDdl', [text.uri, 'parcels']],
      ['nomnom.runTest', [text.uri, '🚀 ein Päckchen']],
    ]);
  });
});

test('symbols come from every program of the workspace, open or saved', async () => {
  await open('entity UnsavedEntity { id: int }\n');
  const find = async (query: string): Promise<string[]> =>
    (await client.ask<WorkspaceSymbol[]>('workspace/symbol', { query })).map(({ name }) => name);
  expect(await find('entity')).toEqual(expect.arrayContaining(['ElsewhereEntity', 'UnsavedEntity']));
  expect(await find('lsentity')).toEqual(['ElsewhereEntity']);
  expect(await find('HiddenEntity')).toEqual([]);
});

describe('findings that are asked for', () => {
  test('are there at once, once for each state, and never sent as well', async () => {
    const text = await open(SHOP.replace('o.note,', 'o.nnote,'));
    const ask = (previousResultId?: string): Promise<DocumentDiagnosticReport> =>
      client.ask('textDocument/diagnostic', {
        ...document(text),
        ...(previousResultId === undefined ? {} : { previousResultId }),
      });
    const first = await ask();
    expect(first).toMatchObject({
      kind: 'full',
      items: [{ code: 'NOM103', range: { start: text.position('o.|nnote') } }],
    });
    expect(await ask(first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
    await text.replace('o.nnote,', 'o.note,');
    expect(await ask(first.resultId)).toMatchObject({ kind: 'full', items: [] });
    expect(client.published.filter(({ diagnostics }) => diagnostics.length > 0)).toEqual([]);
  });

  test('those of an imported file come with its address', async () => {
    writeFileSync(join(folder, 'bad.nom'), 'shape Bad { ä: text }\n');
    const text = await open('import "bad.nom"\nentity A { id: int }\n');
    const report = await client.ask<DocumentDiagnosticReport>('textDocument/diagnostic', document(text));
    const uri = pathToFileURL(join(folder, 'bad.nom')).href;
    const related = (report.kind === 'full' ? report.relatedDocuments : undefined)?.[uri];
    expect(related).toMatchObject({
      kind: 'full',
      items: [{ range: { start: { line: 0, character: 12 } } }],
    });
  });
});

test('formatting a range changes its lines as formatting the file does', async () => {
  const messy = 'entity   A {\n id:int // 🚀\n   name:   text\n}\nentity   B{id:int}\n';
  const text = await open(messy);
  const options = { tabSize: 2, insertSpaces: true };
  const range = { start: text.position('| id'), end: text.position('name|:') };
  const edits = await client.ask<TextEdit[]>('textDocument/rangeFormatting', {
    ...document(text),
    range,
    options,
  });
  expect(text.edited(edits)).toBe('entity   A {\n  id:   int  // 🚀\n  name: text\n}\nentity   B{id:int}\n');
  const all = await client.ask<TextEdit[]>('textDocument/formatting', { ...document(text), options });
  expect(text.edited(all)).toBe('entity A {\n  id:   int  // 🚀\n  name: text\n}\nentity B { id: int }\n');
});

describe('a rename', () => {
  const rename = (text: OpenText, marked: string, newName: string): Promise<WorkspaceEdit> =>
    client.ask('textDocument/rename', { ...place(text, marked), newName });

  test('of a field that is read from JSON keeps the key that senders write', async () => {
    const text = await open(SHOP);
    const renamed = text.edited(editsOf(await rename(text, 'no|te: text', 'remark'), text));
    expect(renamed).toContain('remark: text @json("note")');
    expect(renamed).toContain('shown(o.remark, "🚀")');
    expect(renamed).toContain('"note": "n"');
    const named = text.edited(editsOf(await rename(text, 'sta|tus: Status', 'state'), text));
    expect(named).toContain('  state: Status\n');
    const column = text.edited(editsOf(await rename(text, 'la|bel =', 'title'), text));
    expect(column).toContain('title = shown(');
  });

  test('of an entity asks first, for its URL and its subject change', async () => {
    const text = await open(SHOP);
    const edit = await rename(text, 'entity Or|der', 'Purchase');
    const [annotation] = Object.values(edit.changeAnnotations ?? {});
    expect(annotation).toMatchObject({ needsConfirmation: true });
    expect(annotation?.description).toContain('/ingest/Purchase in place of /ingest/Order');
    const [change] = edit.documentChanges ?? [];
    const edits = change !== undefined && 'edits' in change ? change.edits : [];
    expect(text.edited(edits as TextEdit[])).toBe(SHOP.replaceAll(/\bOrder\b/g, 'Purchase'));
  });
});

describe('refactorings', () => {
  const actions = async (
    text: OpenText,
    from: string,
    to: string,
    only?: string,
  ): Promise<[string, string][]> => {
    const found = await client.ask<CodeAction[]>('textDocument/codeAction', {
      ...document(text),
      range: { start: text.position(from), end: text.position(to) },
      context: { diagnostics: [], ...(only === undefined ? {} : { only: [only] }) },
    });
    return found.map(({ title, edit }) => [title, text.edited(editsOf(edit, text))]);
  };

  test('selected fields become a shape that is spread in their place', async () => {
    const text = await open(SHOP);
    const found = await actions(text, '|to: Address', 'note: text|', 'refactor');
    expect(found.map(([title]) => title)).toEqual(['Extract the shape `OrderPart`']);
    expect(found[0]?.[1]).toContain(
      'shape OrderPart {\n  to: Address\n  note: text\n}\n\n/// An order.\nentity Order {',
    );
    expect(found[0]?.[1]).toContain('@json("state")\n  ...OrderPart\n  store orders');
  });

  test('a column that is called like the key of another table gets a ref', async () => {
    const text = await open(SHOP);
    const found = await actions(text, 'store ord|ers', 'store ord|ers', 'refactor.rewrite');
    expect(found.map(([title]) => title)).toEqual(['Add `ref (customer_id) -> Customer (id)`']);
    expect(found[0]?.[1]).toContain('    upsert on (id)\n    ref (customer_id) -> Customer (id)\n');
  });

  test('the constraint that a ref needs is added where it points', async () => {
    const text =
      await open(`entity Customer { id: int  email: text  store customers { key (id)  upsert on (id) } }
entity Order { id: int  email: text  store orders { key (id)  upsert on (id)  ref (email) -> Customer (email) soft } }
`);
    const found = await actions(text, 'ref| (email)', 'ref| (email)', 'refactor.rewrite');
    expect(found.map(([title]) => title)).toEqual(['Add `unique (email)` to `customers`']);
    expect(found[0]?.[1]).toContain('store customers { unique (email)  key (id)  upsert on (id) }');
  });
});

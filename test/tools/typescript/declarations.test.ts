import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { analyze } from '../../../src/checks/analyze.ts';
import { renderText } from '../../../src/diagnostics/render-text.ts';
import { compilePlan } from '../../../src/plan/compile.ts';
import { typescriptText } from '../../../src/tools/typescript/declarations.ts';
import { root } from '../../support/nomnom.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-types-'));
afterAll(() => rmSync(folder, { recursive: true }));

function checked(text: string): ReturnType<typeof analyze>['program'] {
  const { program, findings, accepted } = analyze({ name: 'shop.nom', text });
  if (!accepted) throw new Error(renderText(findings));
  return program;
}

/** What the TypeScript compiler says of the declarations with some code that uses them; empty where all is well. */
function compiled(declarations: string, use: string): string {
  writeFileSync(join(folder, 'types.ts'), declarations);
  writeFileSync(join(folder, 'use.ts'), `import type * as t from './types.ts';\n${use}\nexport {};\n`);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'es2022',
    module: 'nodenext',
    allowImportingTsExtensions: true,
    exactOptionalPropertyTypes: true,
    types: [],
  };
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['types.ts', 'use.ts'] }),
  );
  try {
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]);
    return '';
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
  }
}

const shop = `
enum State { Open = "it's \\"open\\""  Done }
shape Line { sku: text  amount: int? }
/// An order, as the shop sends it. */ This ends no comment.
entity Order {
  /// Two lines
  /// of words.
  id:      bigint
  zip:     text           @json("customer.address.zip")
  name:    text?          @json("customer.first-name")
  state:   State          @default("Done")
  total:   decimal(10, 2)
  done:    bool?
  extra:   json?
  tags:    text[]
  lines:   Line[]?
  store orders { key (id)  upsert on (id) }
}
derive OrderLine from Order as o, each o.lines as line {
  ...line
  id = o.id
  store order_lines { key (id, sku)  upsert on (id, sku) }
}
entity string { id: int  store Messages { key (id)  upsert on (id) } }
entity Upload { id: text @header("x-id")  raw: text @body  store uploads { key (id)  upsert on (id) } }
`;

test('the compiler accepts the types, messages and rows of them, and nothing else', () => {
  const use = `
const message: t.Order = {
  id: 1, customer: { address: { zip: '1' } }, total: '1.50', tags: ['a'], lines: [{ sku: 'a' }],
};
const more: t.Messages['Order'] = {
  ...message, state: 'it\\'s "open"', done: null, extra: { any: 1 }, customer: { 'first-name': null, address: { zip: '1' } },
};
const row: t.Rows['order_lines'] = { sku: 'a', amount: null, id: '1' };
const order: t.OrdersRow = {
  id: '1', zip: '1', name: null, state: 'Done', total: '1.50', done: true, extra: null, tags: [],
};
const raw: t.Upload = 'text';
const named: t.Messages['string'] = { id: 1 };
// @ts-expect-error a row holds no numbers for a bigint: they would lose digits
const wrongRow: t.Rows['order_lines'] = { sku: 'a', amount: null, id: 1 };
// @ts-expect-error a key is missing
const missing: t.Order = { id: 1, total: 1, tags: [] };
// @ts-expect-error the enum has no such string
const state: t.State = 'Open';
// @ts-expect-error null is not allowed here
const nothing: t.Order = { ...message, total: null };
export default [message, more, row, order, raw, named, wrongRow, missing, state, nothing];`;
  expect(compiled(typescriptText(checked(shop)), use)).toBe('');
}, 30_000);

test('docs reach the types and cannot end their comment', () => {
  const text = typescriptText(checked(shop));
  expect(text).toContain('  /**\n   * Two lines\n   * of words.\n   */\n  readonly id: string | number;');
  expect(text.match(/\*\//g)?.length).toBe(text.match(/\/\*\*/g)?.length);
});

test('a row that eval prints has the type of its table', () => {
  const source = readFileSync(join(root, 'test/examples/tpch.nom'), 'utf8');
  const program = checked(source);
  const plan = compilePlan(program, 'tpch.nom');
  const given = program.tests[0]?.tree.steps[0];
  const body = given?.kind === 'given' && given.input.kind === 'json' ? given.input.text : '';
  const entity = plan.entities.find(({ name }) => name === 'Order');
  const evaluation = entity?.evaluate({ body, headers: {}, messageId: '', receivedAt: 0 });
  const writes = evaluation?.kind === 'rows' ? evaluation.writes : [];
  expect(writes).toHaveLength(2);
  const rows = writes.flatMap(({ table, rows: written }) =>
    written.map((row) => {
      const columns = plan.tables[table]?.columns ?? [];
      const object = Object.fromEntries(
        columns.map((column, at) => [column.name, column.toJson(row[at] ?? null)]),
      );
      return `{ const row: t.Rows['${plan.tables[table]?.name ?? ''}'] = ${JSON.stringify(object)}; void row; }`;
    }),
  );
  const message = `const message: t.Order = ${body}; void message;`;
  expect(compiled(typescriptText(program), [message, ...rows].join('\n'))).toBe('');
}, 30_000);

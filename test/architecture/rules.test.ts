import { expect, test } from 'vitest';
import { looseReads } from './file-reads.ts';
import { fileCycles, partCycles } from './cycles.ts';
import { checkLoadsMore, crowdedAdapters, wrongDirections } from './directions.ts';
import { modulesOf } from './imports.ts';
import {
  barrels,
  longFiles,
  longMedian,
  misplacedFunctions,
  namelessHelpers,
  strayTests,
  unregistered,
} from './layout.ts';
import { foreignDownloads, missingFromLock } from './lock-file.ts';
import { namedDialects, recoveryDoors, wrongRooms } from './rooms.ts';
import { impurities } from './purity.ts';
import type { SourceTree } from './source-tree.ts';
import { foreignWords } from './wording.ts';

/** A small tree in memory: the text of each file by its path. */
function tree(files: Readonly<Record<string, string>>): SourceTree {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}

const modules = (files: Readonly<Record<string, string>>) => modulesOf(tree(files));

test.each([
  ['src/text/a.ts', `import { b } from '../diagnostics/b.ts';`],
  ['src/text/a.ts', `import { eastAsianWidth } from 'get-east-asian-width';`],
  ['src/diagnostics/a.ts', `import stringWidth from 'string-width';`],
  ['src/types/a.ts', `import type { B } from '../plan/b.ts';`],
  ['src/types/a.ts', `import { b } from '../functions/b.ts';`],
  ['src/model/a.ts', `import { b } from '../checks/b.ts';`],
  ['src/plan/a.ts', `import { b } from '../roles/worker/b.ts';`],
  ['src/plan/a.ts', `import type { B } from '../ports/b.ts';`],
  ['src/plan/a.ts', `import { quoteIdentifier } from '../sql/postgres/identifier.ts';`],
  ['src/model/a.ts', `import { z } from 'zod';`],
  ['src/syntax/a.ts', `import { b } from '../cli/b.ts';`],
  ['grammar/a.ts', `import type { Span } from '../src/text/source.ts';`],
  ['grammar/a.ts', `import { b } from 'fast-check';`],
  ['src/ports/a.ts', `import { b } from '../plan/b.ts';`],
  ['src/ports/a.ts', `import type { B } from '../sql/postgres/b.ts';`],
  ['src/ports/a.ts', `import { Pool } from 'pg';`],
  ['src/roles/worker/a.ts', `import type { FileTree } from '../../syntax/tree.ts';`],
  ['src/roles/worker/a.ts', `import { b } from '../../model/b.ts';`],
  ['src/roles/worker/a.ts', `import { CLAIM } from '../../sql/postgres/ledger/claim.ts';`],
  ['src/sql/postgres/ledger/a.ts', `import type { LedgerEntry } from '../../../ports/ledger-entries.ts';`],
  ['src/roles/ingest/a.ts', `import { b } from '../../checks/b.ts';`],
  ['src/roles/ingest/a.ts', `import { b } from '../../adapters/postgres/b.ts';`],
  ['src/roles/ingest/a.ts', `const b = await import('../../cli/b.ts');`],
  ['src/roles/ingest/a.ts', `import { Pool } from 'pg';`],
  ['src/roles/ingest/a.ts', `import { startServer } from '../../http/server.ts';`],
  ['src/roles/ingest/a.ts', `import { startRole } from '../../runtime/role.ts';`],
  ['src/roles/worker/a.ts', `import fastify from 'fastify';`],
  ['src/http/a.ts', `import { b } from '../roles/ingest/b.ts';`],
  ['src/http/a.ts', `import type { Plan } from '../plan/plan.ts';`],
  ['src/http/a.ts', `import { Pool } from 'pg';`],
  ['src/runtime/a.ts', `import { b } from '../cli/b.ts';`],
  ['src/cli/a.ts', `import { b } from '../adapters/postgres/b.ts';`],
  ['src/roles/ingest/a.ts', `import { connect } from '@nats-io/transport-node';`],
  [
    'src/cli/a.ts',
    `export const b = 1;`,
    'src/adapters/postgres/a.ts',
    `import { b } from '../../cli/a.ts';`,
  ],
  ['src/adapters/jetstream/a.ts', `import { b } from '../postgres/b.ts';`],
  ['src/adapters/jetstream/a.ts', `import { b } from '../../roles/worker/b.ts';`],
  ['src/adapters/jetstream/a.ts', `import { b } from '../../plan/plan.ts';`],
  ['src/adapters/jetstream/a.ts', `import { type B } from '../../plan/plan.ts';`],
])('%s must not say %s', (...files) => {
  const planted = Object.fromEntries(
    Array.from({ length: files.length / 2 }, (_, at) => [files[2 * at], files[2 * at + 1]]),
  );
  expect(wrongDirections(modules(planted)).length).toBe(1);
});

test('imports down the list are fine', () => {
  const allowed = {
    'grammar/a.ts': `import { CstParser } from 'chevrotain';`,
    'src/diagnostics/a.ts': `import { eastAsianWidth } from 'get-east-asian-width';`,
    'src/plan/a.ts': `import { b } from '../checks/b.ts'; import { c } from './sql/c.ts';`,
    'src/roles/worker/a.ts': `import { b } from '../../plan/b.ts'; import { c } from 'p-limit';`,
    'src/roles/ingest/a.ts': `import type { Route } from '../../http/route.ts';`,
    'src/http/a.ts': `import fastify from 'fastify'; import type { Log } from '../ports/log.ts';`,
    'src/runtime/a.ts': `import { b } from '../adapters/postgres/b.ts'; import { c } from '../roles/worker/c.ts';`,
    'src/adapters/postgres/a.ts': `import type { B } from '../../plan/b.ts'; import { Pool } from 'pg';`,
    'src/cli/run.ts': `import { b } from '../runtime/b.ts'; import { c } from '../roles/setup/c.ts';`,
    'test/a.test.ts': `import { Pool } from 'pg';`,
  };
  expect(wrongDirections(modules(allowed))).toEqual([]);
});

test('two drivers in one adapter are one too many; one scope is one driver', () => {
  const crowded = {
    'src/adapters/queue/a.ts': `import { Pool } from 'pg';`,
    'src/adapters/queue/b.ts': `import { connect } from '@nats-io/transport-node';`,
    'src/adapters/jetstream/a.ts': `import '@nats-io/transport-node'; import '@nats-io/jetstream';`,
  };
  expect(crowdedAdapters(modules(crowded))).toEqual([
    'src/adapters/queue: uses @nats-io and pg, one driver is the limit',
  ]);
});

test('a role behind the check command is found, however deep; a lazy one is not loaded', () => {
  const command = (load: string) => ({
    'src/cli/commands/check.ts': `import '../compile.ts';`,
    'src/cli/compile.ts': load,
    'src/roles/worker/worker.ts': '',
  });
  expect(checkLoadsMore(modules(command(`import '../roles/worker/worker.ts';`)))).toHaveLength(1);
  expect(checkLoadsMore(modules(command(`import type { W } from '../roles/worker/worker.ts';`)))).toEqual([]);
  expect(checkLoadsMore(modules(command(`const w = await import('../roles/worker/worker.ts');`)))).toEqual(
    [],
  );
});

test.each(['src/cli/a.ts', 'src/adapters/queue/a.ts', 'src/runtime/a.ts'])(
  '%s reads no file by itself',
  (path) => {
    for (const text of [
      `import { readFileSync } from 'node:fs';`,
      `import { readFile, stat } from 'node:fs/promises';`,
      `import { createReadStream as read } from 'fs';`,
    ])
      expect(looseReads(modules({ [path]: text }))).toHaveLength(1);
    expect(looseReads(modules({ [path]: `import { statSync } from 'node:fs';` }))).toEqual([]);
  },
);

test.each([
  `import { readFileSync } from 'node:fs';`,
  `import { randomUUID } from 'node:crypto';`,
  `import crypto from 'node:crypto';`,
  `const at = Date.now();`,
  `const at = new Date();`,
  `const chance = Math.random();`,
  `const home = process.env['HOME'];`,
  `const id = crypto.randomUUID();`,
  `console.log(1);`,
  `const a = b ? process : 1;`,
  `setTimeout(run, 1);`,
  `const answer = fetch(url);`,
  `const answer = await ask();`,
  `export async function ask() {}`,
  `names.sort((a, b) => a.localeCompare(b));`,
  `const hour = date.getHours();`,
  `const more = import('./more.ts');`,
])('%s is not pure', (text) => {
  expect(impurities(modules({ 'src/types/a.ts': text }))).not.toEqual([]);
  expect(impurities(modules({ 'src/roles/worker/a.ts': text }))).toEqual([]);
});

test.each([
  `import { createHash } from 'node:crypto';`,
  `const at = new Date(text); const utc = Date.UTC(1996, 1, 2); const year = at.getUTCFullYear();`,
  `// process and console`,
  `const text = 'process.exit()';`,
  `const settings = { process: 1, fetch: 500 }; settings.fetch;`,
])('%s is pure', (text) => {
  expect(impurities(modules({ 'src/types/a.ts': text }))).toEqual([]);
});

test('files that import each other are found, also by type only, also themselves', () => {
  const circle = {
    'src/a.ts': `import './b.ts';`,
    'src/b.ts': `import type { C } from './c.ts';`,
    'src/c.ts': `export { a } from './a.ts';`,
    'src/d.ts': `import './a.ts';`,
    'src/e.ts': `import './e.ts';`,
  };
  expect(fileCycles(modules(circle))).toEqual([
    'import cycle: src/a.ts, src/b.ts, src/c.ts',
    'import cycle: src/e.ts',
  ]);
});

test('parts that import each other are found although no file does', () => {
  const circle = {
    'src/types/a.ts': `import '../model/b.ts';`,
    'src/model/c.ts': `import type { D } from '../types/d.ts';`,
    'src/model/b.ts': '',
    'src/types/d.ts': '',
  };
  expect(fileCycles(modules(circle))).toEqual([]);
  expect(partCycles(modules(circle))).toEqual(['import cycle: src/model, src/types']);
});

test.each([
  ['src/model/program.ts', `import { a } from './collect/a.ts';`],
  ['src/model/collect/a.ts', `import { a } from '../infer/a.ts';`],
  ['src/model/resolve/a.ts', `import type { A } from '../build/a.ts';`],
  ['src/model/build/a.ts', `import { a } from '../query/a.ts';`],
  ['src/plan/decode/a.ts', `import { a } from './fast/a.ts';`],
  ['src/plan/evaluate/a.ts', `import { a } from '../decode/a.ts';`],
  ['src/syntax/lower/a.ts', `import { a } from '../recovery/mistakes/a.ts';`],
  ['src/model/extras/a.ts', ``],
  ['src/roles/worker/fail/a.ts', `import { b } from '../write/b.ts';`],
  ['src/roles/worker/write/a.ts', `import type { B } from '../receive/b.ts';`],
])('%s stands too low to say %s', (path, text) => {
  expect(wrongRooms(modules({ [path]: text }))).toHaveLength(1);
});

test.each([
  ['src/model/query/a.ts', `import { a } from '../resolve/a.ts';`],
  ['src/model/collect/a.ts', `import type { A } from '../program.ts'; import { b } from '../codes/b.ts';`],
  ['src/plan/compile.ts', `import { a } from './decode/fast/a.ts';`],
  ['src/roles/worker/fail/a.ts', `import type { Message } from '../message.ts';`],
  ['src/plan/decode/fast/a.ts', `import { a } from '../a.ts';`],
  ['src/syntax/recovery/mistakes/a.ts', `import { a } from '../b.ts';`],
])('%s may say %s', (path, text) => {
  expect(wrongRooms(modules({ [path]: text }))).toEqual([]);
});

test('a dialect that is named outside of its adapters is found', () => {
  const files = {
    'src/sql/registry.ts': `import { postgres } from './postgres/dialect.ts';`,
    'src/adapters/postgres/store.ts': `import type { Query } from '../../sql/postgres/session.ts';`,
    'src/cli/explained.ts': `import { shownDialect } from '../sql/registry.ts';`,
    'src/cli/dev.ts': `import { quoteIdentifier } from '../sql/postgres/identifier.ts';`,
  };
  expect(namedDialects(modules(files))).toEqual([
    'src/cli/dev.ts: only src/sql/registry.ts names a dialect (../sql/postgres/identifier.ts)',
  ]);
});

test('a second way into recovery is found', () => {
  const files = {
    'src/syntax/parse.ts': `import { recoverFile } from './recovery/file.ts';`,
    'src/syntax/docs.ts': `import { sameLine } from './recovery/layout.ts';`,
    'src/syntax/recovery/file.ts': `import { salvage } from './salvage.ts';`,
  };
  expect(recoveryDoors(modules(files))).toEqual([
    'src/syntax/docs.ts: only the parser enters src/syntax/recovery (./recovery/layout.ts)',
  ]);
});

test('a helper among the functions and a function among the helpers are found', () => {
  const files = {
    'src/functions/registry.ts': '',
    'src/functions/trim.ts': `export const trim: FunctionDefinition = {};`,
    'src/functions/characters.ts': `export const count = 1;`,
    'src/functions/support/lower.ts': `export const lower: FunctionDefinition = {};`,
    'src/functions/support/pattern.ts': `export const pattern = 1;`,
  };
  expect(misplacedFunctions(modules(files))).toHaveLength(2);
});

test('a long file and a long median are found', () => {
  const lines = (count: number) => 'x;\n'.repeat(count);
  expect(
    longFiles(tree({ 'src/a.ts': lines(401), 'src/b.ts': lines(400), 'docs/c.md': lines(900) })),
  ).toEqual(['src/a.ts: 401 lines, 400 is the limit']);
  expect(
    longMedian(tree({ 'src/a.ts': lines(80), 'src/b.ts': lines(130), 'src/c.ts': lines(1) })),
  ).toHaveLength(1);
  expect(longMedian(tree({ 'src/a.ts': lines(79), 'src/b.ts': lines(130), 'src/c.ts': lines(1) }))).toEqual(
    [],
  );
});

test.each([
  'src/utils.ts',
  'src/plan/utils/a.ts',
  'src/types/helper.ts',
  'src/model/index.ts',
  'test/common.ts',
])('%s says nothing', (path) => {
  expect(namelessHelpers(tree({ [path]: '' }))).toHaveLength(1);
});

test('a file that only re-exports is a barrel, one with something of its own is none', () => {
  const files = {
    'src/a.ts': `export * from './b.ts';\nexport { c } from './c.ts';`,
    'src/b.ts': `export { c } from './c.ts';\nexport const own = 1;`,
    'src/c.ts': `export const c = 1;`,
  };
  expect(barrels(modules(files))).toEqual(['src/a.ts: only re-exports']);
});

test('a forgotten column type is found, a helper beside it needs no line', () => {
  const files = {
    'src/types/registry.ts': `import { int } from './int.ts';`,
    'src/types/int.ts': `export const int: ColumnType = {};`,
    'src/types/uuid.ts': `export const uuid: ColumnType = {};`,
    'src/types/digits.ts': `export const digits = 3;`,
  };
  expect(unregistered(modules(files))).toEqual(['src/types/uuid.ts: is not in src/types/registry.ts']);
});

test('a registry folder without registry, or without a file of its type, is found', () => {
  expect(unregistered(modules({ 'src/checks/a.ts': '' }))).toEqual(['src/checks/registry.ts: is missing']);
  expect(unregistered(modules({ 'src/checks/registry.ts': '' }))).toEqual([
    'src/checks/registry.ts: no file of the folder exports a Check',
  ]);
});

test('a test without a source folder is found', () => {
  const files = {
    'src/types/int.ts': '',
    'src/roles/worker/receive/batch.ts': '',
    'test/types/int.test.ts': '',
    'test/roles/worker/batch.test.ts': '',
    'test/kinds/int.test.ts': '',
    'test/conformance/queue.test.ts': '',
    'test/architecture.test.ts': '',
  };
  expect(strayTests(tree(files))).toEqual([
    'test/kinds/int.test.ts: there is no src/kinds that it could test',
  ]);
});

test.each([
  ['cla', 'ude wrote this'],
  ['asked an AI ', 'assistant'],
  ['Co-Auth', 'ored-By: someone'],
  ['see /ro', 'ot/notes'],
  ['see /wo', 'rk/notes'],
  ['// TO', 'DO: later'],
  ['// @ts-', 'ignore'],
])('%s%s is a foreign word', (first, second) => {
  expect(foreignWords(tree({ 'docs/a.md': `fine\n${first}${second}` }))).toHaveLength(1);
});

test('ordinary words are none', () => {
  const text = 'the user agent, a session of Postgres, the tool, a data model, framework/ and network/';
  expect(foreignWords(tree({ 'docs/a.md': text }))).toEqual([]);
});

function lock(packages: Readonly<Record<string, object>>): SourceTree {
  return tree({ 'package-lock.json': JSON.stringify({ packages }) });
}

test('a package with an address is found', () => {
  expect(
    foreignDownloads(lock({ 'node_modules/pg': { resolved: 'http://mirror.example/pg.tgz' } })),
  ).toHaveLength(1);
  expect(foreignDownloads(lock({ 'node_modules/pg': { version: '8.23.1' } }))).toEqual([]);
});

test('a package that the lock file leaves out is found, a build for another platform too', () => {
  const packages = {
    'node_modules/lint': { dependencies: { left: '1' }, optionalDependencies: { '@lint/mac': '1' } },
    'node_modules/lint/node_modules/left': {},
  };
  expect(missingFromLock(lock(packages))).toEqual([
    'package-lock.json: node_modules/lint needs @lint/mac, which is not in it',
  ]);
  expect(missingFromLock(lock({ ...packages, 'node_modules/@lint/mac': {} }))).toEqual([]);
});

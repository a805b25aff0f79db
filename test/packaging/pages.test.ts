import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Block, blocksOf, pages } from '../docs/blocks.ts';
import { createDatabase } from '../support/database.ts';
import { layOutExecutable } from '../support/executable.ts';
import { freePort, type RunningServer } from '../support/process.ts';
import { provideNats, providePostgres } from '../support/servers.ts';
import { pageRun, shows, stepsOf } from './page-run.ts';

/** What a page takes for granted. */
const before: Readonly<Record<string, string>> = {
  'docs/monitoring.md': 'nomnom apply shop.nom --yes',
  'docs/security.md': 'nomnom apply shop.nom --yes',
  'docs/tls.md': [
    'nomnom apply shop.nom --yes',
    'openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout tls.key -out tls.crt',
  ].join('\n'),
  'docs/tutorial.md': 'export PORT=8080',
  'docs/upgrade.md': [
    'mkdir old new && cp shop.nom old/shop.nom',
    "sed 's/customer:  text(80)/&\\n  note: text?/' shop.nom >new/shop.nom",
    'nomnom apply old/shop.nom --yes',
  ].join('\n'),
};

const isCommand = ({ language }: Block): boolean => language === 'sh' || language === 'console';
const isRun = (block: Block): boolean => isCommand(block) && !('not-run' in block.settings);
const blocks = pages.flatMap((page) => blocksOf(page));
const runnable = [...new Set(blocks.filter(isRun).map(({ page }) => page))];
const program = blocks.findLast(
  ({ page, settings }) => page === 'docs/tutorial.md' && settings['file'] === 'shop.nom',
);

const folder = mkdtempSync(join(tmpdir(), 'nomnom-pages-'));
let servers: readonly RunningServer[] = [];
let executable: Awaited<ReturnType<typeof layOutExecutable>> | undefined;

beforeAll(async () => {
  [servers, executable] = await Promise.all([
    Promise.all([providePostgres(), provideNats()]),
    layOutExecutable(),
  ]);
  const left = blocks.filter((block) => isCommand(block) && !isRun(block));
  process.stdout.write('commands of pages that are not run:\n');
  for (const { page, line, settings } of left)
    process.stdout.write(`  ${page}:${line}: ${settings['not-run']}\n`);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  executable?.remove();
  await rm(folder, { recursive: true, force: true });
});

test.each(runnable)('the commands of %s do what the page says', async (page) => {
  const [postgres, nats] = servers;
  const database = await createDatabase(postgres?.url ?? '');
  const ports = await Promise.all(
    ['8080', '8081'].map(async (port) => [port, String(await freePort())] as const),
  );
  const run = pageRun({
    folder: mkdtempSync(join(folder, 'page-')),
    executable: join(executable?.folder ?? '', 'bin/nomnom'),
    env: { DATABASE_URL: database.url },
    stands: [
      ...ports,
      ['postgres://db.example.com/shop', database.url],
      ['nats://nats.example.com:4222', nats?.url ?? ''],
    ],
  });
  onTestFinished(async () => {
    await run.end();
    await database.drop();
  });
  const given = [
    { page, line: 0, language: 'nom', words: [], settings: { file: 'shop.nom' }, text: program?.text ?? '' },
    { page, line: 0, language: 'sh', words: [], settings: {}, text: before[page] ?? 'true' },
  ];
  for (const block of [...given, ...blocksOf(page)]) {
    const wrong = await run.run(block);
    expect(wrong, `${page}:${block.line}`).toBeUndefined();
  }
});

test('what a page shows is compared line by line, and `…` stands for anything', () => {
  const out = 'shop at noon\n\nqueue\n  waits  7\n';
  expect(shows('shop at …\n…\n  waits  7\n', out)).toBe(true);
  expect(shows('shop at …\n…\n  waits  8\n', out)).toBe(false);
  expect(shows('shop at …\n', out)).toBe(false);
  expect(shows('', 'something\n')).toBe(false);
  expect(stepsOf('$ one \\\n  more\nout\n$ two\n')).toEqual([
    { script: 'one \\\n  more\n', shown: 'out\n' },
    { script: 'two\n', shown: '' },
  ]);
});

test('a command that does something else than the page says is found', async () => {
  const place = { folder: mkdtempSync(join(folder, 'planted-')), executable: '', env: {}, stands: [] };
  const { run } = pageRun(place);
  const planted = (info: string, text: string) =>
    blocksOf('planted.md', `\`\`\`${info}\n${text}\n\`\`\`\n`)[0] as Block;
  expect(await run(planted('console', '$ echo one\ntwo'))).toContain('printed');
  expect(await run(planted('sh', 'false'))).toContain('ended with 1');
  expect(await run(planted('sh status=1', 'false'))).toBeUndefined();
  expect(await run(planted('sh background', 'false'))).toContain('ended with 1');
  expect(await run(planted('sh', 'word=kept; mkdir below; cd below'))).toBeUndefined();
  expect(await run(planted('console', '$ echo $word ${PWD##*/}\nkept below'))).toBeUndefined();
});

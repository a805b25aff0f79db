import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'rolldown';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
/** The mark by which Node finds what was put into it: nodejs.org/api/single-executable-applications.html. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * Builds one executable file for this platform at `target`: this Node with all of nomnom, every package that it needs, the
 * embedded Postgres and the templates inside.
 */
export async function buildBinary(target: string): Promise<void> {
  const work = `${target}.work`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    const script = join(work, 'nomnom.cjs');
    await bundleAll(script);
    const config = join(work, 'sea.json');
    const blob = join(work, 'sea.blob');
    writeFileSync(
      config,
      JSON.stringify({
        main: script,
        output: blob,
        disableExperimentalSEAWarning: true,
        // What V8 compiled comes along: `check` starts a third faster.
        useCodeCache: true,
        useSnapshot: false,
        // Lets `run` and `dev` start with the limits of memory that they need.
        execArgvExtension: 'cli',
        assets: assets(),
      }),
    );
    execFileSync(process.execPath, ['--experimental-sea-config', config], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    rmSync(target, { force: true });
    copyFileSync(process.execPath, target);
    chmodSync(target, 0o755);
    const mac = process.platform === 'darwin';
    if (mac) execFileSync('codesign', ['--remove-signature', target]);
    const inject = join(dirname(require.resolve('postject')), 'cli.js');
    execFileSync(
      process.execPath,
      [
        inject,
        target,
        'NODE_SEA_BLOB',
        blob,
        '--sentinel-fuse',
        FUSE,
        ...(mac ? ['--macho-segment-name', 'NODE_SEA'] : []),
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    if (mac) execFileSync('codesign', ['--sign', '-', target]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const parserGenerator = join(root, 'node_modules/chevrotain/lib/chevrotain.mjs');

async function bundleAll(file: string): Promise<void> {
  await build({
    input: join(root, 'packaging/binary-main.ts'),
    platform: 'node',
    // An optional compiled part that pg looks for, and does without.
    external: ['pg-native'],
    plugins: [
      {
        name: 'the parser generator, which must not be waited for at the top level',
        resolveId: (id) => (id.endsWith('/chevrotain.ts') ? parserGenerator : null),
      },
    ],
    output: { file, format: 'cjs', codeSplitting: false, minify: true },
    logLevel: 'warn',
  });
}

/** Files inside the executable, as `shippedFile` and the embedded Postgres look for them. */
function assets(): Record<string, string> {
  const embedded = dirname(require.resolve('@electric-sql/pglite'));
  const pipelines = readdirSync(join(root, 'pipelines'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return Object.fromEntries([
    ...['package.json', ...pipelines].map((path) => [path, join(root, path)]),
    ...['pglite.wasm', 'initdb.wasm', 'pglite.data'].map((name) => [
      `embedded/${name}`,
      join(embedded, name),
    ]),
  ]) as Record<string, string>;
}

await buildBinary(process.argv[2] ?? join(root, 'dist/nomnom'));

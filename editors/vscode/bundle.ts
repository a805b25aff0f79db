import { join } from 'node:path';
import { build } from 'rolldown';

const [file = join(import.meta.dirname, 'dist/extension.cjs')] = process.argv.slice(2);

/** Writes the one file that the editor loads, `dist/extension.cjs`; the editor itself brings `vscode`. */
await build({
  input: join(import.meta.dirname, 'src/extension.ts'),
  platform: 'node',
  external: ['vscode'],
  logLevel: 'warn',
  output: {
    file,
    format: 'cjs',
    minify: true,
  },
});

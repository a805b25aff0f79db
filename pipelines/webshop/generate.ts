/** Makes the messages of the web shop: node pipelines/webshop/generate.ts [--seed N] [--out FOLDER] */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fileText, messageFiles } from './messages.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: fileURLToPath(new URL('.', import.meta.url)) },
  },
});
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed)) throw new Error(`--seed ${values.seed} is no whole number`);
mkdirSync(values.out, { recursive: true });
for (const file of messageFiles(seed)) {
  const path = join(values.out, `${file.name}.ndjson`);
  writeFileSync(path, fileText(file));
  process.stdout.write(`${path}: ${file.messages.length} messages\n`);
}

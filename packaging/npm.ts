import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist/src');

/** What the npm package and the image run: `dist/src/cli/main.js`, and what it loads. */
rmSync(dist, { recursive: true, force: true });
await bundle(join(dist, 'cli'));

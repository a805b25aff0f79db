import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { folder, isPrerelease, manifest, root } from './places.ts';
import { publish, run } from './step.ts';

/** Packs the extension, and publishes this file; `VSCE_PAT` is the token of the marketplace. Safe to repeat. */
mkdirSync(folder, { recursive: true });
const file = join(folder, `nomnom-${manifest.version}.vsix`);
run(process.execPath, [join(root, 'packaging/vscode.ts'), file]);
const version = isPrerelease ? ['--pre-release'] : [];
publish('npx', ['vsce', 'publish', '--packagePath', file, '--skip-duplicate', ...version]);

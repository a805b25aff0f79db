import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { folder, isPrerelease, manifest, root } from './places.ts';
import { dryRun, publish, run } from './step.ts';

/**
 * Packs the extension, and publishes this file; `VSCE_PAT` is the token of the marketplace. Safe to repeat. The marketplace takes no
 * version such as 1.0.0-rc.1: then the file is only part of the release, as it is where there is no token.
 */
mkdirSync(folder, { recursive: true });
const file = join(folder, `nomnom-${manifest.version}.vsix`);
run(process.execPath, [join(root, 'packaging/vscode.ts'), file]);
const token = process.env['VSCE_PAT'] ?? '';
if (isPrerelease)
  process.stdout.write('the marketplace takes no prerelease: the extension is not published\n');
else if (token === '' && !dryRun)
  process.stdout.write('VSCE_PAT is not set: the extension is not published\n');
else publish('npx', ['vsce', 'publish', '--packagePath', file, '--skip-duplicate']);

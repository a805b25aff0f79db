import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { channel } from './channel.ts';
import { folder, manifest, root } from './places.ts';
import { dryRun, publish, run } from './step.ts';

/**
 * Packs the extension, and publishes this file; `VSCE_PAT` is the token of the marketplace. Safe to repeat. The file is only a part of
 * the release where there is no token, and where the version is a prerelease or not the newest.
 */
mkdirSync(folder, { recursive: true });
const file = join(folder, `nomnom-${manifest.version}.vsix`);
run(process.execPath, [join(root, 'packaging/vscode.ts'), file]);
const token = process.env['VSCE_PAT'] ?? '';
if (!channel().marketplace)
  process.stdout.write('the marketplace gets the newest release only: the extension is not published\n');
else if (token === '' && !dryRun)
  process.stdout.write('VSCE_PAT is not set: the extension is not published\n');
else publish('npx', ['vsce', 'publish', '--packagePath', file, '--skip-duplicate']);

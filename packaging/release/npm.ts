import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { channel } from './channel.ts';
import { folder, manifest } from './places.ts';
import { dryRun, printed, publish, run } from './step.ts';

/** Packs the npm package, and publishes this file with a statement of how it was built. Safe to repeat. */
const { name, version } = manifest;
mkdirSync(folder, { recursive: true });
run('npm', ['pack', '--silent', '--pack-destination', folder]);
const file = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);

const published = dryRun ? undefined : printed('npm', ['view', `${name}@${version}`, 'version']);
if (published === version) process.stdout.write(`${name}@${version} is published already\n`);
else publish('npm', ['publish', file, '--provenance', '--access', 'public', '--tag', channel().npmTag]);

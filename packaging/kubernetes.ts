import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainManifests } from './plain-manifests.ts';

/* Writes deploy/kubernetes/*.yaml from the chart. It needs helm. A test fails while they are stale. */

const root = join(import.meta.dirname, '..');
const folder = join(root, 'deploy/kubernetes');
const chart = join(root, 'deploy/chart/nomnom');
const values = ['--values', join(folder, 'values.yaml'), '--kube-version', '1.33.0'];
const { apply, roles } = plainManifests(rendered());
writeFileSync(join(folder, 'apply.yaml'), apply);
writeFileSync(join(folder, 'roles.yaml'), roles);

function rendered(): string {
  const helm = process.env['HELM'] ?? 'helm';
  try {
    return execFileSync(helm, ['template', 'nomnom', chart, ...values], { encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    process.stderr.write(
      `${helm} is not on this machine: install helm 3, set HELM to its path, or run \`npm run chart:tools\`\n`,
    );
    process.exit(1);
  }
}

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainManifests } from './plain-manifests.ts';

/* Writes deploy/kubernetes/*.yaml from the chart. It needs helm. A test fails while they are stale. */

const root = join(import.meta.dirname, '..');
const folder = join(root, 'deploy/kubernetes');
const chart = join(root, 'deploy/chart/nomnom');
const values = ['--values', join(folder, 'values.yaml'), '--kube-version', '1.33.0'];
const { apply, roles } = plainManifests(
  execFileSync(process.env['HELM'] ?? 'helm', ['template', 'nomnom', chart, ...values], { encoding: 'utf8' }),
);
writeFileSync(join(folder, 'apply.yaml'), apply);
writeFileSync(join(folder, 'roles.yaml'), roles);

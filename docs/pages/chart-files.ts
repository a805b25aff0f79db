import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartGrants } from './chart-grants.ts';
import { chartReadme } from './chart-readme.ts';

const root = join(import.meta.dirname, '../..');
const chart = 'deploy/chart/nomnom';

/** What the Helm chart has from elsewhere: Helm reads files of its own folder only. */
export function chartFiles(): readonly (readonly [path: string, text: string])[] {
  const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
  return [
    [`${chart}/files/grants.sql`, chartGrants()],
    [`${chart}/files/alerts.yaml`, textOf('deploy/prometheus/alerts.yaml')],
    [`${chart}/files/nomnom.json`, textOf('deploy/grafana/nomnom.json')],
    [`${chart}/README.md`, chartReadme(textOf(`${chart}/values.yaml`))],
  ];
}

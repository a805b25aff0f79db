import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHART, CHARTS, folder, manifest, root } from './places.ts';
import { NOT_HERE, printed, publish, refuse, run } from './step.ts';
import { login } from './login.ts';

/** Packs the chart and pushes it as an OCI artefact. */
if (!existsSync(join(root, CHART, 'Chart.yaml')))
  refuse(`${CHART}/Chart.yaml is missing: there is no chart to release`);
if (printed('helm', ['version', '--short']) === undefined) refuse('helm is not installed', NOT_HERE);
mkdirSync(folder, { recursive: true });
const { version } = manifest;
run('helm', ['package', CHART, '--version', version, '--app-version', version, '--destination', folder]);
login('helm', ['registry', 'login']);
publish('helm', ['push', join(folder, `nomnom-${version}.tgz`), CHARTS]);

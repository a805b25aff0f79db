import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePort, startGuarded } from './process.ts';
import { until } from './until.ts';

export interface Prometheus {
  /** The series that an expression gives now. */
  query(expression: string): Promise<readonly Series[]>;
  /** Why targets could not be scraped; empty where all could. */
  scrapeErrors(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The full path of one of the programs of Prometheus. */
export function prometheusProgram(name: 'prometheus' | 'promtool'): string {
  const program = findProgram(name, ['/usr/bin', '/usr/local/bin']);
  if (program === undefined) throw new Error(`the tests need ${name} (Debian: apt-get install prometheus)`);
  return program;
}

/** A real Prometheus that scrapes these addresses, `http://host:port`, four times a second, with the rules of a file. */
export async function startPrometheus(addresses: readonly string[], rules: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-prometheus-'));
  const port = await freePort();
  const targets = addresses.map((address) => `'${new URL(address).host}'`).join(', ');
  const settings = join(folder, 'prometheus.yaml');
  const logFile = join(folder, 'log');
  writeFileSync(
    settings,
    `global: { scrape_interval: 250ms, scrape_timeout: 250ms, evaluation_interval: 1s }
rule_files: ['${rules}']
scrape_configs: [{ job_name: nomnom, static_configs: [{ targets: [${targets}] }] }]
`,
  );
  const server = startGuarded({
    command: prometheusProgram('prometheus'),
    args: [
      `--config.file=${settings}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    folder,
    logFile,
    signal: 'TERM',
  });
  const ask = async (path: string): Promise<unknown> => {
    if (server.ended()) throw new Error(`Prometheus ended:\n${readFileSync(logFile, 'utf8')}`);
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return response.ok ? response.json() : undefined;
  };
  await until('Prometheus to answer', async () => (await ask('/api/v1/targets')) !== undefined);
  return {
    async query(expression) {
      const answer = await ask(`/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { result } = (answer as { readonly data: { readonly result: readonly Sample[] } }).data;
      return result.map(({ metric, value: [, text] }) => ({ labels: metric, value: Number(text) }));
    },
    async scrapeErrors() {
      const answer = (await ask('/api/v1/targets')) as {
        readonly data: { readonly activeTargets: readonly Target[] };
      };
      return answer.data.activeTargets.flatMap(({ health, lastError }) =>
        health === 'up' ? [] : [lastError || health],
      );
    },
    stop: server.stop,
  };
}

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [moment: number, text: string];
}

interface Target {
  readonly health: string;
  readonly lastError: string;
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { nomnomProcess } from '../support/nomnom.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-endless-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fifo = join(folder, 'fifo');
execFileSync('mkfifo', [fifo]);
const file = join(folder, 'hooks.nom');
writeFileSync(
  file,
  `pipeline endless
secret GH
entity Push { ref: text  signed by github(GH)  store pushes { key (ref)  upsert on (ref) } }
entity Note { id: text  store notes { key (id)  upsert on (id) } }
stream HOOKS { subject ingest = "endless.{entity}" }
role ingest { publish HOOKS.ingest }
role worker { consume HOOKS.ingest }
`,
);
const database = await freshDatabase();
const right = { DATABASE_URL: database.url, GH: 's3cret', PORT: '0' };
const nats = inject('natsUrl');
const secure = `${database.url}?sslmode=verify-full`;

/** Every setting that names a file, as `env` of a start: in each the file is `path`. */
const SETTINGS: Readonly<Record<string, (path: string) => Readonly<Record<string, string>>>> = {
  DATABASE_URL_FILE: (path) => ({ DATABASE_URL: '', DATABASE_URL_FILE: path }),
  sslrootcert: (path) => ({ DATABASE_URL: `${secure}&sslrootcert=${path}` }),
  sslcert: (path) => ({ DATABASE_URL: `${secure}&sslcert=${path}` }),
  PGSSLROOTCERT: (path) => ({ DATABASE_URL: secure, PGSSLROOTCERT: path }),
  NATS_URL_FILE: (path) => ({ NATS_URL_FILE: path }),
  NATS_PASSWORD_FILE: (path) => ({ NATS_URL: nats, NATS_PASSWORD_FILE: path }),
  NATS_TOKEN_FILE: (path) => ({ NATS_URL: nats, NATS_TOKEN_FILE: path }),
  NATS_CREDS: (path) => ({ NATS_URL: nats, NATS_CREDS: path }),
  NATS_NKEY: (path) => ({ NATS_URL: nats, NATS_NKEY: path }),
  NATS_CA: (path) => ({ NATS_URL: nats, NATS_CA: path }),
  'NATS_CERT and NATS_KEY': (path) => ({ NATS_URL: nats, NATS_CERT: path, NATS_KEY: path }),
  'a secret of a signature': (path) => ({ GH: '', GH_FILE: path }),
  'TLS_CERT and TLS_KEY': (path) => ({ TLS_CERT: path, TLS_KEY: path }),
  OTEL_EXPORTER_OTLP_CERTIFICATE: (path) => ({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://127.0.0.1:1',
    OTEL_EXPORTER_OTLP_CERTIFICATE: path,
  }),
};

const FILES = { 'a FIFO': fifo, 'an endless device': '/dev/zero' };
const SAID = /(?:is|it is) a (?:FIFO|device), not a regular file/;

// Processes of their own: one that waits for a file answers nobody.
test.for(
  Object.keys(SETTINGS).flatMap((setting) =>
    Object.entries(FILES).map(([what, path]) => [setting, what, path] as const),
  ),
)('%s that is %s: doctor fails in a line that says so', async ([setting, , path]) => {
  const env = { ...right, ...SETTINGS[setting]?.(path) };
  const ran = await nomnomProcess(['doctor', file, '--role=ingest'], { env });
  expect(ran).toMatchObject({ status: 1, err: '' });
  expect(ran.out).toMatch(/^fail .*(?:FIFO|device), not a regular file/m);
});

test.for(
  Object.keys(SETTINGS)
    // Telemetry stops no role, and a server without TLS needs no certificates.
    .filter((setting) => !/^OTEL|^NATS_C(?:A|ERT)/.test(setting))
    .map((setting) => [setting] as const),
)('%s that is a FIFO: run ends with the same words', async ([setting]) => {
  const env = { ...right, ...SETTINGS[setting]?.(fifo) };
  const ran = await nomnomProcess(['run', file, '--role=ingest'], { env });
  expect(ran.status).not.toBe(0);
  expect(ran.err).toMatch(SAID);
});

const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'send --key-file': ['send', file, 'Note', file, `--key-file=${fifo}`],
  'send NOMNOM_KEY_FILE': ['send', file, 'Note', file],
  'send of a file': ['send', file, 'Note', fifo, '--url=http://127.0.0.1:9'],
  'status --key-file': [
    ...['status', '0f8fad5b-d9cb-469f-a165-70867728950e', '--url=http://127.0.0.1:9'],
    `--key-file=${fifo}`,
  ],
  apply: ['apply', file, '--yes'],
  'dlq list': ['dlq', 'list', file],
  eval: ['eval', file, 'Note', fifo],
  check: ['check', fifo],
  'run --tls-cert': ['run', file, '--role=ingest', `--tls-cert=${fifo}`, `--tls-key=${fifo}`],
};

test.for(Object.entries(OPTIONS))('%s of a FIFO ends the command in one line', async ([what, args]) => {
  const ofServers = what === 'apply' || what === 'dlq list';
  const env = {
    ...right,
    ...(what.includes('NOMNOM_KEY_FILE') ? { NOMNOM_KEY_FILE: fifo } : {}),
    ...(ofServers ? { DATABASE_URL: '', DATABASE_URL_FILE: fifo } : {}),
  };
  const ran = await nomnomProcess(args, { env });
  expect(ran.status).not.toBe(0);
  expect(ran.err).toMatch(/FIFO, not a regular file|is not a file/);
});

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createListener, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { examineTelemetry } from '../../src/runtime/examine-telemetry.ts';
import { certificateAuthority, certificateFolder } from '../support/certificates.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';

const folder = certificateFolder();
const authority = certificateAuthority(folder, 'authority');
const good = authority.sign({ common: 'localhost', hosts: 'IP:127.0.0.1' });
const text = join(folder, 'text');
writeFileSync(text, 'nothing of use\n');
const fifo = join(folder, 'fifo');
execFileSync('mkfifo', [fifo]);

async function listening(server: Server): Promise<number> {
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';

test('without a variable of OpenTelemetry, or with all of it turned off, nothing is told', async () => {
  expect(await examineTelemetry({})).toEqual([]);
  expect(await examineTelemetry({ [ENDPOINT]: 'collector', OTEL_SDK_DISABLED: 'true' })).toEqual([]);
  expect(await examineTelemetry({ OTEL_SERVICE_NAME: 'shop' })).toEqual([]);
});

test('a receiver that takes what is sent is ok, each signal by itself, and gets nothing', async () => {
  const receiver = await startOtlpReceiver();
  onTestFinished(() => receiver.stop());
  const found = await examineTelemetry({ [ENDPOINT]: `${receiver.url}/` });
  expect(found).toEqual([
    { area: 'telemetry', status: 'ok', message: `${receiver.url}/v1/traces takes traces` },
    { area: 'telemetry', status: 'ok', message: `${receiver.url}/v1/metrics takes metrics` },
  ]);
  expect([receiver.spans.length, receiver.metrics.size]).toEqual([0, 0]);
  const one = await examineTelemetry({ [ENDPOINT]: receiver.url, OTEL_METRICS_EXPORTER: 'none' });
  expect(one.map(({ message }) => message)).toEqual([`${receiver.url}/v1/traces takes traces`]);
});

const somewhere = { [ENDPOINT]: 'http://127.0.0.1:1' };

/** Settings that cannot be used, and the whole line. */
const FAULTS: readonly (readonly [env: Readonly<Record<string, string>>, told: string])[] = [
  [{ [ENDPOINT]: 'collector' }, `${ENDPOINT}: expected http://host:port or https://host:port`],
  [{ [ENDPOINT]: 'collector:4318' }, `${ENDPOINT}: expected http://host:port or https://host:port`],
  [{ [ENDPOINT]: 'grpc://collector:4317' }, `${ENDPOINT}: expected http://host:port or https://host:port`],
  [
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'x' },
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: expected http://host:port or https://host:port',
  ],
  ...['hidden', 'a b=hidden', '=hidden', 'a=%hidden', 'ok=1,hidden'].map(
    (headers) =>
      [
        { ...somewhere, OTEL_EXPORTER_OTLP_HEADERS: headers },
        'OTEL_EXPORTER_OTLP_HEADERS: expected name=value, with commas between, and %2C for a comma in a value',
      ] as const,
  ),
  [
    { ...somewhere, OTEL_EXPORTER_OTLP_PROTOCOL: 'json' },
    'OTEL_EXPORTER_OTLP_PROTOCOL: expected one of grpc, http/protobuf, http/json',
  ],
  [
    { ...somewhere, OTEL_EXPORTER_OTLP_COMPRESSION: 'zip' },
    'OTEL_EXPORTER_OTLP_COMPRESSION: expected one of gzip, none',
  ],
  [{ ...somewhere, OTEL_TRACES_EXPORTER: 'jaeger' }, 'OTEL_TRACES_EXPORTER: expected one of otlp, none'],
  [
    { ...somewhere, OTEL_EXPORTER_OTLP_TIMEOUT: '10s' },
    'OTEL_EXPORTER_OTLP_TIMEOUT: expected milliseconds above 0',
  ],
  [
    { ...somewhere, OTEL_METRIC_EXPORT_INTERVAL: 'often' },
    'OTEL_METRIC_EXPORT_INTERVAL: expected milliseconds above 0',
  ],
  [
    { ...somewhere, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '50' },
    'OTEL_TRACES_SAMPLER_ARG: expected a share from 0 to 1',
  ],
  [
    { ...somewhere, OTEL_EXPORTER_OTLP_CERTIFICATE: '/none' },
    'OTEL_EXPORTER_OTLP_CERTIFICATE: /none cannot be read: it does not exist',
  ],
  [
    { ...somewhere, OTEL_EXPORTER_OTLP_CERTIFICATE: text },
    `OTEL_EXPORTER_OTLP_CERTIFICATE: ${text} holds no certificate (PEM)`,
  ],
  [
    { ...somewhere, OTEL_EXPORTER_OTLP_CLIENT_KEY: text },
    `OTEL_EXPORTER_OTLP_CLIENT_KEY: ${text} holds no key (PEM)`,
  ],
  [
    { ...somewhere, OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: fifo },
    `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: ${fifo} cannot be read: it is a FIFO, not a regular file`,
  ],
];

test.for(FAULTS)('%j fails in one line, once, which shows no value of a header', async ([env, told]) => {
  const found = await examineTelemetry(env);
  expect(found).toEqual([
    { area: 'telemetry', status: 'fail', message: told, help: expect.stringMatching(/^Correct the flag or/) },
  ]);
  expect(JSON.stringify(found)).not.toContain('hidden');
});

test('what has no effect is a warning', async () => {
  const receiver = await startOtlpReceiver();
  onTestFinished(() => receiver.stop());
  const found = await examineTelemetry({
    [ENDPOINT]: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  });
  expect(found.map(({ status }) => status)).toEqual(['warn', 'ok', 'ok']);
  expect(found[0]?.message).toBe('OTEL_EXPORTER_OTLP_PROTOCOL is http/protobuf, and nomnom sends http/json');
  const without = await examineTelemetry({ OTEL_EXPORTER_OTLP_HEADERS: 'a=hidden' });
  expect(without).toMatchObject([
    { status: 'warn', message: expect.stringContaining('OTEL_EXPORTER_OTLP_HEADERS: set without') },
  ]);
  expect(JSON.stringify(without)).not.toContain('hidden');
});

const answers = (status: number) =>
  listening(
    createServer((request, response) => request.resume().on('end', () => response.writeHead(status).end())),
  );

/** Answers 202, and then bytes for ever, or a few of them and then none. */
const endless = (goesOn: boolean) =>
  listening(
    createServer((request, response) => {
      const more = (): void => void (goesOn ? response.write('x'.repeat(65_536), more) : response.write('x'));
      request.resume().on('end', () => more());
      response.writeHead(202);
    }),
  );

const overTls = async (certificate = good): Promise<number> => {
  const { certificate: path, key } = certificate;
  return listening(
    createTlsServer({ cert: readFileSync(path), key: readFileSync(key) }, (_request, response) => {
      response.end('{}');
    }),
  );
};

const TRUSTING = { OTEL_EXPORTER_OTLP_CERTIFICATE: authority.certificate };

/** Receivers that take nothing. */
const RECEIVERS: Readonly<
  Record<
    string,
    readonly [url: () => Promise<string>, status: 'warn' | 'fail', said: RegExp, help: RegExp, env?: object]
  >
> = {
  'is away': [async () => 'http://127.0.0.1:1', 'warn', /ECONNREFUSED/, /^Start the receiver/],
  'is silent': [
    async () =>
      `http://127.0.0.1:${await listening(createListener((socket) => void socket.on('error', () => {})))}`,
    'warn',
    /no answer within 5 s/,
    /^Start the receiver/,
  ],
  'answers without an end': [
    async () => `http://127.0.0.1:${await endless(true)}`,
    'fail',
    /its answer has no end/,
    /4318/,
  ],
  'begins an answer only': [
    async () => `http://127.0.0.1:${await endless(false)}`,
    'warn',
    /no answer within 5 s/,
    /^Start the receiver/,
  ],
  'answers with a head without an end': [
    async () =>
      `http://127.0.0.1:${await listening(createListener((socket) => void socket.on('error', () => {}).end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`)))}`,
    'fail',
    /head of its answer is too large/,
    /4318/,
  ],
  'has no room': [async () => `http://127.0.0.1:${await answers(503)}`, 'warn', /answered 503/, /^Start/],
  'wants a token': [async () => `http://127.0.0.1:${await answers(401)}`, 'fail', /answered 401/, /_HEADERS/],
  'is another service': [
    async () => `http://127.0.0.1:${await answers(404)}`,
    'fail',
    /answered 404/,
    /4318/,
  ],
  'takes no JSON': [async () => `http://127.0.0.1:${await answers(415)}`, 'fail', /answered 415/, /JSON/],
  'speaks another protocol': [
    async () =>
      `http://127.0.0.1:${await listening(createListener((socket) => void socket.on('error', () => {}).end('\0\0\x18\x04')))}`,
    'fail',
    /does not speak HTTP/,
    /4317 for gRPC/,
  ],
  'speaks no TLS': [
    async () => `https://127.0.0.1:${await answers(200)}`,
    'fail',
    /does not speak TLS/,
    /scheme/,
  ],
  'has a certificate of an unknown authority': [
    async () => `https://127.0.0.1:${await overTls()}`,
    'fail',
    /unable to verify|self.signed|UNABLE_TO/,
    /OTEL_EXPORTER_OTLP_CERTIFICATE/,
  ],
  'has a certificate of another host': [
    async () => `https://127.0.0.1:${await overTls(authority.sign({ common: 'x', hosts: 'DNS:x.example' }))}`,
    'fail',
    /ALTNAME/,
    /correct the host/,
    TRUSTING,
  ],
  'has a certificate that has expired': [
    async () => `https://127.0.0.1:${await overTls(authority.expire(good))}`,
    'fail',
    /expired/,
    /_CERTIFICATE/,
    TRUSTING,
  ],
};

test.for(Object.entries(RECEIVERS))(
  'a receiver that %s has a line for each signal, with what to do',
  async ([, [urlOf, status, said, help, env]]) => {
    const url = await urlOf();
    const found = await examineTelemetry({ [ENDPOINT]: url, ...env });
    expect(found.map((line) => line.status)).toEqual([status, status]);
    for (const line of found) {
      expect(line.message).toContain(`${url}/v1/`);
      expect(line.message).toMatch(said);
      expect(line.help).toMatch(help);
    }
  },
);

test('a receiver whose certificate is trusted gets the headers that are set, and a password in the URL is not shown', async () => {
  const seen: unknown[] = [];
  const server = createTlsServer(
    { cert: readFileSync(good.certificate), key: readFileSync(good.key) },
    (request, response) => {
      seen.push(request.headers['x-token']);
      response.end('{}');
    },
  );
  const port = await listening(server);
  const found = await examineTelemetry({
    [ENDPOINT]: `https://me:hidden@127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-token=a%2Cb',
    OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-token=own',
    ...TRUSTING,
  });
  expect(found.map(({ status }) => status)).toEqual(['ok', 'ok']);
  expect(new Set(seen)).toEqual(new Set(['a,b', 'own']));
  expect(JSON.stringify(found)).not.toContain('hidden');
});

import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { pinoLog } from '../../../src/adapters/pino-log.ts';
import { keyHash, newKey } from '../../../src/roles/access/key-text.ts';
import { planOf } from '../../support/plan.ts';
import { ledgerStore, run } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';

const plan = planOf(`pipeline logged
  entity Order { id: int  note: text(5)?  extra: json?  store orders { key (id)  upsert on (id) } }
  entity Note { name: text @header("x-name")  body: text @body  store notes { key (name)  upsert on (name) } }`);
const [role] = plan.roles;
if (role === undefined) throw new Error('the pipeline has no roles');
const ingestRole = { ...role, settings: { ...role.settings, onRefused: 'dead_letter' as const } };

const store = await ledgerStore();

/** Nothing with this word may be in the log; behind it stands what ends a line, steers a terminal or is no text. */
const WORD = 'STRANGER';
const BYTES = Buffer.concat([
  Buffer.from(`${WORD}\u001b[2J\u009b2J\u0085\u2028\u202e`),
  Buffer.from([0xff, 0xc0, 0x80]),
]).toString('latin1');
/** The same as a header may have it: Node takes no controls below the space. */
const VALUE = BYTES.replaceAll('\u001b', '');
const ESCAPED = `${WORD}%0d%0a%1b[2J%e2%80%a8%e2%80%ae%ff`;

/** A request byte by byte; gives the status of its answer. */
function raw(address: string, head: string, body = ''): Promise<number> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    let answer = '';
    const text = `${head}\r\nhost: localhost\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`;
    const socket = connect(Number(port), hostname, () => socket.write(text, 'latin1'));
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])));
    socket.on('error', reject);
  });
}

test('nothing that a stranger writes gets into the log, which has one short line for each event', async () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = pinoLog({ level: 'debug', destination });
  const key = newKey();
  const terms = { name: 'till', scopes: ['ingest'] as const, entities: undefined, rate: undefined };
  await store.ledger.keys.add(plan.pipeline, { ...terms, hash: keyHash(key) });
  const { ingest } = await run(
    store,
    scriptedQueue(),
    { plan, role: ingestRole },
    {
      log,
      prove: () => Promise.resolve(),
      access: { trustedProxies: ['127.0.0.0/8'] },
    },
  );
  const auth = `authorization: Bearer ${key}`;
  const post = (path: string, headers: readonly string[] = [], body = '{"id":1}', method = 'POST') =>
    raw(ingest.address, [`${method} ${path} HTTP/1.1`, auth, ...headers].join('\r\n'), body);
  const long = 'x'.repeat(6_000);
  const json = 'content-type: application/json';
  const answered = [
    await post('/ingest/Order'),
    await post(`/ingest/${ESCAPED}`),
    await post(`/ingest/${ESCAPED.replace('%ff', '')}`),
    await post('/ingest/Order', [`x-source: ${BYTES}`]),
    await post(`/${ESCAPED}${long}?${ESCAPED}`),
    await post(`/status/${ESCAPED}`, [], '', 'GET'),
    await post('/ingest/Order', [], '{"id":1}', WORD),
    await post('/ingest/Order', [], '{"id":1}', 'PURGE'),
    await post('/ingest/Order', [`idempotency-key: ${VALUE}`]),
    await post('/ingest/Order', [`user-agent: ${VALUE}${long}`, `x-source: ${VALUE}`, `${WORD}: ${VALUE}`]),
    await post('/ingest/Order', [`traceparent: ${VALUE}`, `tracestate: ${VALUE}`]),
    await post('/ingest/Order', [`content-type: ${VALUE}`]),
    await post('/ingest/Order', [`content-encoding: ${VALUE}`]),
    await post('/ingest/Note', [`x-name: ${VALUE}`], 'body'),
    await post('/ingest/Note', [`x-name: ${WORD}\u0085`], BYTES),
    await post('/ingest/Order', [json], `{"id":"${WORD}"}`),
    await post('/ingest/Order', [json], `{"id":1,"note":"${WORD}\\u001b[2J\\u202e"}`),
    await post('/ingest/Order', [json], `{"id":1,"${WORD}\\n\\u001b${long}":1,"${WORD}\\n\\u001b${long}":2}`),
    await post('/ingest/Order', [json], `{"id":1,"extra":{"${WORD}":"${BYTES}"}}`),
    await post('/ingest/Order', [json], BYTES),
    await post('/ingest/Order/batch', ['content-type: application/x-ndjson'], `{"id":"${WORD}"}\n${BYTES}\n`),
  ];
  // So many from one address, which a proxy names, are told with the address.
  const wrong = Array.from({ length: 22 }, () =>
    raw(
      ingest.address,
      `POST /ingest/Order HTTP/1.1\r\nauthorization: Bearer ${VALUE}\r\nx-forwarded-for: ${VALUE}`,
    ),
  );
  answered.push(...(await Promise.all(wrong)));
  expect(new Set(answered).isSubsetOf(new Set([202, 400, 401, 404, 405, 413, 415, 422]))).toBe(true);
  expect([...new Set(answered)]).toEqual(expect.arrayContaining([202, 400, 401, 404, 405]));
  expect(lines.join('')).toContain('many requests without a right key');
  expect(lines.join('')).toContain('"msg":"message became a dead letter"');
  for (const line of lines) {
    expect(line).toMatch(/^\{[\x20-\x7e]+\}\n$/);
    expect(line.length).toBeLessThan(2_000);
    expect(line.toUpperCase()).not.toContain(WORD);
    expect(line).not.toContain(key);
    expect(JSON.parse(line)).toMatchObject({
      level: expect.any(Number) as number,
      time: expect.any(String) as string,
    });
  }
});

import { createHmac, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { keyHash, newKey } from '../../../src/roles/access/key-text.ts';
import { planOf } from '../../support/plan.ts';
import { ledgerStore, run } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';

const plan = planOf(`pipeline hooks
  secret GITHUB
  secret STRIPE
  secret SLACK
  entity Push   { ref: text  signed by github(GITHUB)  store pushes { key (ref)  upsert on (ref) } }
  entity Payment { id: text  signed by stripe(STRIPE)  store payments { key (id)  upsert on (id) } }
  entity Message { text: text  signed by slack(SLACK)  store messages { key (text)  upsert on (text) } }
  entity Order   { id: int   store orders { key (id)  upsert on (id) } }`);
const [role] = plan.roles;
if (role === undefined) throw new Error('the pipeline has no roles');
const shop = { plan, role: { ...role, settings: { ...role.settings, bodyLimit: 4096 } } };

const store = await ledgerStore();

const values: Record<string, readonly string[]> = {
  GITHUB: ['old', 'new'],
  STRIPE: ['whsec_1'],
  SLACK: ['s'],
};

const secrets = (name: string) => values[name] ?? [];
/** Ingest writes no table of the program. */
const prove = () => Promise.resolve();

async function started() {
  const queue = scriptedQueue();
  return { queue, ...(await run(store, queue, shop, { secrets, prove })) };
}

const github = (body: string, secret = 'new') => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});

const unsigned = { status: 401, body: { code: 'bad_signature', pointer: '' } };

test('what the holder of a secret signed is taken without a key, and nothing else is', async () => {
  const { queue, post, log } = await started();
  const body = '{"ref":"main"}';
  expect(await post('/ingest/Push', body, github(body))).toMatchObject({ status: 202 });
  expect(await post('/ingest/Push', body, github(body, 'old'))).toMatchObject({ status: 202 });
  const refused = [
    await post('/ingest/Push', body),
    await post('/ingest/Push', body, github(body, 'stolen')),
    await post('/ingest/Push', `${body} `, github(body)),
    await post('/ingest/Push', '', github(body)),
    await post('/ingest/Push', body, { 'x-hub-signature-256': 'sha256=' }),
    // What is wrong with the body, too, nobody else is told.
    await post('/ingest/Push', '{"ref":1}', github('{}')),
  ];
  for (const answer of refused) expect(answer).toMatchObject(unsigned);
  const told = new Set(refused.map(({ body: { message } }) => message));
  expect(told.size).toBe(1);
  expect(queue.stored).toHaveLength(2);
  expect(JSON.stringify(log.lines)).not.toMatch(/stolen|whsec|"old"/);
});

test('the message of a signed request is checked as any other', async () => {
  const { post } = await started();
  const body = '{"ref":1}';
  expect(await post('/ingest/Push', body, github(body))).toMatchObject({
    status: 422,
    body: { code: 'wrong_type', pointer: '/ref' },
  });
});

test('a request that was signed more than five minutes ago is refused', async () => {
  const { post } = await started();
  const body = '{"id":"evt_1"}';
  const stripe = (at: number) => ({
    'stripe-signature': `t=${at},v1=${createHmac('sha256', 'whsec_1').update(`${at}.${body}`).digest('hex')}`,
  });
  const now = Math.floor(Date.now() / 1000);
  expect(await post('/ingest/Payment', body, stripe(now - 290))).toMatchObject({ status: 202 });
  expect(await post('/ingest/Payment', body, stripe(now - 310))).toMatchObject(unsigned);
});

test('what is signed is the key of the message: no header that anybody can add makes another one of it', async () => {
  const { queue, post } = await started();
  const body = '{"ref":"main"}';
  const others = [
    {},
    { 'x-github-delivery': randomUUID() },
    { 'idempotency-key': randomUUID() },
    { 'idempotency-key': 'no key' },
    { 'x-github-delivery': 'a b', 'idempotency-key': randomUUID() },
  ];
  const answers = [];
  for (const more of others) answers.push(await post('/ingest/Push', body, { ...github(body), ...more }));
  expect(answers.map(({ status }) => status)).toEqual(others.map(() => 202));
  expect(new Set(answers.map((answer) => answer.body['message_id'])).size).toBe(1);
  expect(new Set(queue.stored.map(({ dedupeId }) => dedupeId)).size).toBe(1);
});

test('nobody takes the place of the next event with one that he saw', async () => {
  const { post } = await started();
  const [seen, next] = ['{"ref":"seen"}', '{"ref":"next"}'];
  const delivery = randomUUID();
  const taken = { 'x-github-delivery': delivery, 'idempotency-key': delivery };
  expect(await post('/ingest/Push', seen, { ...github(seen), ...taken })).toMatchObject({ status: 202 });
  expect(await post('/ingest/Push', next, { ...github(next), ...taken })).toMatchObject({ status: 202 });
});

test('Slack, which tests an endpoint first, reads its challenge back', async () => {
  const { queue, post } = await started();
  const slack = (body: string, secret = 's') => {
    const at = Math.floor(Date.now() / 1000);
    const digest = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
    return { 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${digest}` };
  };
  const body = '{"token":"t","challenge":"3eZbrw1aBm2rZg","type":"url_verification"}';
  expect(await post('/ingest/Message', body, slack(body))).toMatchObject({
    status: 200,
    body: { challenge: '3eZbrw1aBm2rZg' },
  });
  expect(await post('/ingest/Message', body, slack(body, 'guess'))).toMatchObject(unsigned);
  const message = '{"text":"url_verification"}';
  expect(await post('/ingest/Message', message, slack(message))).toMatchObject({ status: 202 });
  expect(queue.stored).toHaveLength(1);
});

test('a stranger binds no key', async () => {
  const { post } = await started();
  const [body, key] = ['{"ref":"main"}', randomUUID()];
  const stolen = { 'x-github-delivery': key, 'idempotency-key': key };
  expect(await post('/ingest/Push', '{"ref":"evil"}', stolen)).toMatchObject(unsigned);
  expect(
    await post('/ingest/Push', '{"ref":"evil"}', { ...github('{"ref":"evil"}', 'guess'), ...stolen }),
  ).toMatchObject(unsigned);
  expect(await post('/ingest/Push', body, { ...github(body), ...stolen })).toMatchObject({ status: 202 });
});

test('a signed entity takes no batches, whoever signed them', async () => {
  const { post } = await started();
  const body = '{"ref":"main"}\n';
  for (const headers of [{}, github(body)]) {
    const answer = await post('/ingest/Push/batch', body, {
      ...headers,
      'content-type': 'application/x-ndjson',
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'batch_of_signed' } });
  }
});

test('an unsigned request is refused before its body is read', async () => {
  const { post } = await started();
  const large = 'x'.repeat(100_000);
  expect(await post('/ingest/Push', large)).toMatchObject(unsigned);
  expect(await post('/ingest/Push', large, github(large))).toMatchObject({ status: 413 });
});

test('a secret that is exchanged counts from the next request on', async () => {
  const { post } = await started();
  const body = '{"ref":"main"}';
  values['GITHUB'] = ['newest'];
  expect(await post('/ingest/Push', body, github(body))).toMatchObject(unsigned);
  expect(await post('/ingest/Push', body, github(body, 'newest'))).toMatchObject({ status: 202 });
  values['GITHUB'] = [];
  expect(await post('/ingest/Push', body, github(body, ''))).toMatchObject(unsigned);
  values['GITHUB'] = ['old', 'new'];
});

test('a signed entity needs no key where others do, and a key does not replace a signature', async () => {
  const key = newKey();
  const terms = { scopes: ['ingest'] as const, entities: undefined, rate: undefined };
  await store.ledger.keys.add(plan.pipeline, { name: 'till', ...terms, hash: keyHash(key) });
  const { post } = await started();
  const body = '{"ref":"main"}';
  expect(await post('/ingest/Push', body, github(body))).toMatchObject({ status: 202 });
  expect(await post('/ingest/Order', '{"id":1}')).toMatchObject({
    status: 401,
    body: { code: 'unauthorized' },
  });
  const authorization = `Bearer ${key}`;
  expect(await post('/ingest/Order', '{"id":1}', { authorization })).toMatchObject({ status: 202 });
  expect(await post('/ingest/Push', body, { authorization })).toMatchObject(unsigned);
});

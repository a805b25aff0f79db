import { createHmac, hash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { openPostgresQueue } from '../../../src/adapters/postgres-queue/queue.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import { applyTables } from '../../../src/roles/setup/apply-tables.ts';
import { signatureSchemes } from '../../../src/signatures/registry.ts';
import * as published from '../../signatures/published.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';
import { until } from '../../support/until.ts';
import { ledgerStore, run } from './running.ts';

/** A delivery over HTTP, as a provider sends it. */
interface Delivery {
  readonly entity: string;
  readonly scheme: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body: string;
  readonly secret: string;
  /** Seconds since the epoch. */
  readonly at: number;
  /** A header with the provider's id of the delivery: a repeat has the same. */
  readonly delivery?: Readonly<Record<string, string>>;
  /** Headers that the signature covers besides the body, each with another value. */
  readonly signed?: Readonly<Record<string, string>>;
}

const NOW = 1_700_000_000;
const BODY = '{"id":"evt_1","note":"schön 💶"}';
const hmacOf = (algorithm: string, secret: string, text: string) =>
  createHmac(algorithm, secret).update(text);

function example(
  entity: string,
  { scheme, headers, body, secrets: [secret = ''], now = NOW }: (typeof published)[keyof typeof published],
  more: Partial<Delivery> = {},
): Delivery {
  return {
    entity,
    scheme,
    headers: headers as Delivery['headers'],
    body: String(body),
    secret,
    at: now,
    ...more,
  };
}

/**
 * Twilio signs the URL that it calls, and its published example calls another path than an ingest role has: test/signatures
 * holds that one. The construction is that of https://www.twilio.com/docs/usage/security#validating-requests.
 */
function twilio(entity: string, type: string, body: string, query: string, fields: string): Delivery {
  const url = `https://hooks.example.com/ingest/${entity}${query}`;
  const signature = hmacOf('sha1', '12345', url + fields).digest('base64');
  return {
    entity,
    scheme: 'twilio',
    headers: { 'content-type': type, 'x-twilio-signature': signature },
    query,
    body,
    secret: '12345',
    at: NOW,
    delivery: { 'i-twilio-idempotency-token': `token-${entity}` },
  };
}

const FORM = String(published.twilio.body);
const FIELDS = [...new URLSearchParams(FORM)]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map((pair) => pair.join(''))
  .join('');

/** Where a provider publishes an example it is that one; Stripe, Shopify and senders with an `hmac` publish the construction only. */
const deliveries: readonly Delivery[] = [
  example('StandardOne', published.standard, {
    signed: { 'webhook-id': 'msg_2', 'webhook-timestamp': '1614265331' },
  }),
  example('StandardOneA', published.ed25519, {
    signed: { 'webhook-id': 'msg_2', 'webhook-timestamp': '1614265331' },
  }),
  example('Github', published.github, {
    delivery: { 'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958' },
  }),
  example('Slack', published.slack, { signed: { 'x-slack-request-timestamp': '1531420619' } }),
  {
    entity: 'Stripe',
    scheme: 'stripe',
    headers: {
      'stripe-signature': `t=${NOW},v1=${hmacOf('sha256', 'whsec_test', `${NOW}.${BODY}`).digest('hex')}`,
    },
    body: BODY,
    secret: 'whsec_test',
    at: NOW,
    signed: {
      'stripe-signature': `t=${NOW + 1},v1=${hmacOf('sha256', 'whsec_test', `${NOW}.${BODY}`).digest('hex')}`,
    },
  },
  {
    entity: 'Shopify',
    scheme: 'shopify',
    headers: { 'x-shopify-hmac-sha256': hmacOf('sha256', 'shpss_1', BODY).digest('base64') },
    body: BODY,
    secret: 'shpss_1',
    at: NOW,
    delivery: { 'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043' },
  },
  twilio('TwilioForm', 'application/x-www-form-urlencoded', FORM, '?foo=1&bar=2', FIELDS),
  twilio('TwilioJson', 'application/json', BODY, `?bodySHA256=${hash('sha256', BODY)}`, ''),
  {
    entity: 'Hmac',
    scheme: 'hmac',
    headers: { 'x-signature': hmacOf('sha512', 'geheim ü', BODY).digest('base64url') },
    body: BODY,
    secret: 'geheim ü',
    at: NOW,
  },
];

const OPTIONS: Readonly<Record<string, string>> = {
  twilio: ', "https://hooks.example.com"',
  hmac: ', "x-signature", sha512, base64url',
};

const plan = planOf(`pipeline published
${deliveries.map(({ entity }) => `secret ${entity.toUpperCase()}`).join('\n')}
${deliveries
  .map(
    ({ entity, scheme }) => `entity ${entity} {
  body: text @body
  signed by ${scheme}(${entity.toUpperCase()}${OPTIONS[scheme] ?? ''})
  store ${entity.toLowerCase()}s { key (body)  upsert on (body) keep }
}`,
  )
  .join('\n')}
stream P { subject ingest = "published.{entity}" }
role ingest { publish P.ingest  consume P.ingest }`);
const [role] = plan.roles;
if (role === undefined) throw new Error('the pipeline has no roles');

const values = new Map(deliveries.map(({ entity, secret }) => [entity.toUpperCase(), [secret]]));
const store = await ledgerStore();
const queue = openPostgresQueue({ store: store.sql, log: memoryLog() });
await applyTables(store, plan);
await queue.apply(plan);

/** As `fetch` would not: with any header, `host` too. */
function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: 'POST', headers }, (answer) => {
      let text = '';
      answer.on('data', (data) => (text += String(data)));
      answer.on('end', () => {
        const { message_id: id, code } = JSON.parse(text) as { message_id?: string; code?: string };
        resolve([answer.statusCode ?? 0, id ?? code ?? '']);
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test('there is a delivery for each scheme', () => {
  const shown = new Set(deliveries.map(({ scheme }) => scheme));
  expect([...signatureSchemes.keys()].filter((name) => !shown.has(name))).toEqual([]);
});

test.each(deliveries.map((each) => [each.entity, each] as const))(
  '%s: a delivery has its effect once, also sent again; an altered or an old one has none',
  async (_, { entity, scheme, headers, query = '', body, at, delivery = {}, signed = {} }) => {
    let now = at * 1000;
    const { ingest, log } = await run(
      store,
      queue,
      { plan, role },
      {
        clock: { ...systemClock, now: () => now },
        secrets: (name) => values.get(name) ?? [],
      },
    );
    const url = `${ingest.address}/ingest/${entity}`;
    const all = { ...headers, ...delivery };
    const send = (changed: Readonly<Record<string, string>> = {}, text = body, to = query) =>
      post(url + to, { ...all, ...changed }, text);

    const header = signatureSchemes.get(scheme)?.header({ header: 'x-signature' }) ?? '';
    const own = headers[header] ?? '';
    const wrong = [
      await send({}, `${body} `),
      await send({}, body.replace(/[a-z0-9](?=[^a-z0-9]*$)/i, '_')),
      await send({}, ''),
      await send({ [header]: own.replace(/.(?=.{8}$)/, (one) => (one === 'a' ? 'b' : 'a')) }),
      await send({ [header]: '' }),
    ];
    for (const [name, value] of Object.entries(signed)) wrong.push(await send({ [name]: value }));
    if (scheme === 'twilio') wrong.push(await send({}, body, `${query}&more=1`));
    expect(wrong).toEqual(wrong.map(() => [401, 'bad_signature']));

    const [status, id] = await send();
    expect(status).toBe(202);
    const again = [await send(), await send()];
    // Nothing that is not signed makes another message of it: no header, and no other order of the fields of a form.
    again.push(await send({ 'idempotency-key': 'other' }), await send({ 'idempotency-key': 'no key' }));
    for (const name of Object.keys(delivery)) again.push(await send({ [name]: 'other' }));
    expect(again).toEqual(again.map(() => [202, id]));
    const turned = entity === 'TwilioForm' ? body.split('&').toReversed().join('&') : body;
    expect([id, 'idempotency_key_reused']).toContain((await send({}, turned))[1]);
    const { timed } = signatureSchemes.get(scheme) ?? {};
    now = (at + 301) * 1000;
    expect((await send())[0]).toBe(timed === true ? 401 : 202);

    const count = async (sql: string) => Number((await store.sql.query({ text: sql })).rows[0]?.['n']);
    await until(
      'the queue is empty',
      async () => (await count('SELECT count(*) AS n FROM nomnom_queue')) === 0,
    );
    expect(await count(`SELECT count(*) AS n FROM ${entity.toLowerCase()}s`)).toBe(1);
    expect(await count('SELECT count(*) AS n FROM dead_letters')).toBe(0);
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  },
);

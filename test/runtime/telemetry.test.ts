import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { METRICS } from '../../src/adapters/telemetry/metrics/definitions.ts';
import { overview } from '../../src/roles/overview/overview.ts';
import { applyTables } from '../../src/roles/setup/apply-tables.ts';
import { prove } from '../../src/runtime/prove.ts';
import { type ProcessTelemetry, startProcessTelemetry } from '../../src/runtime/process-telemetry.ts';
import { type RunningRole, startRole } from '../../src/runtime/role.ts';
import { openServers, type Servers } from '../../src/runtime/servers.ts';
import { freshDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { planOf } from '../support/plan.ts';
import { type Prometheus, prometheusProgram, startPrometheus } from '../support/prometheus.ts';
import { until } from '../support/until.ts';

const shell = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const rules = join(root, 'deploy/prometheus/alerts.yaml');

test('the alert rules are valid, fire where they should, and are silent elsewhere', async () => {
  const promtool = prometheusProgram('promtool');
  const { stdout } = await shell(promtool, ['check', 'rules', rules]);
  expect(stdout).toContain('SUCCESS');
  const tests = join(root, 'test/deploy/alerts.test.yaml');
  expect((await shell(promtool, ['test', 'rules', tests])).stdout).toContain('SUCCESS');
});

describe('a pipeline that is watched', () => {
  const name = `seen_${randomBytes(4).toString('hex')}`;
  const plan = planOf(`pipeline ${name}
stream ${name.toUpperCase()} {
  subject ingest = "${name}.ingest.{entity}"
  subject dead = "${name}.dead.{entity}"
  storage: memory
}
role ingest { publish ${name.toUpperCase()}.ingest }
role worker { consume ${name.toUpperCase()}.ingest  dead_letter ${name.toUpperCase()}.dead  linger: 200ms }
entity Order {
  key: bigint
  store orders { key (key)  upsert on (key) replace }
}
entity Line {
  key: bigint
  order_key: bigint
  store lines { key (key)  upsert on (key) replace  ref (order_key) -> Order (key) }
}
`);
  const log = memoryLog();
  const telemetries: ProcessTelemetry[] = [];
  const servers: Servers[] = [];
  const roles: RunningRole[] = [];
  let receiver: OtlpReceiver;
  let prometheus: Prometheus;

  beforeAll(async () => {
    const database = await freshDatabase();
    receiver = await startOtlpReceiver();
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = receiver.url;
    process.env['OTEL_METRIC_EXPORT_INTERVAL'] = '500';
    process.env['OTEL_BSP_SCHEDULE_DELAY'] = '100';
    for (const role of plan.roles) {
      const telemetry = await startProcessTelemetry(plan, log);
      telemetries.push(telemetry);
      const own = await openServers({
        databaseUrl: database.url,
        natsUrl: inject('natsUrl'),
        log,
        connections: 6,
        name: 'test',
        telemetry,
      });
      servers.push(own);
      await applyTables(own.store, plan);
      await own.queue.apply(plan);
      roles.push(
        await startRole({
          plan,
          role,
          ...own,
          clock: systemClock,
          log,
          process: telemetry,
          listen: { port: 0, host: '127.0.0.1' },
          prove: () => prove({ servers: own, plan, role, connections: 6, log }),
        }),
      );
    }
    prometheus = await startPrometheus(
      roles.map(({ address }) => address),
      rules,
    );
  });

  afterAll(async () => {
    await prometheus.stop();
    await Promise.all(roles.map((role) => role.stop()));
    await Promise.all(telemetries.map((telemetry) => telemetry.stop()));
    await Promise.all(servers.map((own) => own.close()));
    await receiver.stop();
    for (const variable of Object.keys(process.env))
      if (variable.startsWith('OTEL_')) delete process.env[variable];
  });

  async function post(
    body: object,
    headers: Readonly<Record<string, string>> = {},
    entity = 'Order',
  ): Promise<Response> {
    const response = await fetch(`${roles[0]?.address}/ingest/${entity}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers,
    });
    await response.arrayBuffer();
    return response;
  }
  const scrape = async (at: number): Promise<string> => (await fetch(`${roles[at]?.address}/metrics`)).text();

  const trace = '0af7651916cd43dd8448eb211c80319c';
  const caller = 'b7ad6b7169203331';

  test('one trace spans the request, the queue and the commit; the batch is linked to it', async () => {
    const tracestate = 'vendor=a:1;b:2';
    await post({ key: '1' }, { traceparent: `00-${trace}-${caller}-01`, tracestate });
    const [request, processed] = await until('the spans of the message', () => {
      const own = receiver.spans.filter(({ traceId }) => traceId === trace);
      return own.length >= 2 && own.toSorted((one) => (one.name.startsWith('POST') ? -1 : 1));
    });
    expect(request).toMatchObject({
      name: 'POST /ingest/Order',
      parentSpanId: caller,
      traceState: tracestate,
      attributes: { 'http.response.status_code': 202, 'nomnom.role': 'ingest', 'nomnom.entity': 'Order' },
    });
    expect(processed).toMatchObject({
      name: 'process Order',
      parentSpanId: request?.spanId,
      traceState: tracestate,
      attributes: { 'nomnom.outcome': 'completed', 'nomnom.role': 'worker' },
    });
    const batch = await until('the span of the batch', () =>
      receiver.spans.find(({ links }) => links?.some(({ traceId }) => traceId === trace)),
    );
    expect(batch).toMatchObject({
      name: 'work batch',
      links: [{ spanId: request?.spanId, traceState: tracestate }],
    });
    expect(batch.traceId).not.toBe(trace);
  });

  test('an invalid traceparent begins a new trace, and one that is not sampled makes no span', async () => {
    const before = receiver.spans.length;
    await post({ key: '2' }, { traceparent: `00-${trace}-${'0'.repeat(16)}-01` });
    await post({ key: '3' }, { traceparent: 'x'.repeat(8_000) });
    const unsampled = trace.replace('0a', '0b');
    await post({ key: '4' }, { traceparent: `00-${unsampled}-${caller}-00` });
    await until(
      'both messages',
      () => receiver.spans.slice(before).filter((span) => span.name === 'process Order').length >= 2,
    );
    expect(
      receiver.spans.slice(before).some(({ traceId }) => traceId === trace || traceId === unsampled),
    ).toBe(false);
  });

  test('a span has as many links as a span may have; a larger batch has several', async () => {
    const traces = Array.from({ length: 300 }, (_, n) => (n + 1).toString(16).padStart(32, 'c'));
    await Promise.all(
      traces.map((id, n) => post({ key: `${100 + n}` }, { traceparent: `00-${id}-${caller}-01` })),
    );
    const linked = () =>
      receiver.spans.filter(({ links }) => links?.some(({ traceId }) => traces.includes(traceId)));
    await until(
      'all of them to be linked',
      () =>
        linked()
          .flatMap(({ links }) => links ?? [])
          .filter(({ traceId }) => traces.includes(traceId)).length === 300,
    );
    expect(Math.max(...linked().map(({ links }) => links?.length ?? 0))).toBeLessThanOrEqual(128);
  });

  test('Prometheus scrapes both roles, and sees what became of the messages', async () => {
    expect((await post({ key: 'x' })).status).toBe(422);
    expect((await post({}, {}, 'Nobody')).status).toBe(404);
    expect((await post({}, { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await post([{ key: 'y' }, { key: 'z' }], {}, 'Order/batch')).status).toBe(202);
    // It waits for its order.
    expect((await post({ key: '1', order_key: '9' }, {}, 'Line')).status).toBe(202);
    await until('Prometheus to see all of it', async () => {
      const seen = await prometheus.query('sum by (outcome) (nomnom_messages_total)');
      const of = (outcome: string) => seen.find(({ labels }) => labels['outcome'] === outcome)?.value ?? 0;
      return of('completed') === 304 && of('accepted') === 305 && of('refused') === 5 && of('retried') >= 1;
    });
    const refused = await prometheus.query('nomnom_refused_total');
    const found = refused.map(({ labels: { entity, code }, value }) => `${entity ?? ''} ${code} ${value}`);
    expect(found.sort()).toEqual([
      ' unknown_entity 1',
      'Order invalid_format 3',
      'Order unsupported_media_type 1',
    ]);
    const delays = await prometheus.query('nomnom_commit_delay_seconds_count');
    expect(delays).toMatchObject([
      { labels: { pipeline: name, role: 'worker', entity: 'Order' }, value: 304 },
    ]);
    // Asked of the queue every five seconds.
    await until('the message that waits for its order', async () => {
      const [waiting] = await prometheus.query('max(nomnom_queue_messages)');
      return waiting?.value === 1;
    });
    expect(await prometheus.query('nomnom_ready == 1')).toHaveLength(2);
    expect(await prometheus.scrapeErrors()).toEqual([]);
  });

  test('the overview shows what waits and who runs', async () => {
    const [own] = servers;
    if (own === undefined) throw new Error('the servers are open');
    const seen = await overview(plan, own.store, own.queue, Date.now());
    expect(seen).toMatchObject({
      pipeline: name,
      queue: { kind: 'known', streams: [{ consumers: [{ messages: 1 }], orphans: 0 }] },
      deadLetters: [],
      roles: [
        { role: 'ingest', processes: 1, program: { fingerprint: plan.program, standing: 'this file' } },
        { role: 'worker', processes: 1, program: { fingerprint: plan.program, standing: 'this file' } },
      ],
    });
  });

  test('a receiver of OTLP gets the same metrics', async () => {
    await until('the metrics of the worker', () => receiver.metrics.has('nomnom_commit_delay_seconds'));
    expect(receiver.metrics).toContain('nomnom_accept_duration_seconds');
  });

  test('Prometheus understands every expression of the dashboard', async () => {
    const dashboard = readFileSync(join(root, 'deploy/grafana/nomnom.json'), 'utf8');
    const { panels } = JSON.parse(dashboard) as {
      readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
    };
    const expressions = panels.flatMap(({ targets }) => (targets ?? []).map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(30);
    for (const expression of expressions) {
      const filled = expression.replaceAll(/\$(pipeline|entity)/g, '.*').replaceAll(/\$__\w+/g, '1m');
      await expect(prometheus.query(filled), expression).resolves.toBeInstanceOf(Array);
    }
  });

  test('every metric that dashboard and rules name is in a real /metrics, in the form that promtool checks', async () => {
    const texts = await Promise.all([scrape(0), scrape(1)]);
    const shown = new Set(
      texts.flatMap((text) => [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, metric]) => metric)),
    );
    const rare = [
      'nomnom_unknown_keys_total',
      'nomnom_dead_letters_total',
      'nomnom_dead_letters_unpublished',
    ];
    const used = ['deploy/grafana/nomnom.json', rules].flatMap((path) => {
      const text = readFileSync(path.startsWith('/') ? path : join(root, path), 'utf8');
      return Object.keys(METRICS).filter((metric) => text.includes(metric));
    });
    expect(used.filter((metric) => !shown.has(metric) && !rare.includes(metric))).toEqual([]);
    for (const text of texts) await lint(text);
  });
});

async function lint(text: string): Promise<void> {
  const child = execFile(prometheusProgram('promtool'), ['check', 'metrics']);
  child.stdin?.end(text);
  const [status] = await new Promise<[number | null]>((resolve) =>
    child.once('exit', (code) => resolve([code])),
  );
  expect(status).toBe(0);
}

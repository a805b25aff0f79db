import { expect, onTestFinished, test, vi } from 'vitest';
import { logTelemetry } from '../../../src/adapters/telemetry/log-telemetry.ts';
import type { TelemetryEvent } from '../../../src/ports/telemetry.ts';
import { memoryLog } from '../../support/memory-log.ts';

const message = { messageId: '0190b7a2-0000-7000-8000-000000000001', entity: 'Order', receivedAt: 1 };
const error = { code: 'too_long', field: 'Order.note', pointer: '/key of the message' };

/** One event of each kind that is worth a line, in an order in which a worker tells them. */
const events: readonly TelemetryEvent[] = [
  { kind: 'worker-started', role: 'worker', lanes: 4 },
  { kind: 'accepted', entity: 'Order', messageId: message.messageId, ms: 3 },
  { kind: 'batch-accepted', entity: 'Order', accepted: 9, refusals: new Map([['missing', 1]]), ms: 12 },
  { kind: 'refused', entity: 'Order', status: 422, code: 'too_long', field: 'Order.note' },
  { kind: 'refused', entity: 'Order', status: 503, code: 'queue_full' },
  { kind: 'turned-away', entity: '', status: 503, code: 'too_busy' },
  { kind: 'delivered', messages: [message], redelivered: 1 },
  { kind: 'committed', messages: [message], unknownKeys: new Map([['Order', 2]]) },
  { kind: 'superseded', messages: [message] },
  { kind: 'settled-before', messages: [message] },
  { kind: 'worked', messages: [message], startedAt: 5, ms: 20 },
  { kind: 'retried', message, error, attempts: 2, delay: 40 },
  { kind: 'dead-lettered', message, error: { ...error, constraint: 'orders_note_check' } },
  { kind: 'halted', message, error },
  { kind: 'unpublished', waiting: 3 },
  { kind: 'paused', code: 'STORE_UNAVAILABLE', reason: 'Postgres cannot be reached', needsChange: false },
  { kind: 'resumed', pausedMs: 1200 },
  { kind: 'paused', code: 'STORE_MISCONFIGURED', reason: 'no table', sqlstate: '42P01', needsChange: true },
  { kind: 'worker-stopped', role: 'worker' },
];

test('each event is one line with the names that operators search for, and no value of a message', () => {
  const log = memoryLog();
  const telemetry = logTelemetry(log);
  for (const event of events) telemetry.record(event);
  expect(log.lines.map(({ level, message: text, fields }) => `${level} ${text} ${JSON.stringify(fields)}`))
    .toMatchInlineSnapshot(`
      [
        "info worker started {"lanes":4}",
        "debug accepted {"entity":"Order","message_id":"0190b7a2-0000-7000-8000-000000000001"}",
        "info accepted a batch {"entity":"Order","accepted":9,"rejected":1}",
        "debug refused {"entity":"Order","code":"too_long","field":"Order.note"}",
        "warn not accepted {"code":"queue_full","refused":1}",
        "debug turned away {"entity":"","status":503,"code":"too_busy"}",
        "debug batch done {"messages":1,"ms":20}",
        "info message will be tried again {"message_id":"0190b7a2-0000-7000-8000-000000000001","entity":"Order","code":"too_long","field":"Order.note","attempts":2,"delay":40}",
        "warn message became a dead letter {"message_id":"0190b7a2-0000-7000-8000-000000000001","entity":"Order","code":"too_long","field":"Order.note","constraint":"orders_note_check"}",
        "error halting: this message failed permanently and stays in the queue {"message_id":"0190b7a2-0000-7000-8000-000000000001","entity":"Order","code":"too_long","field":"Order.note"}",
        "warn paused: waits for Postgres or the queue {"code":"STORE_UNAVAILABLE","reason":"Postgres cannot be reached"}",
        "info resumed {"paused_ms":1200}",
        "error paused: the configuration must change {"code":"STORE_MISCONFIGURED","reason":"no table","sqlstate":"42P01"}",
        "info worker stopped {"accepted":10,"refused":4,"applied":1,"superseded":1,"dead":1,"unpublished":3,"retried":1,"redelivered":1,"settledBefore":1,"unknownFields":2}",
      ]
    `);
});

test('while a queue refuses everything, each reason is one line a second, and the lines count all messages', () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const log = memoryLog();
  const telemetry = logTelemetry(log);
  const refuse = (code: string) => telemetry.record({ kind: 'refused', entity: 'Order', status: 503, code });
  for (let ms = 0; ms < 3_000; ms += 1) {
    refuse('queue_full');
    if (ms % 500 === 0) refuse('queue_unavailable');
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(10_000);
  const refused = (code: string) =>
    log.lines.filter(({ fields }) => fields['code'] === code).map(({ fields }) => Number(fields['refused']));
  expect(refused('queue_full').length).toBeLessThanOrEqual(4);
  expect(refused('queue_full').reduce((sum, count) => sum + count)).toBe(3_000);
  expect(refused('queue_unavailable').reduce((sum, count) => sum + count)).toBe(6);
  refuse('queue_full');
  expect(refused('queue_full').at(-1)).toBe(1);
});

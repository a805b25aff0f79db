import { expect, test } from 'vitest';
import { minuteSummary } from '../../../src/adapters/telemetry/minute-summary.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { until } from '../../support/until.ts';

test('a minute with messages is one line with what became of them and what waits; one without is none', async () => {
  const log = memoryLog();
  const stop = new AbortController();
  let now = 1_000_000;
  let minute = Promise.withResolvers<undefined>();
  let asleep = 0;
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      asleep += 1;
      await minute.promise;
      now += ms;
    },
  };
  const pass = async () => {
    const before = asleep;
    const { resolve } = minute;
    minute = Promise.withResolvers<undefined>();
    resolve(undefined);
    await until('the next minute to begin', () => asleep > before);
  };
  const consumers = [{ consumer: 'shop_worker', messages: 12, oldestAt: now }];
  const backlog = () => Promise.resolve([{ stream: 'SHOP', consumers, orphans: 0 }]);
  const telemetry = minuteSummary({ log, clock, backlog, signal: stop.signal });
  const message = { messageId: '0190b7a2-0000-7000-8000-000000000001', entity: 'Order', receivedAt: 1 };
  await pass();
  telemetry.record({ kind: 'committed', messages: [message, message, message], unknownKeys: new Map() });
  telemetry.record({ kind: 'superseded', messages: [message] });
  await pass();
  await pass();
  telemetry.record({ kind: 'committed', messages: [message], unknownKeys: new Map([['Order', 5]]) });
  await pass();
  expect(
    log.lines.map(({ level, message: text, fields }) => `${level} ${text} ${JSON.stringify(fields)}`),
  ).toEqual([
    'info last minute {"applied":3,"superseded":1,"per_second":0.1,"waiting":12,"oldest_age_s":120}',
    'info last minute {"applied":1,"unknownFields":5,"per_second":0,"waiting":12,"oldest_age_s":240}',
  ]);
  stop.abort();
});

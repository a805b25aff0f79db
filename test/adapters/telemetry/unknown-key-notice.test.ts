import { expect, test } from 'vitest';
import { unknownKeyNotice } from '../../../src/adapters/telemetry/unknown-key-notice.ts';
import type { TelemetryEvent } from '../../../src/ports/telemetry.ts';
import { memoryLog } from '../../support/memory-log.ts';

function committed(keys: number, names: readonly string[]): TelemetryEvent {
  return {
    kind: 'committed',
    messages: [],
    unknownKeys: new Map([['Order', keys]]),
    unknownNames: new Map([['Order', names]]),
  };
}

test('keys that no field reads are named once a minute, with bounds on their number and length', async () => {
  const log = memoryLog();
  const stop = new AbortController();
  const minutes: (() => void)[] = [];
  const clock = {
    now: () => 0,
    sleep: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      minutes.push(resolve);
      return promise;
    },
  };
  const { record } = unknownKeyNotice({ log, clock, signal: stop.signal });
  const minute = async (): Promise<void> => {
    minutes.shift()?.();
    await Promise.resolve();
    await Promise.resolve();
  };

  record(committed(2, ['Order.more', 'Line.colour']));
  record(committed(3, ['Order.more', `Order.${'x'.repeat(200)}`]));
  expect(log.lines).toEqual([]);
  await minute();
  expect(log.lines.map(({ fields }) => fields)).toEqual([
    { entity: 'Order', count: 5, keys: ['Line.colour', 'Order.more', `Order.${'x'.repeat(54)}`] },
  ]);
  await minute();
  expect(log.lines).toHaveLength(1);
  record(
    committed(
      99,
      Array.from({ length: 99 }, (_, at) => `Order.k${at}`),
    ),
  );
  await minute();
  expect(log.lines).toHaveLength(2);
  expect(log.lines[1]?.fields['keys']).toHaveLength(20);
  stop.abort();
  await minute();
});

import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, test } from 'vitest';
import { startOtlp } from '../../../src/adapters/telemetry/otlp/otlp-export.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { until } from '../../support/until.ts';

const NAME = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const before = process.env[NAME];
beforeAll(() => void (process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '500'));
afterAll(() => {
  delete process.env['OTEL_EXPORTER_OTLP_TIMEOUT'];
  if (before === undefined) delete process.env[NAME];
  else process.env[NAME] = before;
});

/** What a receiver writes again and again, after each request. */
const ANSWERS = {
  'a chunk now and then': ['HTTP/1.1 202 A\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\n \r\n', 100],
  'an answer before the answer now and then': ['', 'HTTP/1.1 103 Early\r\nlink: x\r\n\r\n', 100],
  'answers before the answer as fast as it can': [
    '',
    'HTTP/1.1 103 Early\r\nlink: x\r\n\r\n'.repeat(1000),
    0,
  ],
} as const;

test.for(Object.entries(ANSWERS))(
  'a receiver that sends %s keeps no connection',
  { concurrent: true },
  async ([, [first, again, pause]], { expect, onTestFinished }) => {
    const open = new Set<Socket>();
    let closed = 0;
    const receiver = createServer((socket) => {
      open.add(socket);
      socket.on('error', () => {});
      let timer: NodeJS.Timeout | undefined;
      socket.once('data', () => {
        socket.write(first);
        const write = (): void => {
          if (socket.writableLength < 1e6) socket.write(again);
          timer = setTimeout(write, pause);
        };
        write();
      });
      socket.once('close', () => {
        clearTimeout(timer);
        open.delete(socket);
        closed += 1;
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of open) socket.destroy();
      receiver.close();
    });
    const address = receiver.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    process.env[NAME] = url;
    const otlp = startOtlp({
      wanted: { traces: false, metrics: true, every: 600 },
      receivers: [{ signal: 'METRICS', url: new URL(url), headers: {} }],
      pipeline: 'shop',
      version: '1.0.0',
      log: memoryLog(),
    });
    await until('the first connections to be ended', () => closed >= 2);
    // An export each 0.6 s, and 10 s at most for each.
    expect(open.size).toBeLessThan(25);
    await otlp.stop();
  },
);

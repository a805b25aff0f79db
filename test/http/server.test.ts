import { expect, test } from 'vitest';
import { createFastify } from '../../src/http/fastify.ts';
import { memoryLog } from '../support/memory-log.ts';

test('slow requests and idle connections have an end', () => {
  const { server } = createFastify(
    memoryLog(),
    () => undefined,
    { origins: new Set() },
    () => 'known',
  );
  expect(server.headersTimeout).toBe(10_000);
  expect(server.requestTimeout).toBe(60_000);
  expect(server.timeout).toBe(90_000);
  expect(server.keepAliveTimeout).toBe(65_000);
});

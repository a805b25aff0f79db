import { expect, test } from 'vitest';
import { plainLog } from '../../src/cli/plain-log.ts';

test('a person reads one line of words for each warning, and nothing that steers the terminal', () => {
  const lines: string[] = [];
  const log = plainLog('worker', (line) => lines.push(line));
  log.info({}, 'listening');
  log.warn({ code: 'STORE_UNAVAILABLE', reason: 'away\u001b[2J', sqlstate: undefined }, 'paused');
  log.warn({ reasons: [{ check: 'database', message: 'no answer' }] }, 'paused');
  log.error({ message_id: 'a1', error: new Error('broken') }, 'halting');
  expect(lines).toEqual([
    'worker: paused (STORE_UNAVAILABLE, away\\u{1b}[2J)\n',
    'worker: paused (database: no answer)\n',
    'worker: halting (message id a1, broken)\n',
  ]);
});

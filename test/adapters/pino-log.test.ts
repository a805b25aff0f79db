import { expect, test } from 'vitest';
import { pinoLog } from '../../src/adapters/pino-log.ts';

/** What steers a terminal, ends a line for some reader, or changes the order of what is shown. */
const HOSTILE =
  '\n\r{"level":50}\u0000\u0007\u001b[2J\u007f\u0085\u009b2J\u200b\u202e\u2028\u2029\u2066\ufeff\u{e0001}\ud800';

function written(): { lines: string[]; log: ReturnType<typeof pinoLog> } {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { lines, log: pinoLog({ level: 'debug', fields: { pipeline: 'shop' }, destination }) };
}

test('whatever a field, an error or a message has in it, the log gets one line that says it and steers nothing', () => {
  const { lines, log } = written();
  const cause = Object.assign(new Error(`cause ${HOSTILE}`), { code: HOSTILE, detail: 'a value of a row' });
  log.debug({ entity: HOSTILE, reasons: [HOSTILE] }, 'debug');
  log.info({ [HOSTILE]: 1 }, HOSTILE);
  log.warn({ error: new Error(HOSTILE, { cause }) }, 'warn');
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    expect(line).toMatch(/^[\x20-\x7e]+\n$/);
    expect(line).not.toContain('a value of a row');
  }
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { pipeline: 'shop', entity: HOSTILE, reasons: [HOSTILE], msg: 'debug' },
    { [HOSTILE]: 1, msg: HOSTILE },
    { error: { message: HOSTILE, cause: { message: `cause ${HOSTILE}`, code: HOSTILE } } },
  ]);
});

test('a text that is long is cut, also in a list, an error and a cause', () => {
  const { lines, log } = written();
  const long = '\u{1f600}'.repeat(1_000_000);
  log.warn({ reason: long, reasons: [long] }, long);
  log.error({ error: new Error(long, { cause: new Error(long) }) }, 'error');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(20_000);
  const { reason } = JSON.parse(lines[0] ?? '') as { reason: string };
  expect(reason.isWellFormed()).toBe(true);
  expect(reason).toMatch(/…$/);
});

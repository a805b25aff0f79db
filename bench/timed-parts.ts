/**
 * Loaded before nomnom (`--import`): a process that says at its end how long it was counting metrics, and how long it was finding out whose key
 * a request has. Two processes, and two seconds of one, differ by more than these take.
 */
import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import type { Identify } from '../src/ports/sender.ts';
import type { Telemetry } from '../src/ports/telemetry.ts';

const REAL = '?real';
/** What is put in front of a module, by the end of its address. */
const TIMED = {
  '/metrics/metrics-telemetry.ts': `import { metricsTelemetry as make } from './metrics-telemetry.ts${REAL}';
export const metricsTelemetry = (options) => globalThis.timed.metrics(make(options));`,
  '/access/identify.ts': `import { identifyBy as make } from './identify.ts${REAL}';
export const identifyBy = (options) => globalThis.timed.keys(make(options));`,
};

registerHooks({
  load: (url, context, next) => {
    const source = Object.entries(TIMED).find(([end]) => url.endsWith(end))?.[1];
    return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
  },
});

const took = { metrics: 0, keys: 0 };

const timed = {
  metrics: (real: Telemetry): Telemetry => ({
    record(event) {
      const before = performance.now();
      real.record(event);
      took.metrics += performance.now() - before;
    },
  }),
  keys:
    (real: Identify): Identify =>
    (...asked) => {
      const before = performance.now();
      const answer = real(...asked);
      took.keys += performance.now() - before;
      return answer;
    },
};

Object.assign(globalThis, { timed });
process.on('exit', () => writeSync(1, `\ncounting metrics took ${took.metrics} ms, keys ${took.keys} ms\n`));

/**
 * Loaded before nomnom (`--import`): a process that says at its end how long it was counting metrics. Two processes, and two seconds of
 * one, differ by more than a worker's metrics take.
 */
import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import type { Telemetry } from '../src/ports/telemetry.ts';

const REAL = '?real';
const TIMED = `import { metricsTelemetry as make } from './metrics-telemetry.ts${REAL}';
export const metricsTelemetry = (options) => globalThis.timed(make(options));`;

registerHooks({
  load: (url, context, next) =>
    url.endsWith('/metrics/metrics-telemetry.ts')
      ? { format: 'module', source: TIMED, shortCircuit: true }
      : next(url, context),
});

let milliseconds = 0;

function timed(real: Telemetry): Telemetry {
  return {
    record(event) {
      const before = performance.now();
      real.record(event);
      milliseconds += performance.now() - before;
    },
  };
}

Object.assign(globalThis, { timed });
process.on('exit', () => writeSync(1, `\ncounting metrics took ${milliseconds} ms\n`));

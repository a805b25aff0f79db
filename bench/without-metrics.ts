/** Loaded before nomnom (`--import`): a process that counts nothing, to see what counting costs. */
import { registerHooks } from 'node:module';

const COUNTS_NOTHING = 'export const metricsTelemetry = () => ({ record() {} });';

registerHooks({
  load: (url, context, next) =>
    url.endsWith('/metrics/metrics-telemetry.ts')
      ? { format: 'module', source: COUNTS_NOTHING, shortCircuit: true }
      : next(url, context),
});

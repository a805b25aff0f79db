import { type Ended, usage } from './exit.ts';

/**
 * Of an error that tells that an optional package is not installed: how to get it. Undefined for every other error, also
 * where a file of nomnom itself is missing. The package manager may leave out optional packages, as with `--omit=optional`.
 */
export function missingPackage(error: unknown): Ended | undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) return undefined;
  const name = /^Cannot find package '([^']+)'/.exec(error.message)?.[1];
  if (name === undefined) return undefined;
  const purpose = PURPOSES.find(([start]) => name.startsWith(start))?.[1] ?? 'this';
  return usage(
    `${purpose} needs the npm package ${name}, which is not installed: run \`npm install ${name}\` beside nomnom`,
  );
}

const PURPOSES: readonly (readonly [string, string])[] = [
  ['@electric-sql/', 'the embedded Postgres of `nomnom dev`'],
  ['@opentelemetry/', 'sending traces and metrics (OTEL_EXPORTER_OTLP_ENDPOINT)'],
];

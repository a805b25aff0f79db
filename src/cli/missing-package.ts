import { type Ended, usage } from './exit.ts';

/**
 * Of an error that tells that an optional package is not installed: how to get it. Undefined for every other error, also
 * where a file of nomnom itself is missing. Whoever installs may leave out optional packages, as with `--omit=optional`.
 */
export function missingPackage(error: unknown): Ended | undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) return undefined;
  const name = /^Cannot find package '([^']+)'/.exec(error.message)?.[1];
  if (name === undefined) return undefined;
  const { purpose, packages } = NEEDS.find(({ start }) => name.startsWith(start)) ?? {
    purpose: 'this',
    packages: name,
  };
  return usage(
    `${purpose} needs the npm package ${name}, which is not installed: run \`npm install ${packages}\` beside nomnom`,
  );
}

const NEEDS = [
  {
    start: '@electric-sql/',
    purpose: 'the embedded Postgres of `nomnom dev`',
    packages: '@electric-sql/pglite',
  },
  {
    start: '@opentelemetry/',
    purpose: 'sending traces and metrics (OTEL_EXPORTER_OTLP_ENDPOINT)',
    packages: [
      'api',
      'exporter-metrics-otlp-http',
      'exporter-trace-otlp-http',
      'resources',
      'sdk-metrics',
      'sdk-trace-node',
    ]
      .map((name) => `@opentelemetry/${name}`)
      .join(' '),
  },
];

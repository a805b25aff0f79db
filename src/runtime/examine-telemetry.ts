import { tryReceiver } from '../adapters/telemetry/otlp/try-receiver.ts';
import { otlpSettings } from '../adapters/telemetry/otlp/otlp-settings.ts';
import { type Diagnosis, fail, ok, unusable, warn } from '../roles/doctor/diagnosis.ts';

const AREA = 'telemetry';

/**
 * Whether traces and metrics would arrive where the variables of OpenTelemetry say: each receiver is sent nothing, which it has to take.
 * Without any of these variables nothing is told. A receiver that is away is a warning: roles work without it.
 */
export async function examineTelemetry(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly Diagnosis[]> {
  const { receivers, faults, ignored } = otlpSettings(environment);
  const ofSettings = [
    ...faults.map((fault) => unusable(AREA, fault)),
    ...ignored.map((each) =>
      warn(AREA, each, 'Correct the environment variable, or leave it out: see docs/monitoring.md.'),
    ),
  ];
  // What is wrong with a certificate or a header would be told twice.
  if (faults.length > 0) return ofSettings;
  const tried = await Promise.all(
    receivers.map(async (receiver): Promise<Diagnosis> => {
      const what = receiver.signal.toLowerCase();
      const { origin, pathname } = receiver.url;
      const found = await tryReceiver(receiver);
      if (found === undefined) return ok(AREA, `${origin}${pathname} takes ${what}`);
      const said = `${origin}${pathname} takes no ${what}: ${found.reason}`;
      return found.passing
        ? warn(
            AREA,
            said,
            'Start the receiver, or correct OTEL_EXPORTER_OTLP_ENDPOINT; roles run without it.',
          )
        : fail(AREA, said, found.help);
    }),
  );
  return [...ofSettings, ...tried];
}

import { nomnom } from './nomnom.ts';

export interface DoctorLine {
  readonly area: string;
  readonly status: string;
  readonly message: string;
  readonly help?: string;
}

/** What `nomnom doctor FILE --json` says. */
export async function doctorLines(
  file: string,
  env: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<{ readonly status: number | null; readonly err: string; readonly lines: readonly DoctorLine[] }> {
  const { status, out, err } = await nomnom(['doctor', file, '--json', ...flags], { env });
  return { status, err, lines: JSON.parse(out) as readonly DoctorLine[] };
}

import { Option, type Command as Parser } from 'commander';
import { closest } from '../../diagnostics/suggest.ts';
import { rejectionCodes } from '../../types/rejection-codes.ts';
import { EXIT, Ended, usage } from '../exit.ts';
import type { Selection } from '../../ports/dead-letters.ts';
import { momentOf } from './moment.ts';

/** Options that choose dead letters, the same for every subcommand. */
export interface SelectionFlags {
  readonly entity?: readonly string[];
  readonly code?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly limit?: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function addSelection(parser: Parser, limit: string): Parser {
  return parser
    .option('--entity <name>', 'only messages of these entities; may be repeated', collect)
    .option('--code <code>', 'only those that failed with these codes; may be repeated', collect)
    .option(
      '--since <moment>',
      'only those that failed at this moment or later: 2h or 7d ago, or 2026-01-31T12:00:00Z',
    )
    .option('--until <moment>', 'only those that failed before this moment')
    .addOption(new Option('--limit <number>', limit));
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Wrong values end the command with one line. */
export function selectionOf(
  pipeline: string,
  ids: readonly string[],
  { entity, code, since, until }: SelectionFlags,
  now: number,
): Selection {
  for (const id of ids) if (!UUID.test(id)) throw usage(`a message id is a UUID, got "${id}"`);
  for (const each of code ?? []) refuseUnknown(each);
  return {
    pipeline,
    ...(ids.length === 0 ? {} : { messageIds: ids.map((id) => id.toLowerCase()) }),
    ...(entity === undefined ? {} : { entities: entity }),
    ...(code === undefined ? {} : { codes: code }),
    ...(since === undefined ? {} : { since: momentOf('--since', since, now) }),
    ...(until === undefined ? {} : { until: momentOf('--until', until, now) }),
  };
}

/** No dead letter ever has another code: those of older versions stay in the table of codes. */
function refuseUnknown(code: string): void {
  const known = Object.keys(rejectionCodes);
  if (known.includes(code)) return;
  const near = closest(code, known);
  throw usage(
    `--code: there is no code ${code}: ${near === undefined ? `the codes are ${known.join(', ')}` : `did you mean ${near}?`}`,
  );
}

/** Whether something says which ones are meant. */
export function narrows({ messageIds, entities, codes, since, until }: Selection): boolean {
  return [messageIds, entities, codes, since, until].some((each) => each !== undefined);
}

export function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw usage(`--limit: expected a whole number from 1, got "${text}"`);
  return Number(text);
}

/** Ends a command whose selection holds nothing that a person named. */
export function nothingFound(ids: readonly string[]): Ended {
  return new Ended(
    EXIT.fault,
    ids.length === 0 ? 'there are no such dead letters' : `there is no open dead letter of ${ids.join(', ')}`,
  );
}

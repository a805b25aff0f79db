import type { Plan } from '../../plan/plan.ts';
import type { KeyTerms } from '../../ports/keys.ts';
import { SCOPES, type Scope } from '../../ports/sender.ts';
import { durationOf } from '../duration.ts';
import { entityNamed } from '../entity-named.ts';
import { usage } from '../exit.ts';
import { RATE_FORM, rateOf } from '../rate.ts';

const NAME = /^[a-z0-9][\w.-]{0,63}$/i;
/** Milliseconds mean nothing for a key. */
const LENGTH = /^\d{1,6}[smhd]$/;

export interface TermFlags {
  readonly entity?: readonly string[];
  readonly scope?: readonly string[];
  readonly rate?: string;
}

/** What a new key may do; wrong use where a flag says something that the file does not have. */
export function termsOf(plan: Plan, name: string, flags: TermFlags): KeyTerms {
  const rate = flags.rate === undefined ? undefined : rateOf(flags.rate);
  if (flags.rate !== undefined && rate === undefined) throw usage(`--rate: ${RATE_FORM}`);
  return {
    name: nameOf(name),
    scopes: (flags.scope ?? ['ingest', 'status']).map(scopeOf),
    entities: flags.entity?.map((each) => entityNamed(plan, each).name),
    rate,
  };
}

export function nameOf(name: string): string {
  if (!NAME.test(name))
    throw usage(`a name of a key has letters, digits, dots, dashes and underscores, up to 64: got "${name}"`);
  return name;
}

export function lengthOf(flag: string, text: string): number {
  const milliseconds = LENGTH.test(text) ? durationOf(text) : undefined;
  if (milliseconds === undefined)
    throw usage(`${flag}: expected a length of time such as 24h, got "${text}"`);
  return milliseconds;
}

function scopeOf(text: string): Scope {
  const scope = SCOPES.find((each) => each === text);
  if (scope === undefined) throw usage(`--scope: expected some of ${SCOPES.join(', ')}, got "${text}"`);
  return scope;
}

import type { Option } from 'commander';
import { SCOPES } from '../../ports/sender.ts';
import { levels } from '../settings.ts';
import { templates } from '../templates.ts';

/** What a shell can complete as the value of an option. `none`: only a person knows it. */
export type Values =
  | { readonly kind: 'these'; readonly values: readonly string[] }
  /** The roles of the .nom file on the command line, which the shell asks nomnom for. */
  | { readonly kind: 'roles' }
  | { readonly kind: 'files' | 'none' };

/** Options whose values are few, and that say themselves what is wrong with another one. */
const FEW: Readonly<Record<string, () => readonly string[]>> = {
  '--template': () => templates().map(({ name }) => name),
  '--log-level': () => levels,
  '--scope': () => SCOPES,
};

const FILES = /<(?:file|folder|old)>/;

export function valuesOf(option: Option): Values {
  const few = option.argChoices ?? FEW[option.long ?? '']?.();
  if (few !== undefined) return { kind: 'these', values: few };
  if (option.long === '--role') return { kind: 'roles' };
  return { kind: FILES.test(option.flags) ? 'files' : 'none' };
}

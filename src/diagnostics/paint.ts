import type { Severity } from './diagnostic.ts';

/** What a piece of rendered text is, for its colour. */
export type Role = Severity | 'related' | 'gutter' | 'help' | 'strong';

/** Gives text the look of its role. */
export type Paint = (role: Role, text: string) => string;

const SGR: Readonly<Record<Role, string>> = {
  error: '1;31',
  warning: '1;33',
  related: '1;34',
  gutter: '34',
  help: '1;36',
  strong: '1',
};

export const plain: Paint = (_role, text) => text;

/** Colours for terminals, as ANSI escape sequences. */
export const ansi: Paint = (role, text) => (text === '' ? '' : `\u001B[${SGR[role]}m${text}\u001B[0m`);

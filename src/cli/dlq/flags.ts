import type { Terminal } from '../terminal.ts';
import type { ServerFlags } from '../server-settings.ts';
import type { SelectionFlags } from './selection.ts';

export interface DlqFlags extends SelectionFlags, ServerFlags {
  readonly root?: string;
  readonly all?: true;
  readonly replayed?: true;
  readonly yes?: true;
  readonly json?: true;
  readonly body?: string;
  readonly pipeline?: string;
}

/** What a subcommand does with its file, the ids it was given, and its options. */
export type DlqAction = (
  file: string,
  ids: readonly string[],
  flags: DlqFlags,
  terminal: Terminal,
) => Promise<void>;

import type { Command as Parser } from 'commander';
import type { Terminal } from './terminal.ts';

/** One command of `nomnom`: adds itself to the parser. What it needs beyond the language it imports when it runs. */
export interface Command {
  readonly name: string;
  readonly register: (parser: Parser, terminal: Terminal) => void;
}

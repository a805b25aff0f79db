import { createInterface } from 'node:readline/promises';
import { fault, usage } from './exit.ts';
import type { Terminal } from './terminal.ts';

/** What is about to be done, `delete 3 dead letters permanently`, and whether the user has said yes to it already. */
export interface Change {
  readonly does: string;
  readonly yes: boolean;
  readonly terminal: Terminal;
}

/**
 * Ends the command unless a person agrees. Without a terminal nobody can be asked, and nothing may wait for an answer:
 * only --yes counts there.
 */
export async function confirmChange({ does, yes, terminal }: Change): Promise<void> {
  if (yes) return;
  if (!terminal.interactive || !process.stdin.isTTY) throw usage(`this would ${does}: confirm with --yes`);
  if (!(await confirmed(`${does}?`))) throw fault('nothing was changed');
}

/** Anything but yes is no. */
async function confirmed(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`${question} [y/N] `);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

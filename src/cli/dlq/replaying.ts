import { randomUUID } from 'node:crypto';
import { fileReason } from '../../files/file-reason.ts';
import { LARGEST, readNamedFile } from '../../files/named-file.ts';
import type { DeadLetter, Selection } from '../../ports/dead-letters.ts';
import { chunksOf, eachDeadLetter } from '../../roles/dead-letters/walk.ts';
import { replay, type Replayed } from '../../roles/dead-letters/replay.ts';
import type { Plan } from '../../plan/plan.ts';
import { simulator } from '../../roles/dead-letters/simulate.ts';
import { fault, usage } from '../exit.ts';
import { startProgress } from '../progress.ts';
import { bytesOfStandardInput } from '../standard-input.ts';
import type { Servers } from '../../runtime/servers.ts';
import type { Terminal } from '../terminal.ts';
import { nothingFound } from './selection.ts';
import { visible } from '../../text/visible.ts';

/** What became of one dead letter of a replay, for scripts. */
export interface ReplayLine {
  readonly message_id: string;
  readonly outcome: Replayed['kind'];
  readonly reason?: string;
}

export interface ReplayRequest {
  readonly plan: Plan;
  readonly selection: Selection;
  readonly limit: number;
  /** The edited body; then the selection is one letter. */
  readonly body: Uint8Array | undefined;
  readonly terminal: Terminal;
}

/** Replays page by page; gives a line for each letter that was not replayed, and how many were. */
export async function replayAll(
  { store, queue }: Servers,
  { plan, selection, limit, body, terminal }: ReplayRequest,
): Promise<{ readonly replayed: number; readonly others: readonly ReplayLine[] }> {
  const total = Math.min(limit, await store.ledger.deadLetters.count(selection));
  if (total === 0) throw nothingFound(selection.messageIds ?? []);
  const publisher = queue.publisher();
  const token = randomUUID();
  const progress = await startProgress('replay', total, 'messages', terminal);
  const others: ReplayLine[] = [];
  let replayed = 0;
  let done = 0;
  try {
    for await (const letters of chunksOf(eachDeadLetter(store, selection, limit))) {
      const outcomes = await replay(
        { plan, store, publisher, token, ...(body === undefined ? {} : { body }) },
        letters,
      );
      for (const [at, letter] of letters.entries()) {
        const outcome = outcomes[at];
        if (outcome?.kind === 'replayed' || (outcome?.kind === 'in-queue' && body === undefined))
          replayed += 1;
        else if (outcome !== undefined) others.push(lineOf(letter, outcome));
      }
      done += letters.length;
      progress.update(done);
    }
  } catch (error) {
    progress.stop();
    if (replayed > 0)
      terminal.note(
        `${replayed} of ${total} were replayed, then it failed; the same command goes on with the others\n`,
      );
    throw error;
  }
  progress.stop();
  return { replayed, others };
}

function lineOf({ messageId }: DeadLetter, outcome: Replayed): ReplayLine {
  return {
    message_id: messageId,
    outcome: outcome.kind,
    ...(outcome.kind === 'failed' ? { reason: outcome.reason } : {}),
  };
}

const WORDS = {
  replayed: 'replayed',
  'in-queue': 'an earlier replay of it is already in the queue, and its body counts',
  taken: 'another replay has it now; ask for its status',
  settled: 'was replayed or settled in the meantime',
  gone: 'is no longer a dead letter',
  failed: 'is still a dead letter',
} as const satisfies Record<Replayed['kind'], string>;

export function replayLineText({ message_id: id, outcome, reason }: ReplayLine): string {
  return `${id}  ${WORDS[outcome]}${reason === undefined ? '' : `: ${visible(reason)}`}\n`;
}

/** The edited body of one letter, refused where the file would refuse it too: a replay would only kill it again. */
export async function editedBody(
  { store }: Servers,
  { plan, selection }: Pick<ReplayRequest, 'plan' | 'selection'>,
  path: string,
): Promise<Uint8Array> {
  let body: Uint8Array;
  try {
    body = path === '-' ? bytesOfStandardInput() : readNamedFile(path, LARGEST.message);
  } catch (error) {
    throw usage(`--body: ${path} cannot be read: ${fileReason(error)}`);
  }
  const letters = await Array.fromAsync(eachDeadLetter(store, selection));
  const [letter] = letters;
  if (letter === undefined) throw nothingFound(selection.messageIds ?? []);
  const [full] = await store.ledger.deadLetters.readFull([letter.id]);
  if (full === undefined) throw nothingFound(selection.messageIds ?? []);
  const verdict = simulator(plan)({ ...full, body });
  if (verdict.kind === 'fails') {
    const { code, pointer, message } = verdict.error;
    throw fault(
      `${path} would fail too, nothing was replayed: ${code}${pointer === '' ? '' : ` at ${pointer}`}: ${message}`,
    );
  }
  return body;
}

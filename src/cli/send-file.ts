import { randomUUID } from 'node:crypto';
import { LISTED } from '../roles/ingest/batch-report.ts';
import { sendChunk, type Sent } from './batch-sender.ts';
import type { Headers } from './headers.ts';
import { chunksOf, sizeOf } from './ndjson-file.ts';
import { startProgress } from './progress.ts';
import { visible } from '../text/visible.ts';
import type { Terminal } from './terminal.ts';

export interface SendFileOptions {
  readonly path: string;
  readonly entity: string;
  /** The ingest role, without a slash at its end. */
  readonly url: string;
  /** Go with every message. */
  readonly headers?: Headers;
  /** One batch after the other, for an entity with `ordered by`. */
  readonly inOrder: boolean;
  /** Milliseconds to wait for a role that is busy or away, while it takes nothing. */
  readonly wait: number;
  readonly terminal: Terminal;
  readonly quiet: boolean;
  /** Told what the role has answered, also where the rest of the file is not sent. */
  readonly onSent: (sent: Sent) => void;
}

/** An answer lists every refused line of a batch of so many lines. */
const LIMITS = { lines: LISTED.rejected, bytes: 4 * 1024 * 1024 };
/** Requests in flight: enough that the role never waits for the file. */
const CONCURRENCY = 2;
/** Sends every line of an NDJSON file as a message, in batches. */
export async function sendFile({
  path,
  entity,
  url,
  headers = {},
  inOrder,
  wait,
  terminal,
  quiet,
  onSent,
}: SendFileOptions): Promise<void> {
  const progress = await startProgress(
    entity,
    await sizeOf(path),
    'bytes',
    quiet ? { ...terminal, showsProgress: false } : terminal,
  );
  const run = randomUUID();
  const flying = new Set<Promise<void>>();
  let at = 0;
  let takenAt = 0;
  const settle = (sent: Sent, endsAt: number): void => {
    takenAt = Date.now();
    onSent(sent);
    progress.update(endsAt);
  };
  try {
    for await (const chunk of chunksOf(path, LIMITS)) {
      const key = `${run}-${at}`;
      at += 1;
      const sending = sendChunk(chunk, {
        url: `${url}/ingest/${encodeURIComponent(entity)}/batch`,
        key,
        headers,
        patience: {
          wait,
          takenAt: () => takenAt,
          onWait: (milliseconds, reason) => {
            if (!terminal.showsProgress && !quiet)
              terminal.note(`waiting ${milliseconds} ms: ${visible(reason)}\n`);
          },
        },
      }).then((sent) => settle(sent, chunk.endsAt));
      flying.add(sending);
      void sending.finally(() => flying.delete(sending)).catch(() => {});
      if (flying.size >= (inOrder ? 1 : CONCURRENCY)) await Promise.race(flying);
    }
    await Promise.all(flying);
  } finally {
    // What is on its way when another batch ends the command may still be accepted.
    await Promise.allSettled(flying);
    progress.stop();
  }
  if (at === 0 && !quiet) terminal.note(`nomnom: ${path} has no message\n`);
}

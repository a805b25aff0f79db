import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { faultsIn, type RefusedLine } from './batch-sender.ts';
import { postPatiently } from './batch-sender.ts';
import { fault, usage } from './exit.ts';
import { sizeOf } from './ndjson-file.ts';
import type { FileSent, SendFileOptions } from './send-file.ts';

/** Answers that are about this message, where others are about the role or the whole command. */
const REFUSED: readonly number[] = [400, 413, 422];

/** Sends a whole file as one message, byte for byte, its name in the header `x-filename` unless one is given. */
export async function sendRaw({
  path,
  entity,
  url,
  headers = {},
  wait,
  terminal,
  quiet,
}: SendFileOptions): Promise<FileSent> {
  await sizeOf(path);
  const name = basename(path);
  if (headers['x-filename'] === undefined && !/^[\x20-\x7e]+$/.test(name))
    throw usage(`${path}: a header cannot contain this file name; give one with --header "x-filename: …"`);
  const all = {
    'x-filename': name,
    ...headers,
    'content-type': 'application/octet-stream',
    'idempotency-key': randomUUID(),
  };
  const to = `${url}/ingest/${encodeURIComponent(entity)}`;
  const { status, body } = await postPatiently(to, all, await readFile(path), {
    wait,
    takenAt: () => 0,
    onWait: (milliseconds, reason) => {
      if (!quiet) terminal.note(`waiting ${milliseconds} ms: ${reason}\n`);
    },
  });
  if (status === 202) return { accepted: 1, refusedCount: 0, refused: [] };
  const text = (key: string): string => (typeof body[key] === 'string' ? body[key] : '');
  if (!REFUSED.includes(status)) throw fault(`${to}: ${text('message') || `answered ${status}`}`);
  const refused: RefusedLine = {
    line: 1,
    code: text('code'),
    pointer: text('pointer'),
    message: text('message'),
    ...faultsIn(body['faults']),
  };
  return { accepted: 0, refusedCount: 1, refused: [refused] };
}

import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { fileReason } from '../files/file-reason.ts';
import { LARGEST, readNamedFile } from '../files/named-file.ts';
import { visible } from '../text/visible.ts';
import { faultsIn, postPatiently, type RefusedLine } from './batch-sender.ts';
import { fault, usage } from './exit.ts';
import { fieldsOf, foreignAnswer, problemIn } from './foreign-answer.ts';
import { sizeOf } from './ndjson-file.ts';
import type { SendFileOptions } from './send-file.ts';

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
  onSent,
}: SendFileOptions): Promise<void> {
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
  const answer = await postPatiently(to, all, bytesOf(path), {
    wait,
    takenAt: () => 0,
    onWait: (milliseconds, reason) => {
      if (!quiet) terminal.note(`waiting ${milliseconds} ms: ${visible(reason)}\n`);
    },
  });
  const { status, text } = answer;
  const expected = '202 with the id of the message';
  if (status === 202) {
    if (typeof fieldsOf(text)?.['message_id'] !== 'string') throw foreignAnswer(to, expected, answer);
    onSent({ accepted: 1, refusedCount: 0, refused: [] });
    return;
  }
  const problem = problemIn(text);
  if (problem === undefined) throw foreignAnswer(to, expected, answer);
  const { code, message, pointer, faults } = problem;
  if (!REFUSED.includes(status)) throw fault(`${to}: ${message}`);
  const at = typeof pointer === 'string' ? pointer : '';
  const refused: RefusedLine = { line: 1, code, pointer: at, message, ...faultsIn(faults) };
  onSent({ accepted: 0, refusedCount: 1, refused: [refused] });
}

function bytesOf(path: string): Buffer {
  try {
    return readNamedFile(path, LARGEST.body);
  } catch (error) {
    throw usage(`${path} cannot be read: ${fileReason(error)}`);
  }
}

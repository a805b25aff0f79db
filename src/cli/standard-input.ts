import { fileReason } from '../files/file-reason.ts';
import { LARGEST } from '../files/named-file.ts';
import { readAtMost } from '../files/regular-file.ts';
import { usage } from './exit.ts';

/** All of standard input as text; other bytes than UTF-8 are wrong use. */
export function readStandardInput(): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytesOfStandardInput());
  } catch (error) {
    if (error instanceof TypeError) throw usage('standard input is not UTF-8');
    throw error;
  }
}

/** All of standard input: whoever types it ends it. More bytes than a message may have are wrong use. */
export function bytesOfStandardInput(): Buffer {
  let bytes: Buffer | undefined;
  try {
    bytes = readAtMost(0, LARGEST.message, pause);
  } catch (error) {
    throw usage(`standard input cannot be read: ${fileReason(error)}`);
  }
  if (bytes === undefined) throw usage(`standard input has more than ${LARGEST.message / 1024 / 1024} MB`);
  return bytes;
}

/** Another process that shares it may have set it not to wait. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
}

import { readFileSync } from 'node:fs';
import { usage } from './exit.ts';
import { fileReason } from './file-fault.ts';

/** All of standard input as text; other bytes than UTF-8 are wrong use. */
export function readStandardInput(): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(0));
  } catch (error) {
    if (error instanceof TypeError) throw usage('standard input is not UTF-8');
    throw usage(`standard input cannot be read: ${fileReason(error)}`);
  }
}

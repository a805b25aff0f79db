import { Buffer } from 'node:buffer';
import type { Delivery } from '../../../ports/queue.ts';

export function bodyBytes(body: Delivery['body']): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
}

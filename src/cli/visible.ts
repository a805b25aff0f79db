import { utf8Text } from '../plan/evaluate-message.ts';
import { visibleLines } from '../text/visible.ts';

/** Bytes as text where they are UTF-8 — lines stay lines — and as base64 where they are not. */
export function visibleBody(body: Uint8Array): string {
  const text = utf8Text(body);
  if (text === undefined)
    return `${Buffer.from(body).toString('base64')}\n(${body.length} bytes that are not UTF-8, as base64)`;
  return visibleLines(text);
}

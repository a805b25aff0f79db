import { utf8Text } from '../plan/evaluate-message.ts';

/** What a sender wrote must not steer the terminal of who reads it: controls, and marks that reorder or hide text. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** On one line, every hidden character as its code. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(HIDDEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Bytes as text where they are UTF-8 — lines stay lines — and as base64 where they are not. */
export function visibleBody(body: Uint8Array): string {
  const text = utf8Text(body);
  if (text === undefined)
    return `${Buffer.from(body).toString('base64')}\n(${body.length} bytes that are not UTF-8, as base64)`;
  return text.split('\n').map(visible).join('\n');
}

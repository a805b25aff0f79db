/**
 * How texts may be written: `free` is any way that JSON allows and senders use, `stored` the only way in which `JSON.stringify`
 * writes what was read, so that the text of a `json` field is what stands in the message.
 */
export type Spelling = 'free' | 'stored';

/** Whether a key can be written without an escape; a key with a quote, say, cannot. */
export function isPlainKey(key: string): boolean {
  return JSON.stringify(key) === `"${key}"`;
}

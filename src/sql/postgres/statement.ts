/** One text, to be prepared under its name. */
export interface Statement {
  /** At most 63 bytes, unique in the process, stable for the same text. */
  readonly name: string;
  readonly text: string;
}

/** A statement under a name that is the same for the same text and differs for every other. */
export function statement(kind: string, text: string): Statement {
  return { name: `nomnom_${kind}_${digest(text)}`, text };
}

/** 64 bits of FNV-1a in hex, as two halves of different seeds. */
function digest(text: string): string {
  return half(text, 0x811c9dc5) + half(text, 0x01000193);
}

function half(text: string, seed: number): string {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

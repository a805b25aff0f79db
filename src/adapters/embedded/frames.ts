/** One message of the Postgres protocol, version 3, as a client sends it. */
export type Frame =
  | { readonly kind: Opening; readonly bytes: Buffer }
  /** `type` is the letter before the length. */
  | { readonly kind: 'message'; readonly type: string; readonly bytes: Buffer };

/** What a connection may begin with: of these only `startup` is followed by messages. */
type Opening = 'startup' | 'encryption' | 'cancel';

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;

/** Larger than anything that we send, and small enough that a stray client cannot fill the memory. */
const LONGEST = 512 * 1024 * 1024;

/** Cuts what a client sends into messages, keeping the rest for the next call. Throws at a length that cannot be. */
export function frameReader(): (chunk: Buffer) => readonly Frame[] {
  let chunks: Buffer[] = [];
  let length = 0;
  let needed = 0;
  let started = false;

  return (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < needed) return [];
    let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks, length);
    const frames: Frame[] = [];
    for (;;) {
      const size = frameSize(rest, started);
      needed = size ?? 0;
      if (size === undefined || rest.length < size) break;
      const bytes = rest.subarray(0, size);
      rest = rest.subarray(size);
      if (started) {
        frames.push({ kind: 'message', type: String.fromCharCode(bytes[0] ?? 0), bytes });
        continue;
      }
      const kind = openingKind(bytes.readInt32BE(4));
      started = kind === 'startup';
      frames.push({ kind, bytes });
    }
    chunks = [rest];
    length = rest.length;
    return frames;
  };
}

/** The bytes of the message that begins here; undefined where its length has not come yet. */
function frameSize(bytes: Buffer, started: boolean): number | undefined {
  const lengthAt = started ? 1 : 0;
  if (bytes.length < lengthAt + 4) return undefined;
  const length = bytes.readInt32BE(lengthAt);
  if (length < (started ? 4 : 8) || length > LONGEST) throw new Error('this is not the Postgres protocol');
  return lengthAt + length;
}

function openingKind(code: number): Opening {
  if (code === SSL_REQUEST || code === GSS_REQUEST) return 'encryption';
  return code === CANCEL_REQUEST ? 'cancel' : 'startup';
}

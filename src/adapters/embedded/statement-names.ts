/**
 * Prepared statements of one client under names of their own: all clients share one session, and two of them may
 * give the same name to different statements.
 */
export interface StatementNames {
  /** The message with the names that the session knows. */
  translate(type: string, message: Buffer): Buffer;
  /** Messages that close every statement of the client. */
  closeAll(): Buffer;
}

export function statementNames(client: number): StatementNames {
  const names = new Map<string, string>();
  let serial = 0;

  const nameOf = (name: string): string => {
    // The nameless statement lives until the next one, and never beyond a group of messages that runs undivided.
    if (name === '') return name;
    const known = names.get(name);
    if (known !== undefined) return known;
    serial += 1;
    const own = `c${client}s${serial}`;
    names.set(name, own);
    return own;
  };

  return {
    translate(type, message) {
      if (type === 'P') return replaceText(message, 5, nameOf);
      if (type === 'B') return replaceText(message, message.indexOf(0, 5) + 1, nameOf);
      const isStatement = (type === 'D' || type === 'C') && message[5] === STATEMENT;
      return isStatement ? replaceText(message, 6, nameOf) : message;
    },
    closeAll: () => Buffer.concat([...names.values()].map(closeMessage)),
  };
}

/** The letter S, which tells a statement from a portal. */
const STATEMENT = 83;

/** Replaces the zero-terminated text at an offset, and fixes the length of the message. */
function replaceText(message: Buffer, at: number, replace: (text: string) => string): Buffer {
  const end = message.indexOf(0, at);
  const text = message.toString('utf8', at, end);
  const replaced = replace(text);
  if (replaced === text) return message;
  const result = Buffer.concat([message.subarray(0, at), Buffer.from(replaced), message.subarray(end)]);
  result.writeInt32BE(result.length - 1, 1);
  return result;
}

function closeMessage(name: string): Buffer {
  const body = Buffer.from(`S${name}\0`);
  const head = Buffer.from([67, 0, 0, 0, 0]);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/**
 * The embedded Postgres reads the rows of `COPY … FROM STDIN` where it reads statements, finds none, and ends for
 * good. So the statement is exchanged for one that fails as an unsupported feature does.
 */
export function withoutCopyFromClient(type: string, message: Buffer): Buffer {
  if (type !== 'Q' && type !== 'P') return message;
  if (!COPY_FROM_CLIENT.test(message.toString('latin1'))) return message;
  if (type === 'Q') return frame('Q', Buffer.from(`${REFUSAL}\0`));
  // A parse message is the statement's name, its text, and the types of its parameters: here none.
  const name = message.subarray(5, message.indexOf(0, 5) + 1);
  return frame('P', Buffer.concat([name, Buffer.from(`${REFUSAL}\0`), Buffer.from([0, 0])]));
}

const COPY_FROM_CLIENT = /\bcopy\b[\s\S]*\bfrom\s+stdin\b/i;

const REFUSAL = `DO $$ BEGIN
  RAISE EXCEPTION 'the embedded Postgres has no COPY FROM STDIN' USING ERRCODE = 'feature_not_supported';
END $$`;

function frame(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

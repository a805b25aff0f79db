import { Buffer } from 'node:buffer';
import type { Client, Connection } from 'pg';

/**
 * Lets the client send parameters that lie in one buffer, each behind its length, as they are. The driver would copy them three
 * times on average, into buffers that grow.
 */
export function bindWithoutCopies(client: Client): void {
  const { connection } = client;
  const bindCopies = connection.bind.bind(connection);
  connection.bind = (config, ...more) => {
    const values = config?.values ?? [];
    const block = blockOf(values);
    if (config === null || block === undefined) return bindCopies(config, ...more);
    const names = Buffer.from(`${config.portal ?? ''}\0${config.statement ?? ''}\0`);
    const head = Buffer.allocUnsafe(5 + names.length + 6);
    head[0] = BIND;
    head.writeInt32BE(head.length - 1 + block.length + RESULTS_AS_TEXT.length, 1);
    names.copy(head, 5);
    // One format for all parameters, then how many they are.
    head.writeInt16BE(1, head.length - 6);
    head.writeInt16BE(BINARY, head.length - 4);
    head.writeInt16BE(values.length, head.length - 2);
    send(connection, head, block, RESULTS_AS_TEXT);
  };
}

const BIND = 66;
const BINARY = 1;
/** One format for all columns of the answer: text. */
const RESULTS_AS_TEXT = Buffer.from([0, 1, 0, 0]);

/** The driver holds them back until the rest of its request is there. */
function send({ stream }: Connection, ...parts: readonly Buffer[]): void {
  if (stream.writable) for (const part of parts) stream.write(part);
}

/** All of the values with their lengths, where these stand right before them, one behind the other. */
function blockOf(values: readonly unknown[]): Buffer | undefined {
  const [first] = values;
  if (!Buffer.isBuffer(first)) return undefined;
  const { buffer } = first;
  const start = first.byteOffset - 4;
  let end = start;
  if (start < 0) return undefined;
  const view = new DataView(buffer);
  for (const value of values) {
    if (!Buffer.isBuffer(value) || value.buffer !== buffer || value.byteOffset !== end + 4) return undefined;
    if (view.getInt32(end) !== value.length) return undefined;
    end += 4 + value.length;
  }
  return Buffer.from(buffer, start, end - start);
}

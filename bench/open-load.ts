import { connect, type Socket } from 'node:net';

/** Requests that come when they come, however long the answers to the ones before take. */
export interface OpenLoad {
  /** `http://127.0.0.1:8080` */
  readonly address: string;
  readonly path: string;
  readonly bodies: readonly string[];
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
}

export interface Answered {
  /** Milliseconds from the moment a request was due until its answer, of the accepted ones. */
  readonly accepted: readonly number[];
  /** The same of those that were answered 503. */
  readonly refused: readonly number[];
  /** Requests with any other answer, or with none. */
  readonly other: number;
  /** Requests that found all connections taken, and were not sent. */
  readonly unsent: number;
}

/** Connections at once, as many as a proxy before ingest may have. */
const CONNECTIONS = 500;
/** Milliseconds after the last request in which answers still count. */
const LATE = 10_000;

interface Connection {
  readonly socket: Socket;
  /** When its request was due. */
  askedAt: number | undefined;
  heard: string;
}

/**
 * Sends at a fixed rate, whatever the answers before do, and measures each from the moment its request was due. Speaks to plain sockets: a client library would take more processor than the server.
 */
export async function openLoad({ address, path, bodies, rate, seconds }: OpenLoad): Promise<Answered> {
  const { hostname, port, host } = new URL(address);
  const requests = bodies.map((body) =>
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  );
  const accepted: number[] = [];
  const refused: number[] = [];
  let other = 0;
  let sent = 0;
  const total = Math.round(rate * seconds);
  const idle: Connection[] = [];
  let open = 0;
  let unsent = 0;
  let whenDone = (): void => {};

  const settle = (): void => {
    if (sent === total && accepted.length + refused.length + other + unsent === total) whenDone();
  };
  const ask = (connection: Connection, at: number, bytes: Buffer): void => {
    connection.askedAt = at;
    connection.socket.write(bytes);
  };
  const hear = (connection: Connection, text: string): void => {
    connection.heard += text;
    const end = answerEnd(connection.heard);
    const { askedAt } = connection;
    if (end === undefined || askedAt === undefined) return;
    const status = connection.heard.slice(9, 12);
    const took = performance.now() - askedAt;
    if (status === '202') accepted.push(took);
    else if (status === '503') refused.push(took);
    else other += 1;
    connection.heard = connection.heard.slice(end);
    connection.askedAt = undefined;
    idle.push(connection);
    settle();
  };
  const opened = (): Connection => {
    open += 1;
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const connection: Connection = { socket, askedAt: undefined, heard: '' };
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => hear(connection, text));
    socket.on('error', () => {});
    socket.on('close', () => {
      open -= 1;
      const at = idle.indexOf(connection);
      if (at >= 0) idle.splice(at, 1);
      if (connection.askedAt !== undefined) other += 1;
      settle();
    });
    return connection;
  };

  // A proxy has its connections open before an hour with more requests. Node accepts one new connection in a turn of its event
  // loop, so that opening hundreds of them to a busy process takes seconds: that is measured by nobody here. The kernel opens one
  // before the process takes it, so each is asked something first.
  const question = `GET /livez HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
  idle.push(...(await Promise.all(Array.from({ length: CONNECTIONS }, () => answered(opened(), question)))));
  const began = performance.now();
  await new Promise<void>((resolve) => {
    whenDone = resolve;
    const tick = setInterval(() => {
      const now = performance.now();
      const due = Math.min(total, Math.floor(((now - began) / 1000) * rate));
      for (; sent < due; sent += 1) {
        const bytes = requests[sent % requests.length];
        if (bytes === undefined) throw new Error('there is no body to send');
        const at = began + (sent * 1000) / rate;
        const connection = idle.pop();
        if (connection !== undefined) ask(connection, at, bytes);
        else if (open < CONNECTIONS) ask(opened(), at, bytes);
        else unsent += 1;
      }
      if (sent === total && now - began > seconds * 1000 + LATE) resolve();
      if (sent === total) settle();
    }, 1);
    whenDone = () => {
      clearInterval(tick);
      resolve();
    };
  });
  for (const { socket } of idle) socket.destroy();
  return { accepted, refused, other: total - accepted.length - refused.length - unsent, unsent };
}

function answered(connection: Connection, question: string): Promise<Connection> {
  const { socket } = connection;
  return new Promise((resolve, reject) => {
    socket.once('error', reject).once('data', () => {
      connection.heard = '';
      resolve(connection);
    });
    socket.write(question);
  });
}

/** Where the first whole answer in a text ends; undefined where there is none yet. */
function answerEnd(text: string): number | undefined {
  const headers = text.indexOf('\r\n\r\n');
  if (headers < 0) return undefined;
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, headers + 2))?.[1] ?? 0);
  const end = headers + 4 + length;
  return text.length < end ? undefined : end;
}

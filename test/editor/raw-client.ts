import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { executable } from '../support/nomnom.ts';

export interface Answer {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** The server with a client that may send anything. */
export interface RawClient {
  send(message: unknown): void;
  write(bytes: string): void;
  /** The answer to a request; fails where the server ends before. */
  answer(id: number | string | null): Promise<Answer>;
  /** Sends a request and gives its answer. */
  ask(method: string, params?: unknown): Promise<Answer>;
  /** Everything that came, in order. */
  readonly received: readonly Answer[];
  /** What the server wrote to its standard error. */
  errors(): string;
  readonly exited: Promise<number | null>;
  end(): void;
}

export function framed(body: string): string {
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

export function startRaw(): RawClient {
  const server = spawn(process.execPath, [executable(), 'lsp'], { stdio: 'pipe' });
  const received: Answer[] = [];
  const listeners = new Set<() => void>();
  let stderr = '';
  let pending = Buffer.alloc(0);
  let gone = false;
  const told = (): void => {
    for (const listener of listeners) listener();
  };
  const exited = once(server, 'close').then(([status]: (number | null)[]) => {
    gone = true;
    told();
    return status ?? null;
  });
  server.stdin.on('error', () => undefined);
  server.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  server.stdout.on('data', (piece: Buffer) => {
    pending = Buffer.concat([pending, piece]);
    for (;;) {
      const head = /^Content-Length: (\d+)\r\n\r\n/.exec(pending.toString('latin1', 0, 100));
      const [start, length] = [head?.[0].length ?? 0, Number(head?.[1])];
      if (head === null || pending.length < start + length) break;
      received.push(JSON.parse(pending.toString('utf8', start, start + length)) as Answer);
      pending = pending.subarray(start + length);
    }
    told();
  });
  const write = (bytes: string): void => void server.stdin.write(bytes);
  const send = (message: unknown): void => write(framed(JSON.stringify(message)));
  const answer = (id: number | string | null): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = received.find((each) => each.method === undefined && each.id === id);
        if (found === undefined && !gone) return;
        listeners.delete(look);
        if (found === undefined) reject(new Error(`the server ended without an answer: ${stderr}`));
        else resolve(found);
      };
      listeners.add(look);
      look();
    });
  let last = 0;
  return {
    send,
    write,
    answer,
    received,
    exited,
    errors: () => stderr,
    ask: (method, params) => {
      const id = `ask-${(last += 1)}`;
      send({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });
      return answer(id);
    },
    end: () => void server.stdin.end(),
  };
}

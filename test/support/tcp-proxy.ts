import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy in front of a server, to disturb the line between a client and it. */
export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  /** Ends all connections and refuses new ones. Does nothing while it is cut. */
  cut(): Promise<void>;
  /** Lets connections through again, on the same port. Does nothing unless it is cut. */
  restore(): Promise<void>;
  /** Keeps all connections open and forwards nothing, as a half-open line does; `false` ends that. */
  silence(silent: boolean): void;
  /**
   * Leaves the connections of now half open for good: both ends stay connected and hear nothing of the other any
   * more, not even its end, as behind a router that forgot them. New connections work. Gives how many there were. What the
   * clients send next still reaches the server, up to so many bytes of each.
   */
  strand(bytes?: number): number;
  /** Ends the client's side of what is stranded; the server hears nothing of it. */
  hangUp(): void;
  /** Milliseconds that everything takes longer, in each direction; 0 ends that. */
  slow(milliseconds: number): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  stranded: boolean;
  /** Bytes from the client that still pass after that. */
  left: number;
}

/** The same URL with the proxy's address. */
export function through(proxy: TcpProxy, serverUrl: string): string {
  const url = new URL(serverUrl);
  url.hostname = proxy.host;
  url.port = String(proxy.port);
  return url.href;
}

export async function openTcpProxy(serverUrl: string): Promise<TcpProxy> {
  const target = new URL(serverUrl);
  const pairs = new Set<Pair>();
  let silent = false;
  let delay = 0;

  const accept = (client: Socket) => {
    const pair: Pair = {
      client,
      server: connect(Number(target.port), target.hostname),
      stranded: false,
      left: 0,
    };
    pairs.add(pair);
    client.setNoDelay(true);
    pair.server.setNoDelay(true);
    carry(pair, client, pair.server);
    carry(pair, pair.server, client);
  };

  /** Forwards in order also where the delay changes meanwhile. */
  const carry = (pair: Pair, from: Socket, to: Socket) => {
    let readyAt = 0;
    const later = (what: () => void) => {
      const now = performance.now();
      readyAt = Math.max(readyAt, now + delay);
      if (readyAt <= now) what();
      else setTimeout(what, readyAt - now);
    };
    const end = () => {
      if (pair.stranded) return;
      pairs.delete(pair);
      from.destroy();
      to.destroy();
    };
    from.on('data', (data) => {
      if (silent) return;
      later(() => {
        const passes = pair.stranded ? data.subarray(0, from === pair.client ? pair.left : 0) : data;
        if (pair.stranded) pair.left -= passes.length;
        if (passes.length > 0 && !to.destroyed) to.write(passes);
      });
    });
    from.on('error', () => later(end));
    from.on('close', () => later(end));
  };

  let listener: Server | undefined = await listen(accept, 0);
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const destroy = (which: (pair: Pair) => boolean) => {
    for (const pair of pairs) {
      if (!which(pair)) continue;
      pairs.delete(pair);
      pair.client.destroy();
      pair.server.destroy();
    }
  };
  const shut = async (which: (pair: Pair) => boolean) => {
    const closing = listener;
    listener = undefined;
    const closed = closing === undefined ? undefined : new Promise((resolve) => closing.close(resolve));
    destroy(which);
    // A server counts its connections: it is closed only once the stranded ones are gone too.
    if (![...pairs].some((pair) => pair.stranded)) await closed;
  };
  return {
    host: '127.0.0.1',
    port,
    cut: () => shut((pair) => !pair.stranded),
    async restore() {
      listener ??= await listen(accept, port);
    },
    silence(on) {
      silent = on;
    },
    strand(bytes = 0) {
      let stranded = 0;
      for (const pair of pairs) {
        if (pair.stranded) continue;
        pair.stranded = true;
        pair.left = bytes;
        stranded += 1;
      }
      return stranded;
    },
    hangUp() {
      for (const { client, stranded } of pairs) if (stranded) client.destroy();
    },
    slow(milliseconds) {
      delay = milliseconds;
    },
    close: () => shut(() => true),
  };
}

function listen(accept: (client: Socket) => void, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(accept);
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

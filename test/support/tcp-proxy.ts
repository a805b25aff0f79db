import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy in front of a server, to cut the line between a client and it. */
export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Lets connections through again, on the same port. */
  restore(): Promise<void>;
  /** Keeps all connections open and forwards nothing, as a half-open line does; `false` ends that. */
  silence(silent: boolean): void;
  close(): Promise<void>;
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
  const pairs = new Set<readonly [Socket, Socket]>();
  let silent = false;
  const accept = (client: Socket) => {
    const server = connect(Number(target.port), target.hostname);
    const pair = [client, server] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.on('data', (data) => silent || server.write(data));
    server.on('data', (data) => silent || client.write(data));
    for (const socket of pair) {
      socket.on('error', end);
      socket.on('close', end);
    }
  };
  let listener = await listen(accept, 0);
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cut = async () => {
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    for (const [client, server] of pairs) {
      client.destroy();
      server.destroy();
    }
    await closed;
  };
  return {
    host: '127.0.0.1',
    port,
    cut,
    async restore() {
      listener = await listen(accept, port);
    },
    silence(on) {
      silent = on;
    },
    close: cut,
  };
}

function listen(accept: (client: Socket) => void, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(accept);
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

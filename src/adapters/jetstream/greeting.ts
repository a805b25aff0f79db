import { connect } from 'node:net';

/** Milliseconds that a server has for its first words: it says them by itself, at once. */
const SAYS_WITHIN = 1_000;
/** A refusal follows the greeting at once. */
const REFUSES_WITHIN = 250;
/** Bytes that are read at most: a greeting has some hundred, and somebody else may send without an end. */
const MOST = 64 * 1024;

/**
 * What a server says by itself to who connects, before anything is sent or TLS begins. `away`: it takes no connection.
 * `silent`: it takes the connection and says nothing. Else the words with which it refuses; undefined where it only greets.
 */
export type Greeting =
  | { readonly kind: 'away' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'spoke'; readonly refused: string | undefined };

/** Asks one server, `nats://host:port`, without sending anything. Never rejects. */
export function greetingOf(address: string): Promise<Greeting> {
  const { hostname, port } = new URL(address.includes('://') ? address : `nats://${address}`);
  return new Promise((resolve) => {
    let connected = false;
    let text = '';
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? 4222 : Number(port),
    });
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      const refused = /^-ERR '?([^'\r\n]*)/m.exec(text)?.[1];
      if (text !== '') resolve({ kind: 'spoke', refused });
      else resolve({ kind: connected ? 'silent' : 'away' });
    };
    let timer = setTimeout(end, SAYS_WITHIN);
    socket.on('connect', () => (connected = true));
    socket.on('data', (piece) => {
      if (text === '') {
        clearTimeout(timer);
        timer = setTimeout(end, REFUSES_WITHIN);
      }
      text += piece.toString('latin1');
      if (text.length > MOST || text.includes('-ERR')) setImmediate(end);
    });
    socket.on('error', end);
    socket.on('close', end);
  });
}

import type { Client } from 'pg';

/**
 * Ends a connection whose server does not prove, by the password itself, that it is the one at the other end of the TLS
 * connection: `channel_binding=require`. Nothing of the password has been sent by then.
 */
export function requireChannelBinding(client: Client): void {
  const { connection } = client as unknown as Inside;
  const refuse = (): void => {
    connection.emit('error', new Error('channel_binding=require: the server does not offer it'));
    connection.stream.destroy();
  };
  let bound = false;
  // These stand before the driver's own listeners, which it adds when it connects.
  connection.on('authenticationCleartextPassword', refuse);
  connection.on('authenticationMD5Password', refuse);
  connection.on('authenticationSASL', ({ mechanisms }) => {
    if (!mechanisms.includes('SCRAM-SHA-256-PLUS')) refuse();
  });
  connection.on('authenticationSASLFinal', () => {
    bound = true;
  });
  connection.on('authenticationOk', () => {
    if (!bound) refuse();
  });
}

/** The driver's types leave out what its connection tells. */
interface Inside {
  readonly connection: {
    readonly stream: { destroy(): void };
    emit(event: 'error', error: Error): void;
    on(event: string, listener: (message: { readonly mechanisms: readonly string[] }) => void): void;
  };
}

import { Client } from 'pg';

/** What the runner itself writes must be there after a crash, and also while the server's default is to write nothing. */
const SETTINGS = '-c synchronous_commit=on -c default_transaction_read_only=off';

/** A connection of the runner's own, around the proxies and the pooler. */
export async function connectDirectly(databaseUrl: string): Promise<Client> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'fault runner',
    options: SETTINGS,
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Runs `work` on a connection of its own. */
export async function connected<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connectDirectly(databaseUrl);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

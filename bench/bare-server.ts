/**
 * The least that accepts an order, or a line for each of many, and answers only when JetStream has them: fastify and a
 * publish for each, no checks.
 */
import { randomUUID } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import fastify from 'fastify';

const [servers = '', stream = '', subject = ''] = process.argv.slice(2);
const connection = await connect({ servers, noAsyncTraces: true });
const publisher = jetstream(connection);
/** Publishes of one request at once: what is fastest on this client and server, as in `batch-ingest.ts`. */
const WINDOW = 256;
const app = fastify({ bodyLimit: 16 * 1024 * 1024 });
app.removeAllContentTypeParsers();
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
);
app.post('/ingest/Order', async (request, reply) => {
  const messageId = randomUUID();
  await publisher.publish(subject, request.body as Buffer, {
    msgID: messageId,
    expect: { streamName: stream },
  });
  return reply.code(202).send({ message_id: messageId, status: 'accepted' });
});
app.addContentTypeParser('application/x-ndjson', { parseAs: 'string' }, (_request, body, done) =>
  done(null, body),
);
app.post('/ingest/Order/batch', async (request, reply) => {
  const lines = (request.body as string).split('\n').filter((line) => line !== '');
  const accepted: string[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let line = lines[next++]; line !== undefined; line = lines[next++]) {
      const messageId = randomUUID();
      await publisher.publish(subject, line, { msgID: messageId, expect: { streamName: stream } });
      accepted.push(messageId);
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, lane));
  return reply.code(202).send({ accepted, rejected: [] });
});
console.log(`"address":"${await app.listen({ port: 0, host: '127.0.0.1' })}"`);
process.on('SIGTERM', () => process.exit(0));

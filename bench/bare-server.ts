/** The least that accepts an order and answers only when JetStream has it: fastify and one publish, no checks. */
import { randomUUID } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import fastify from 'fastify';

const [servers = '', stream = '', subject = ''] = process.argv.slice(2);
const connection = await connect({ servers, noAsyncTraces: true });
const publisher = jetstream(connection);
const app = fastify();
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
console.log(`"address":"${await app.listen({ port: 0, host: '127.0.0.1' })}"`);
process.on('SIGTERM', () => process.exit(0));

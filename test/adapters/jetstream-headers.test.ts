import { connect, headers, type Msg } from '@nats-io/transport-node';
import * as fc from 'fast-check';
import { expect, inject, onTestFinished, test } from 'vitest';
import { eachHeader } from '../../src/adapters/jetstream/header-fields.ts';

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,30}$/);
const value = fc.oneof(fc.stringMatching(/^[ -~]{0,60}$/), fc.string({ unit: 'grapheme' })).map((text) =>
  // The client refuses line ends.
  text.replaceAll(/[\r\n]/g, ' '),
);
const sent = fc.record({
  subject: fc.constantFrom('orders', 'bestellungen.größe', '注文'),
  reply: fc.constantFrom(undefined, 'answers.1', 'ответ'),
  fields: fc.array(fc.tuple(name, value), { maxLength: 8 }),
  body: fc.uint8Array({ maxLength: 200 }),
});

test('the headers of a message are those that the client of NATS reads, whatever they hold', async () => {
  const connection = await connect({ servers: inject('natsUrl') });
  onTestFinished(() => connection.close());
  const prefix = `headers_${crypto.randomUUID()}`;
  const received: Msg[] = [];
  connection.subscribe(`${prefix}.>`, { callback: (_error, message) => void received.push(message) });
  await fc.assert(
    fc.asyncProperty(fc.array(sent, { minLength: 20, maxLength: 40 }), async (messages) => {
      received.length = 0;
      for (const { subject, reply, fields, body } of messages) {
        const all = headers();
        for (const [key, text] of fields) all.append(key, text);
        connection.publish(`${prefix}.${subject}`, body, {
          ...(fields.length === 0 ? {} : { headers: all }),
          ...(reply === undefined ? {} : { reply }),
        });
      }
      await connection.flush();
      expect(received).toHaveLength(messages.length);
      for (const message of received) {
        const own = new Map<string, string[]>();
        eachHeader(message, (key, text) => void own.set(key, [...(own.get(key) ?? []), text]));
        expect(own).toEqual(new Map(message.headers ?? []));
      }
    }),
    { numRuns: 20 },
  );
});

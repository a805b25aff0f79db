import { resolved, type FunctionDefinition } from './function.ts';
import { TIMESTAMP } from './support/value-type.ts';

export const now: FunctionDefinition = {
  name: 'now',
  group: 'dates',
  doc: `The time at which the message was accepted, \`meta.received_at\`. It is the same at every delivery, so a redelivery changes nothing.
It cannot be part of a key, because the same message sent again is accepted again, at another time.`,
  parameters: [],
  given: 'received_at',
  returns: 'timestamp',
  repeatable: false,
  resolve: () => resolved(TIMESTAMP, (received: string) => received),
  examples: [
    { call: 'now() == meta.received_at', gives: true },
    { call: 'date_part("year", now()) >= 1970', gives: true },
  ],
};

import { resolved, type FunctionDefinition } from './function.ts';
import { TIMESTAMP } from './support/value-type.ts';

export const now: FunctionDefinition = {
  name: 'now',
  group: 'dates',
  doc: `The moment at which the message was accepted, \`meta.received_at\`: the same at every delivery, so that a redelivery
changes nothing. It is no part of a key all the same, because the same message sent again is accepted again.`,
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

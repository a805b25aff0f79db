import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { uuid } from '../types/uuid.ts';
import { isRefusal } from '../types/value.ts';
import { resolved, type FunctionDefinition } from './function.ts';
import { aTextOrUuid } from './support/pattern.ts';
import { UUID } from './support/value-type.ts';

const NIL = '00000000-0000-0000-0000-000000000000';

const decode = uuid.decoder([]);

/** RFC 9562, section 5.5: SHA-1 of the namespace's bytes and the name in UTF-8, with version and variant set. */
function named(namespace: string, name: string): string {
  const bytes = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  const digest = hash('sha1', Buffer.concat([bytes, Buffer.from(name, 'utf8')]), 'hex');
  const variant = '89ab'.charAt(Number.parseInt(digest.charAt(16), 16) & 3);
  const [time, middle, high] = [digest.slice(0, 8), digest.slice(8, 12), digest.slice(13, 16)];
  return `${time}-${middle}-5${high}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

function namespaceOf(text: string): string {
  const read = decode(text);
  return isRefusal(read) ? named(NIL, text) : String(read);
}

export const uuid5: FunctionDefinition = {
  name: 'uuid5',
  group: 'identity',
  doc: `A UUID made from names, version 5 of RFC 9562. The same names always give the same UUID, so it can be the key of a row. With
several names, each one is hashed in the namespace of the names before it, so \`("ab", "c")\` and \`("a", "bc")\` differ. A namespace
that is not a UUID is a name in the nil UUID. In Postgres, with \`uuid-ossp\`, \`uuid5("provider", a, b)\` is
\`uuid_generate_v5(uuid_generate_v5(uuid_generate_v5(uuid_nil(), 'provider'), a), b)\`.`,
  parameters: [
    { name: 'namespace', takes: aTextOrUuid },
    { name: 'name', takes: aTextOrUuid, repeated: true },
  ],
  returns: 'uuid',
  resolve: ([namespace]) => {
    const written = typeof namespace?.literal === 'string' ? namespaceOf(namespace.literal) : undefined;
    return resolved(UUID, (text: string, ...names: readonly string[]) =>
      names.reduce(named, written ?? namespaceOf(text)),
    );
  },
  examples: [
    {
      call: 'uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")',
      gives: '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    },
    { call: 'uuid5("provider", "A1", "77") == uuid5("provider", "A1", "77")', gives: true },
    { call: 'uuid5("provider", "A1", "77") == uuid5("provider", "A17", "7")', gives: false },
    {
      call: 'uuid5(uuid5("provider", "A1"), "77") == uuid5("provider", "A1", "77")',
      gives: true,
    },
    { call: 'uuid5("provider", code)', fields: 'code: text?', message: '{}', gives: null },
  ],
};

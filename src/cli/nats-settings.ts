import type { NatsAccess } from '../runtime/servers.ts';
import { usage } from './exit.ts';
import { setting } from './settings.ts';

/** The NATS servers and how to get in; undefined where messages wait in Postgres. */
export interface NatsSettings {
  readonly natsUrl: string | undefined;
  readonly natsAccess: NatsAccess;
}

export function natsSettings(flag: string | undefined): NatsSettings {
  const natsUrl = setting('NATS_URL', { name: '--nats-url', value: flag });
  if (natsUrl === undefined) return { natsUrl, natsAccess: {} };
  const natsAccess: NatsAccess = withoutAbsent({
    user: setting('NATS_USER'),
    password: setting('NATS_PASSWORD'),
    token: setting('NATS_TOKEN'),
    credsFile: setting('NATS_CREDS'),
    nkeyFile: setting('NATS_NKEY'),
    caFile: setting('NATS_CA'),
    certFile: setting('NATS_CERT'),
    keyFile: setting('NATS_KEY'),
    tlsFirst: setting('NATS_TLSFIRST'),
  });
  if ((natsAccess.certFile === undefined) !== (natsAccess.keyFile === undefined))
    throw usage('NATS_CERT and NATS_KEY belong together: set both or none');
  return { natsUrl, natsAccess };
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function withoutAbsent<T extends object>(all: T): Present<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Present<T>;
}

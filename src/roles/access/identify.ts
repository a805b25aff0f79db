import type { Identify, Identity } from '../../ports/sender.ts';
import type { Keyring } from './keyring.ts';

export interface IdentifyOptions {
  readonly keyring: Pick<Keyring, 'state' | 'holder'>;
  /** Who proves itself by a token; undefined where no identity provider is configured. */
  readonly tokens: ((token: string) => Identity | Promise<Identity>) | undefined;
  /** Whether other machines may send while there has never been a key. */
  readonly allowAnonymous: boolean;
}

/** Three parts of base64url. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Tells who sends a request: the holder of a key, of a token, or anybody while there has never been a key. */
export function identifyBy({ keyring, tokens, allowAnonymous }: IdentifyOptions): Identify {
  return (credential, isLocal) => {
    const holder = credential === undefined ? undefined : keyring.holder(credential);
    if (holder !== undefined) return { kind: 'sender', sender: holder };
    if (tokens !== undefined && credential !== undefined && TOKEN.test(credential)) return tokens(credential);
    const state = keyring.state();
    if (state === 'unknown') return NOT_READ;
    if (state === 'closed' || tokens !== undefined) return credential === undefined ? NO_KEY : WRONG_KEY;
    return allowAnonymous || isLocal ? ANONYMOUS : NOT_OPEN;
  };
}

const ANONYMOUS: Identity = { kind: 'anonymous' };
const NOT_READ: Identity = {
  kind: 'unready',
  reason: 'the keys of the pipeline have not been read yet, because Postgres does not answer',
};
const NO_KEY: Identity = {
  kind: 'refused',
  reason: 'this needs a key: send it as Authorization: Bearer KEY',
};
const WRONG_KEY: Identity = { kind: 'refused', reason: 'the key is wrong, revoked or has ended' };
const NOT_OPEN: Identity = {
  kind: 'refused',
  reason:
    'this pipeline has no key yet, so only its own machine may send: create one with nomnom keys create',
};

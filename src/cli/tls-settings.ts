import type { TlsFiles } from '../http/tls.ts';
import { usage } from './exit.ts';
import { setting } from './settings.ts';

export interface TlsFlags {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
}

/** The files of the HTTP server's certificate; undefined where it speaks plain HTTP. */
export function tlsSettings(flags: TlsFlags): TlsFiles | undefined {
  const certificate = setting('TLS_CERT', { name: '--tls-cert', value: flags.tlsCert });
  const key = setting('TLS_KEY', { name: '--tls-key', value: flags.tlsKey });
  const clientAuthority = setting('TLS_CLIENT_CA', { name: '--tls-client-ca', value: flags.tlsClientCa });
  if (certificate !== undefined && key !== undefined)
    return { certificate, key, ...(clientAuthority === undefined ? {} : { clientAuthority }) };
  if (certificate !== undefined || key !== undefined || clientAuthority !== undefined)
    throw usage('--tls-cert and --tls-key belong together, and --tls-client-ca needs both');
  return undefined;
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Paths of PEM files. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

export type KeyKind = 'ec' | 'rsa' | 'ed25519';

export interface Authority extends Certificate {
  /** For a host, `DNS:localhost,IP:127.0.0.1`, or for a person, `CN=alice`. */
  sign(name: {
    readonly common: string;
    readonly hosts?: string;
    /** On the curve P-256 when absent. */
    readonly kind?: KeyKind;
  }): Certificate;
  /** The certificate of the same key, as it was until yesterday. */
  expire(signed: Certificate): Certificate;
}

/** A folder for certificates, removed after the test file. */
export function certificateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-certificates-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An authority of its own, which signs with `openssl`. */
export function certificateAuthority(folder: string, name: string): Authority {
  const own = make(folder, name, ['-subj', `/CN=${name}`]);
  let count = 0;
  return {
    ...own,
    sign({ common, hosts, kind }) {
      count += 1;
      const more = [
        ...['-subj', `/CN=${common}`, '-CA', own.certificate, '-CAkey', own.key],
        ...['-addext', 'basicConstraints=critical,CA:FALSE'],
        ...(hosts === undefined ? [] : ['-addext', `subjectAltName=${hosts}`]),
      ];
      return make(folder, `${name}-${count}`, more, kind);
    },
    expire({ certificate, key }) {
      const request = `${certificate}.csr`;
      const expired = `${certificate}.old.crt`;
      const run = (...args: readonly string[]) =>
        execFileSync('openssl', ['x509', ...args], { stdio: 'ignore' });
      const copy = ['-copy_extensions', 'copy'];
      run('-x509toreq', '-in', certificate, '-signkey', key, ...copy, '-out', request);
      run(
        ...['-req', '-in', request, '-CA', own.certificate, '-CAkey', own.key, '-CAcreateserial'],
        ...[...copy, '-days', '-1', '-out', expired],
      );
      return { certificate: expired, key };
    },
  };
}

const NEW_KEY: Readonly<Record<KeyKind, readonly string[]>> = {
  ec: ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
  rsa: ['rsa:2048'],
  ed25519: ['ed25519'],
};

function make(folder: string, name: string, more: readonly string[], kind: KeyKind = 'ec'): Certificate {
  const certificate = join(folder, `${name}.crt`);
  const key = join(folder, `${name}.key`);
  const newKey = ['-newkey', ...NEW_KEY[kind], '-nodes'];
  execFileSync(
    'openssl',
    ['req', '-x509', ...newKey, '-keyout', key, '-out', certificate, '-days', '2', ...more],
    {
      stdio: 'ignore',
    },
  );
  return { certificate, key };
}

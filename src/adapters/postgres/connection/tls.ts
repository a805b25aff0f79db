import { existsSync } from 'node:fs';
import type { ConnectionOptions, SecureVersion } from 'node:tls';
import { fileReason } from '../../../files/file-reason.ts';
import { LARGEST, readNamedFile } from '../../../files/named-file.ts';
import { wrongSetting } from './wrong-setting.ts';
import type { Parameters } from './parameters.ts';

const VERSIONS: Readonly<Record<string, SecureVersion>> = {
  'TLSv1.2': 'TLSv1.2',
  'TLSv1.3': 'TLSv1.3',
};

/**
 * What `sslmode` demands of the server's certificate, with libpq's meaning: `require` and below encrypt and check nothing,
 * unless there is a root certificate; `verify-ca` checks who signed it, `verify-full` also that it is the host's. Files are
 * read at each connection, so that a renewed one counts from the next on.
 */
export function tlsOptions(parameters: Parameters): ConnectionOptions {
  const { sslMode, minTls, keyPassword } = parameters;
  const minVersion = VERSIONS[minTls];
  if (minVersion === undefined) throw wrongSetting('ssl_min_protocol_version: expected TLSv1.2 or TLSv1.3');
  const ca = rootCertificate(parameters);
  const certificate = readOptional('sslcert', parameters.certificate);
  const key = certificate === undefined ? undefined : readOptional('sslkey', parameters.key);
  return {
    minVersion,
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(keyPassword === undefined ? {} : { passphrase: keyPassword }),
    ...(sslMode === 'verify-full'
      ? {}
      : sslMode === 'verify-ca' || (sslMode === 'require' && ca !== undefined)
        ? { checkServerIdentity: () => undefined }
        : { rejectUnauthorized: false }),
  };
}

/** Undefined: the authorities that Node knows. */
function rootCertificate({ sslMode, rootCertificate: path }: Parameters): Buffer | undefined {
  if (path === 'system') {
    if (sslMode !== 'verify-full') throw wrongSetting('sslrootcert=system needs sslmode=verify-full');
    return undefined;
  }
  const found = readOptional('sslrootcert', path);
  // Any authority signs for anybody: only with the name of the host does that prove something.
  if (found === undefined && sslMode === 'verify-ca')
    throw wrongSetting(
      'sslmode=verify-ca needs sslrootcert: the file with the certificate of your own authority',
    );
  return found;
}

/** The default files need not be there; one that was named must be. */
function readOptional(keyword: string, path: string | undefined): Buffer | undefined {
  if (path === undefined || (isDefault(path) && !existsSync(path))) return undefined;
  try {
    return readNamedFile(path, LARGEST.certificates);
  } catch (error) {
    throw wrongSetting(`${keyword}: ${path} cannot be read: ${fileReason(error)}`);
  }
}

function isDefault(path: string): boolean {
  return /\/\.postgresql\/(root\.crt|postgresql\.(crt|key))$/.test(path);
}

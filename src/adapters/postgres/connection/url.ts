import type { Failure } from '../../../ports/failure.ts';
import { wrongSetting } from './wrong-setting.ts';

/** What a URL or the environment says, by libpq's names. Several hosts and ports stand with commas between. */
export type Keywords = Readonly<Record<string, string>>;

/**
 * Reads `postgresql://user:password@host1:port1,host2:port2/database?keyword=value` as libpq does: every part may be
 * missing, hosts may be sockets' folders or IPv6 addresses, and keywords may stand for parts. Rejects with
 * STORE_MISCONFIGURED, without a word of what may be secret.
 */
export function readUrl(url: string): Keywords {
  const whole = /^postgres(?:ql)?:\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(url);
  if (whole === null) throw wrongUrl('expected postgres://user:password@host:port/database');
  const [, authority = '', database = '', query = ''] = whole;
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? '' : authority.slice(0, at);
  const colon = user.indexOf(':');
  const hosts = authority.slice(at + 1);
  const entries: (readonly [string, string])[] = [
    ['user', decoded(colon < 0 ? user : user.slice(0, colon))],
    ['password', colon < 0 ? '' : decoded(user.slice(colon + 1))],
    ['dbname', decoded(database)],
    ...(hosts === '' ? [] : hostsAndPorts(hosts.split(','))),
    ...keywordsOf(query),
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

function hostsAndPorts(hosts: readonly string[]): readonly (readonly [string, string])[] {
  const parts = hosts.map((text) => {
    const found = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(text);
    if (found === null) throw wrongUrl('expected host:port, with an IPv6 address in brackets');
    return { host: decoded(found[1] ?? found[2] ?? ''), port: found[3] ?? '' };
  });
  const ports = parts.map(({ port }) => port);
  return [
    ['host', parts.map(({ host }) => host).join(',')],
    ['port', ports.every((port) => port === '') ? '' : ports.join(',')],
  ];
}

function keywordsOf(query: string): readonly (readonly [string, string])[] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0) throw wrongUrl('expected name=value after the question mark');
      const name = decoded(pair.slice(0, equals));
      const value = decoded(pair.slice(equals + 1));
      // As JDBC writes it, and libpq takes it.
      return name === 'ssl' && value === 'true' ? ['sslmode', 'require'] : [name, value];
    });
}

/** A percent sign that begins no escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function wrongUrl(message: string): Failure {
  return wrongSetting(`DATABASE_URL: ${message}`);
}

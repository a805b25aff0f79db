// Asks the role in this container whether its process serves, or with /readyz whether it can do its job; ends with 1 where not. The
// image has no curl.
// It waits as long as the engine lets it: on a busy machine a role that serves may answer late.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

// A role can be told by options, too, where it serves. It is process 1, or what process 1 starts as it is told (`docker run --init`).
const [, , path = '/healthz', role = '1'] = process.argv;
const { values: told } = parseArgs({
  args: readFileSync(`/proc/${role}/cmdline`, 'utf8').split('\0').slice(1, -1),
  options: {
    port: { type: 'string', short: 'p' },
    host: { type: 'string' },
    'tls-cert': { type: 'string' },
  },
  strict: false,
});
const { PORT = '8080', TLS_CERT, TLS_CERT_FILE } = process.env;
const port = /^\d+$/.test(told.port) ? told.port : PORT;
// Who listens on every address listens on this one.
const host = typeof told.host !== 'string' || /^(0\.0\.0\.0|::)$/.test(told.host) ? '127.0.0.1' : told.host;
const secure = [told['tls-cert'], TLS_CERT, TLS_CERT_FILE].some((each) => each !== undefined);
const { get } = await import(secure ? 'node:https' : 'node:http');
// It asks itself: the certificate names the service, not this address.
const question = get(
  {
    protocol: secure ? 'https:' : 'http:',
    host,
    port,
    path,
    rejectUnauthorized: false,
  },
  (answer) => process.exit(answer.statusCode === 200 ? 0 : 1),
);
question.on('error', () => process.exit(1));

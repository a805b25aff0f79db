// Asks the role in this container whether its process serves; ends with 1 where it does not. The image has no curl.
const { PORT = '8080', TLS_CERT, TLS_CERT_FILE } = process.env;
const secure = TLS_CERT !== undefined || TLS_CERT_FILE !== undefined;
const { get } = await import(secure ? 'node:https' : 'node:http');
// It asks itself: the certificate names the service, not this address.
const question = get(
  `${secure ? 'https' : 'http'}://127.0.0.1:${PORT}/healthz`,
  { rejectUnauthorized: false, timeout: 2500 },
  (answer) => process.exit(answer.statusCode === 200 ? 0 : 1),
);
question.on('timeout', () => process.exit(1));
question.on('error', () => process.exit(1));

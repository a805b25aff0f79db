/*
 * Not imported: an `import` reads each export of `node:http`, and one of them loads the whole client behind `fetch`. That took a
 * tenth of the processor time in which a role starts.
 */
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

/** What Node has of them. */
export const { createServer, STATUS_CODES } = http;
/** The same over TLS. */
export const createTlsServer = https.createServer;

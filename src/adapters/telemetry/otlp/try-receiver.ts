import { request as plainRequest } from 'node:http';
import { type RequestOptions, request as tlsRequest } from 'node:https';
import { MOST_OF_AN_ANSWER } from './bounded-agent.ts';
import type { Receiver } from './otlp-settings.ts';

/** Why a receiver takes nothing. */
export type ReceiverFault =
  | { readonly passing: true; readonly reason: string }
  | { readonly passing: false; readonly reason: string; readonly help: string };

/** Milliseconds for an answer to nothing. */
const WITHIN = 5_000;

/** What OTLP says of a receiver that may take the same later. */
const LATER: readonly number[] = [429, 502, 503, 504];

const EMPTY = { TRACES: '{"resourceSpans":[]}', METRICS: '{"resourceMetrics":[]}' } as const;

const CORRECT_ENDPOINT =
  'Correct OTEL_EXPORTER_OTLP_ENDPOINT: it has to be a receiver of OTLP over HTTP that takes JSON, mostly on port 4318.';

/** Sends a request without any span or metric, as an exporter would; undefined where it is taken. */
export async function tryReceiver(receiver: Receiver): Promise<ReceiverFault | undefined> {
  try {
    const status = await statusOf(receiver);
    if (status >= 200 && status < 300) return undefined;
    const reason = `it answered ${status}`;
    if (LATER.includes(status)) return { passing: true, reason };
    const help = status === 401 || status === 403 ? 'Correct OTEL_EXPORTER_OTLP_HEADERS.' : CORRECT_ENDPOINT;
    return { passing: false, reason, help };
  } catch (error) {
    return faultOf(error);
  }
}

function statusOf({ signal, url, headers, ca, cert, key }: Receiver): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    agent: false,
    signal: AbortSignal.timeout(WITHIN),
    ...{ ca, cert, key },
  };
  const sending = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, options, (response) => {
    let bytes = 0;
    response.on('data', (data: Buffer) => {
      bytes += data.length;
      if (bytes > MOST_OF_AN_ANSWER) response.destroy(new EndlessAnswer());
    });
    // An exporter reads the answer to its end before it sends more.
    response.once('end', () => resolve(response.statusCode ?? 0)).once('error', reject);
  });
  sending.on('error', reject);
  sending.end(EMPTY[signal]);
  return promise;
}

class EndlessAnswer extends Error {}

function faultOf(error: unknown): ReceiverFault {
  const first: unknown = error instanceof AggregateError && error.message === '' ? error.errors[0] : error;
  if (!(first instanceof Error)) return { passing: true, reason: String(first) };
  if (first instanceof EndlessAnswer)
    return { passing: false, reason: 'its answer has no end', help: CORRECT_ENDPOINT };
  const code = 'code' in first ? String(first.code) : '';
  if (code === 'HPE_HEADER_OVERFLOW')
    return { passing: false, reason: 'the head of its answer is too large', help: CORRECT_ENDPOINT };
  if (first.name === 'AbortError') return { passing: true, reason: `no answer within ${WITHIN / 1000} s` };
  if (code.startsWith('HPE_') || /wrong version number|packet length too long/i.test(first.message))
    return {
      passing: false,
      reason: code.startsWith('HPE_') ? 'it does not speak HTTP' : 'it does not speak TLS',
      help: 'Correct OTEL_EXPORTER_OTLP_ENDPOINT: its scheme, and its port, which is 4318 for HTTP mostly and 4317 for gRPC.',
    };
  if (/CERT|ISSUER|SIGNATURE|HOSTNAME|SSL|EPROTO/.test(code))
    return {
      passing: false,
      reason: `TLS with it does not come about: ${first.message} (${code})`,
      help: 'Name the file with its authority (PEM) in OTEL_EXPORTER_OTLP_CERTIFICATE, or correct the host in the endpoint.',
    };
  return { passing: true, reason: first.message === '' ? first.name : first.message };
}

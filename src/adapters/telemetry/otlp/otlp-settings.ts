import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { fileReason } from '../../../files/file-reason.ts';
import { LARGEST, readNamedFile } from '../../../files/named-file.ts';
import { wantsOtlp } from './wants-otlp.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One kind of what is sent, as the names of variables have it. */
export type Signal = 'TRACES' | 'METRICS';

/** Where one signal goes, as the exporter of OpenTelemetry reads it. */
export interface Receiver {
  readonly signal: Signal;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface OtlpSettings {
  readonly receivers: readonly Receiver[];
  /** What is wrong with each variable, so that it cannot be used as it is meant: OpenTelemetry passes it over without a word. */
  readonly faults: readonly string[];
  /** What is set and has no effect. */
  readonly ignored: readonly string[];
  /** Whether an exporter may be started: else it would send somewhere else, or wait for a file without an end. */
  readonly startable: boolean;
}

interface Fault {
  readonly text: string;
  /** No exporter may be started with it. */
  readonly stops: boolean;
}

const SIGNALS = ['TRACES', 'METRICS'] as const;

/** Reads the variables of OpenTelemetry that say where traces and metrics go, and says what is wrong with them. Shows no value of a header. */
export function otlpSettings(environment: Environment): OtlpSettings {
  const wanted = wantsOtlp(environment);
  const signals = SIGNALS.filter((signal) => (signal === 'TRACES' ? wanted.traces : wanted.metrics));
  const read = readerOf(environment);
  if (signals.length === 0)
    return { receivers: [], faults: [], ignored: withoutReceiver(environment), startable: false };
  const found = signals.map((signal) => receiverOf(signal, read));
  const ofReceivers = found.flatMap(({ faults }) => faults);
  const others = [...choiceFaults(environment), ...numberFaults(environment)];
  return {
    receivers: found.flatMap(({ receiver }) => receiver ?? []),
    faults: [...new Set([...ofReceivers.map(({ text }) => text), ...others])],
    ignored: otherProtocols(signals, read),
    startable: !ofReceivers.some(({ stops }) => stops),
  };
}

/** A variable of one signal, or else that of all; an empty one counts as none. */
interface Variable {
  readonly name: string;
  readonly text: string;
}

type Read = (signal: Signal | undefined, rest: string) => Variable | undefined;

function readerOf(environment: Environment): Read {
  return (signal, rest) => {
    const ofAll = `OTEL_EXPORTER_OTLP_${rest}`;
    const names = signal === undefined ? [ofAll] : [`OTEL_EXPORTER_OTLP_${signal}_${rest}`, ofAll];
    for (const name of names) {
      const text = environment[name]?.trim() ?? '';
      if (text !== '') return { name, text };
    }
    return undefined;
  };
}

function receiverOf(
  signal: Signal,
  read: Read,
): { readonly receiver: Receiver | undefined; readonly faults: readonly Fault[] } {
  const endpoint = read(signal, 'ENDPOINT');
  const url = endpoint === undefined ? undefined : urlOf(signal, endpoint);
  const { headers, faults } = headersOf(signal, read);
  const pems = [
    pemOf('ca', read(signal, 'CERTIFICATE')),
    pemOf('cert', read(signal, 'CLIENT_CERTIFICATE')),
    pemOf('key', read(signal, 'CLIENT_KEY')),
  ];
  const ofUrl = `${endpoint?.name}: expected http://host:port or https://host:port`;
  return {
    receiver:
      url === undefined ? undefined : Object.assign({ signal, url, headers }, ...pems.map(({ pem }) => pem)),
    faults: [
      ...(url === undefined ? [{ text: ofUrl, stops: true }] : []),
      ...faults.map((text) => ({ text, stops: false })),
      ...pems.flatMap(({ fault }) => (fault === undefined ? [] : [{ text: fault, stops: true }])),
    ],
  };
}

/** The endpoint of all signals is a base; that of one signal is the whole URL. */
function urlOf(signal: Signal, { name, text }: Variable): URL | undefined {
  const isBase = name === 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const url = URL.parse(isBase ? `${text.replace(/\/$/, '')}/v1/${signal.toLowerCase()}` : text);
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const PRINTABLE = /^[\x20-\x7e\t]*$/;

/**
 * `name=value,name=value`, both percent-encoded; those of one signal come on top of those of all. OpenTelemetry leaves out a pair that
 * it cannot read.
 */
function headersOf(
  signal: Signal,
  read: Read,
): { readonly headers: Readonly<Record<string, string>>; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const headers: Record<string, string> = {};
  for (const variable of [read(undefined, 'HEADERS'), read(signal, 'HEADERS')]) {
    for (const pair of variable?.text.split(',') ?? []) {
      if (pair.trim() === '') continue;
      const equals = pair.indexOf('=');
      const name = decoded(pair.slice(0, Math.max(equals, 0)).trim());
      const value = decoded(pair.slice(equals + 1).trim());
      if (name === undefined || value === undefined || !TOKEN.test(name) || !PRINTABLE.test(value))
        faults.push(
          `${variable?.name}: expected name=value, with commas between, and %2C for a comma in a value`,
        );
      else headers[name] = value;
    }
  }
  return { headers, faults };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

interface Pem {
  readonly pem?: Pick<Receiver, 'ca' | 'cert' | 'key'>;
  readonly fault?: string;
}

function pemOf(part: 'ca' | 'cert' | 'key', variable: Variable | undefined): Pem {
  if (variable === undefined) return {};
  const { name, text: path } = variable;
  let text: string;
  try {
    text = readNamedFile(path, LARGEST.certificates).toString('utf8');
  } catch (error) {
    return { fault: `${name}: ${path} cannot be read: ${fileReason(error)}` };
  }
  try {
    if (part === 'key') createSecureContext({ key: text });
    else void new X509Certificate(text);
    return { pem: { [part]: text } };
  } catch {
    return { fault: `${name}: ${path} holds no ${part === 'key' ? 'key' : 'certificate'} (PEM)` };
  }
}

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** Variables with few words, in the order in which they are told. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  OTEL_EXPORTER_OTLP_PROTOCOL: ['grpc', 'http/protobuf', 'http/json'],
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: ['grpc', 'http/protobuf', 'http/json'],
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: ['grpc', 'http/protobuf', 'http/json'],
  OTEL_EXPORTER_OTLP_COMPRESSION: ['gzip', 'none'],
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: ['gzip', 'none'],
  OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: ['gzip', 'none'],
  OTEL_TRACES_EXPORTER: ['otlp', 'none'],
  OTEL_METRICS_EXPORTER: ['otlp', 'none'],
  OTEL_TRACES_SAMPLER: SAMPLERS,
  OTEL_SDK_DISABLED: ['true', 'false'],
};

function choiceFaults(environment: Environment): readonly string[] {
  return Object.entries(CHOICES).flatMap(([name, words]) => {
    const text = environment[name]?.trim().toLowerCase() ?? '';
    return text === '' || words.includes(text) ? [] : [`${name}: expected one of ${words.join(', ')}`];
  });
}

function numberFaults(environment: Environment): readonly string[] {
  const wrong = (name: string, fits: (value: number) => boolean): boolean => {
    const text = environment[name]?.trim() ?? '';
    return text !== '' && !fits(Number(text));
  };
  const times = [
    'OTEL_EXPORTER_OTLP_TIMEOUT',
    'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT',
    'OTEL_EXPORTER_OTLP_METRICS_TIMEOUT',
    'OTEL_METRIC_EXPORT_INTERVAL',
  ].filter((name) => wrong(name, (value) => value > 0 && value < Infinity));
  const isRatio = environment['OTEL_TRACES_SAMPLER']?.includes('traceidratio') === true;
  const ratio = 'OTEL_TRACES_SAMPLER_ARG';
  return [
    ...times.map((name) => `${name}: expected milliseconds above 0`),
    ...(isRatio && wrong(ratio, (value) => value >= 0 && value <= 1)
      ? [`${ratio}: expected a share from 0 to 1`]
      : []),
  ];
}

/** Collectors take JSON beside protobuf at the same address; gRPC has another port. */
function otherProtocols(signals: readonly Signal[], read: Read): readonly string[] {
  const set = signals.flatMap((signal) => read(signal, 'PROTOCOL') ?? []);
  const other = set.filter(({ text }) => ['grpc', 'http/protobuf'].includes(text.toLowerCase()));
  return [...new Set(other.map(({ name, text }) => `${name} is ${text}, and nomnom sends http/json`))];
}

/** Whoever set these wants something to be sent, and nothing is. */
function withoutReceiver(environment: Environment): readonly string[] {
  const off =
    environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' ||
    SIGNALS.every((signal) => environment[`OTEL_${signal}_EXPORTER`]?.toLowerCase() === 'none');
  if (off) return [];
  const set = Object.keys(environment).filter(
    (name) => name.startsWith('OTEL_EXPORTER_OTLP_') && (environment[name] ?? '') !== '',
  );
  return set.length === 0
    ? []
    : [`${set.toSorted().join(', ')}: set without OTEL_EXPORTER_OTLP_ENDPOINT, so nothing is sent`];
}

/** The place of a message in a trace, as W3C Trace Context writes it. Both are what a stranger sent, examined. */
export interface TraceContext {
  /** `traceparent`: trace, span and flags. */
  readonly parent: string;
  /** `tracestate`: what the tools that trace have to say to each other; undefined where there is none. */
  readonly state: string | undefined;
}

/** The value of a header, whatever the sender wrote there. */
export type HeaderValue = string | readonly string[] | undefined;

const PARENT_LENGTH = 55;
/** Version, trace, span, flags. The version `ff` and ids of zeros are forbidden. */
const PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What the two headers say. An invalid `traceparent` begins no trace; an invalid `tracestate` is left out (w3.org/TR/trace-context). */
export function traceContextOf(parent: HeaderValue, state: HeaderValue): TraceContext | undefined {
  return typeof parent === 'string' && parent.length === PARENT_LENGTH && PARENT.test(parent)
    ? { parent, state: traceStateOf(state) }
    : undefined;
}

/** As many characters as every tool must pass on, and the largest number of members. */
const STATE_LENGTH = 512;
const MEMBERS = 32;
const MEMBER =
  /^(?:[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13}|[a-z][a-z0-9_*/-]{0,255})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** A valid `tracestate` within its bounds, without empty members. */
function traceStateOf(value: HeaderValue): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : value.join(',');
  if (text.length > STATE_LENGTH) return undefined;
  const members = text
    .split(',')
    .map((member) => member.replaceAll(/^[ \t]+|[ \t]+$/g, ''))
    .filter((member) => member !== '');
  if (members.length === 0 || members.length > MEMBERS) return undefined;
  const keys = new Set(members.map((member) => member.slice(0, member.indexOf('='))));
  return keys.size === members.length && members.every((member) => MEMBER.test(member))
    ? members.join(',')
    : undefined;
}

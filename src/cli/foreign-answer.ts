import { visible } from '../text/visible.ts';
import { type Ended, fault } from './exit.ts';
import type { RoleAnswer } from './role-request.ts';

/** The members of an answer that is a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** The members of an answer; undefined where it is no JSON object. */
export function fieldsOf(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value of JSON is an object, and no list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a role says of a request that it refuses; undefined where the answer is not of a role. */
export function problemIn(
  text: string,
): (Fields & { readonly code: string; readonly message: string }) | undefined {
  const { code, message, ...more } = fieldsOf(text) ?? {};
  return typeof code === 'string' && typeof message === 'string' ? { ...more, code, message } : undefined;
}

/** Characters of an answer that are shown. */
const SHOWN = 80;

/** An answer that no role gives, such as that of a proxy or of another service. `expected` says what a role answers. */
export function foreignAnswer(url: string, expected: string, answer: RoleAnswer): Ended {
  const { status, headers, text } = answer;
  const type = headers['content-type'];
  const beginning = text.trim().replaceAll(/\s+/g, ' ');
  const said = beginning.length > SHOWN ? `${beginning.slice(0, SHOWN)}…` : beginning;
  const found = `${status}${type === undefined ? '' : ` (${type})`}${said === '' ? '' : `: ${said}`}`;
  const to = headers.location;
  const leads = status >= 300 && status < 400 && to !== undefined;
  return fault(
    visible(
      `${url}: what answers is no role of nomnom: expected ${expected}, found ${leads ? `${status}, which leads to ${to}` : found}`,
    ),
    leads ? 'Write the address that it leads to into --url, if the role is there.' : ADDRESS,
  );
}

/** Of something that does not even speak HTTP. */
export function foreignTalk(url: string, reason: string): Ended {
  return fault(
    visible(`${url}: what answers is no role of nomnom: expected an answer of HTTP, found that ${reason}`),
    ADDRESS,
  );
}

const ADDRESS =
  'Name where the role listens with --url or PORT. A proxy before it must pass requests and answers on as they are.';

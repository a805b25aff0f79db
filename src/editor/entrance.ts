import { ErrorCodes } from 'vscode-languageserver/node';
import { parameters } from './parameters.ts';
import { id as idShape, isObject, mismatch, PARAMETERS } from './shape.ts';

/*
 * What may come in, and when:
 *
 *   new      ── initialize ──→ running    every other request is refused, every notification but `exit` is passed over
 *   running  ── shutdown ────→ stopping   a second `initialize` is refused
 *   stopping                              every request is refused, every notification but `exit` is passed over
 *
 * Whatever comes in has the form that its method wants. So what answers can read it without a doubt.
 */
export type State = 'new' | 'running' | 'stopping';

type Id = string | number | null;

export type Decision =
  /** `asks` for one that gets an answer. */
  | { readonly kind: 'passed'; readonly state: State; readonly message: object; readonly asks: boolean }
  | { readonly kind: 'exit' }
  /** A request that has this error as its answer. */
  | { readonly kind: 'refused'; readonly id: Id; readonly code: number; readonly why: string }
  /** No answer is due; `why` is for somebody who looks for the fault. */
  | { readonly kind: 'ignored'; readonly why?: string };

/** Decides over one message, which is the body of a frame. */
export function decide(state: State, body: string): Decision {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return refused(null, ErrorCodes.ParseError, 'the message is not JSON');
  }
  if (!isObject(message))
    return refused(
      null,
      ErrorCodes.InvalidRequest,
      mismatch(message, { kind: 'object', fields: {} }, 'message') ?? '',
    );
  const { method, id, params } = message;
  if (method === undefined) return answered(state, message);
  const wrongId = id === undefined ? undefined : mismatch(id, idShape, 'id');
  if (wrongId !== undefined) return refused(null, ErrorCodes.InvalidRequest, wrongId);
  const request = id as Id | undefined;
  if (typeof method !== 'string') {
    const why = mismatch(method, { kind: 'text' }, 'method') ?? '';
    return request === undefined
      ? { kind: 'ignored', why }
      : refused(request, ErrorCodes.InvalidRequest, why);
  }
  if (method === 'exit' && request === undefined) return { kind: 'exit' };
  const early = untimely(state, method);
  if (early !== undefined)
    return request === undefined ? { kind: 'ignored' } : refused(request, early.code, early.why);
  const shape = parameters.get(method);
  const wrong = shape === undefined ? undefined : mismatch(params, shape, PARAMETERS);
  if (wrong !== undefined) {
    const why = `${method}: ${wrong}`;
    return request === undefined ? { kind: 'ignored', why } : refused(request, ErrorCodes.InvalidParams, why);
  }
  const asks = request !== undefined;
  return { kind: 'passed', state: asks ? after(state, method) : state, message, asks };
}

/** An answer of the editor to a question of the server. */
function answered(state: State, message: Readonly<Record<string, unknown>>): Decision {
  const { id, result, error } = message;
  const isAnswer =
    (result !== undefined || isObject(error)) && (id === null || mismatch(id, idShape, 'id') === undefined);
  return isAnswer
    ? { kind: 'passed', state, message, asks: false }
    : { kind: 'ignored', why: 'a message has neither a method nor the result or the error of a request' };
}

function untimely(state: State, method: string): { readonly code: number; readonly why: string } | undefined {
  if (state === 'new' && method !== 'initialize')
    return { code: ErrorCodes.ServerNotInitialized, why: `${method} came before initialize` };
  if (state === 'running' && method === 'initialize')
    return { code: ErrorCodes.InvalidRequest, why: 'initialize came a second time' };
  if (state === 'stopping')
    return { code: ErrorCodes.InvalidRequest, why: `${method} came after shutdown; only exit may follow` };
  return undefined;
}

function after(state: State, method: string): State {
  if (method === 'initialize') return 'running';
  return method === 'shutdown' ? 'stopping' : state;
}

function refused(id: Id, code: number, why: string): Decision {
  return { kind: 'refused', id, code, why };
}

import { walk, type Expression } from '../../model/expression.ts';
import { scalar } from '../../model/resolve/literals.ts';
import { META, SOURCE_HEADER } from '../../model/resolve/meta.ts';
import { expressionsOf } from '../../model/query/expressions-of.ts';
import type { Program } from '../../model/program.ts';
import { isRefusal, type Value } from '../../types/value.ts';
import type { MessageInput } from '../plan.ts';

/** Makes what `meta` names of a message; null, which costs nothing, where the program does not name it. */
export interface MetaReader {
  readonly read: (input: MessageInput) => Value;
  /** The headers that it reads. */
  readonly headers: readonly string[];
}

export function compileMeta(program: Program): MetaReader {
  // Every entity asks for the same one.
  const reader = known.get(program) ?? metaReader(usedFields(program));
  known.set(program, reader);
  return reader;
}

const known = new WeakMap<Program, MetaReader>();

function metaReader(used: ReadonlySet<string>): MetaReader {
  if (used.size === 0) return { read: () => null, headers: [] };
  const received = scalar('timestamp').column.decoder([]);
  const source = scalar('text').column.decoder([]);
  return {
    read: ({ messageId, receivedAt, headers }) => {
      const at = received(new Date(receivedAt).toISOString());
      const sender = headers[SOURCE_HEADER];
      // A header that no text column could hold says nothing.
      const named = sender === undefined ? null : source(sender);
      return [messageId, isRefusal(at) ? null : at, isRefusal(named) ? null : named];
    },
    headers: used.has('source') ? [SOURCE_HEADER] : [],
  };
}

function usedFields(program: Program): ReadonlySet<string> {
  const used = new Set<string>();
  const visit = (node: Expression): void => {
    if (node.kind === 'field' && node.target.kind === 'slot' && node.target.typed.type.kind === 'record')
      if (node.target.typed.type.of === META) used.add(node.name);
  };
  for (const expression of expressionsOf(program)) walk(expression, visit);
  return used;
}

import type { Memo, Send } from './content.ts';
import type { FaultOptions } from './options.ts';
import type { Random } from './random.ts';

/** How the second program reads memos more strictly: some that the first accepted do not fit it. */
type Change = 'required' | 'strict';

/** When the program changes and how it gets around. */
export interface Deploy {
  /** Seconds after the first message. */
  readonly after: number;
  readonly change: Change;
  readonly order: 'workers first' | 'ingest first';
  /** Seconds before the restart of each process. */
  readonly gaps: readonly number[];
}

/** Undefined in a round with one program. */
export function drawDeploy(options: FaultOptions, random: Random): Deploy | undefined {
  const { properties, seconds, workers, ingests } = options;
  if (!properties.includes('versions')) return undefined;
  const longest = Math.min(8, (seconds * 0.4) / (workers + ingests));
  return {
    after: random.between(0.15, 0.4) * seconds,
    change: random.pick(['required', 'strict'] as const),
    order: random.pick(['workers first', 'ingest first'] as const),
    gaps: Array.from({ length: workers + ingests }, () => random.between(0, longest)),
  };
}

/**
 * The second program: an entity more, a field more that may be null, and a stricter memo. The table stays as wide as it
 * was: a narrower column is a person's to make.
 */
export function secondProgram(first: string, change: Change): string {
  const replaced = (text: string, from: string, to: string): string => {
    if (!text.includes(from)) throw new Error(`the pipeline of the fault runner lacks ${from}`);
    return text.replace(from, to);
  };
  const entity = /entity Memo \{[^}]*\}/.exec(first)?.[0] ?? '';
  const text = change === 'required' ? 'text(40)' : 'text(40)?';
  const strict = change === 'strict' ? ' @strict' : '';
  const changed = `entity Memo${strict} {\n  memo_key: bigint\n  text: ${text}\n  tag: text(20)?\n}`;
  const withMemo = replaced(first, entity, changed);
  const withTag = replaced(withMemo, '  store memos {', '  tag: text(20)? = m.tag\n  store memos {');
  return `${withTag}
entity Extra {
  extra_key: bigint
  amount: decimal(12, 2)
  store extras {
    key (extra_key)
    upsert on (extra_key) keep
  }
}
`;
}

const MISFITS = 0.3;

/** Memos, which the second program reads more strictly, and extras, which only the second program knows. */
export function versionSends({ messages }: FaultOptions, random: Random, span: number): readonly Send[] {
  const count = Math.max(30, Math.round(messages / 20));
  const one = (content: Send['contents'][number]): Send => ({
    key: `${content.entity.toLowerCase()}-${content.key}`,
    due: random.between(0, span),
    contents: [content],
    again: undefined,
  });
  const memos = Array.from({ length: count }, (_, key): Memo => {
    return { entity: 'Memo', key, isMisfit: random.chance(MISFITS) };
  });
  const extras = Array.from({ length: count }, (_, key) => {
    return { entity: 'Extra', key, cents: random.whole(1, 999_999) } as const;
  });
  return [...memos, ...extras].map(one);
}

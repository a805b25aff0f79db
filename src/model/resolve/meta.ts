import { scalar } from './literals.ts';
import type { Typed } from '../type.ts';

function single(name: 'uuid' | 'timestamp' | 'text', nullable: boolean): Typed {
  return { type: scalar(name), nullable };
}

/** The header that says, in the sender's words, where a message comes from. */
export const SOURCE_HEADER = 'x-source';

/**
 * What `meta` names in every expression of a message: `message_id`, the id that ingest gave it; `received_at`, when
 * ingest accepted it; `source`, the sender's header `x-source`, null where there is none. Fields in the order of the
 * values of a frame's last slot.
 */
export const META = {
  name: 'meta',
  fields: [
    { name: 'message_id', type: single('uuid', false) },
    { name: 'received_at', type: single('timestamp', false) },
    { name: 'source', type: single('text', true) },
  ],
} as const;

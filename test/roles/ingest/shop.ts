import type { EntityPlan, MessageInput, Plan, RolePlan, RoleSettings } from '../../../src/plan/plan.ts';
import { readJson } from '../../../src/types/json-reader.ts';
import type { Rejection, RejectionCode } from '../../../src/types/value.ts';

const settings: RoleSettings = {
  port: 0,
  attempts: 5,
  backoff: { from: 10, to: 100 },
  batch: 500,
  concurrency: 2,
  linger: 5,
  bodyLimit: 4096,
  batchLimit: 1024 * 1024,
  publishWindow: 1000,
  maxRowsPerMessage: 10_000,
  onPoison: 'dead_letter',
  onRefused: 'answer',
  keepStatuses: 2_592_000_000,
  keepDeadLetters: 7_776_000_000,
};

/**
 * A small plan by hand: `Order` needs an integral `id`, `Note` takes the raw body and a header. Tests of the queue
 * give a stream of their own.
 */
export function shopPlan({ stream = 'SHOP', ...changed }: Partial<RoleSettings> & { stream?: string } = {}): {
  plan: Plan;
  role: RolePlan;
} {
  const subject = stream.toLowerCase();
  const role: RolePlan = {
    name: 'ingest',
    publishes: [{ stream, template: `${subject}.ingest.{entity}` }],
    consumes: [],
    settings: { ...settings, ...changed },
  };
  const plan: Plan = {
    pipeline: 'shop',
    file: 'shop.nom',
    program: 'program-of-shop-',
    limits: { maxDepth: 64, maxListLength: 100_000, maxBytes: role.settings.bodyLimit, maxRows: 10_000 },
    entities: [order, note],
    tables: [],
    streams: [
      {
        name: stream,
        subjects: [
          { name: 'ingest', template: `${subject}.ingest.{entity}`, pattern: `${subject}.ingest.*` },
        ],
        retention: 'workqueue',
        storage: 'file',
        replicas: 1,
        maxAge: 0,
        maxBytes: -1,
        dedupe: 120_000,
        partitions: 8,
      },
    ],
    roles: [role],
  };
  return { plan, role };
}

const order: EntityPlan = {
  name: 'Order',
  fingerprint: 'order-of-shop---',
  body: 'json',
  headers: [],
  tables: [],
  evaluate(input) {
    const rejection = rejectionOf(input);
    return rejection === undefined
      ? { kind: 'rows', writes: [], unknownFields: 0 }
      : { kind: 'rejected', rejection };
  },
};

const note: EntityPlan = {
  name: 'Note',
  fingerprint: 'note-of-shop----',
  body: 'raw',
  headers: ['x-filename'],
  tables: [],
  evaluate: ({ headers }) =>
    headers['x-filename'] === undefined
      ? { kind: 'rejected', rejection: rejected('missing', '', 'the header x-filename', 'Note.filename') }
      : { kind: 'rows', writes: [], unknownFields: 0 },
};

function rejectionOf({ body }: MessageInput): Rejection | undefined {
  const read = readJson(body);
  if (read.kind === 'invalid') return rejected(read.code, '', read.message, '');
  const { value } = read;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return rejected('not_an_object', '', 'expected an object', '');
  }
  const id = 'id' in value ? value.id : undefined;
  if (id === undefined) return rejected('missing', '/id', 'expected an integral number, found nothing');
  if (typeof id === 'number' && Number.isInteger(id)) return undefined;
  return rejected('wrong_type', '/id', 'expected an integral number, found something else');
}

function rejected(code: RejectionCode, pointer: string, message: string, field = 'Order.id'): Rejection {
  return { code, entity: field.split('.')[0] ?? '', field, pointer, message };
}

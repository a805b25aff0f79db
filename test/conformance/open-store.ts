import type { PostgresStore } from '../../src/adapters/postgres/store.ts';

/** Opens a store on an empty database of its own, which the caller closes. */
export type OpenStore = () => Promise<PostgresStore>;

export interface StoreTraits {
  /** Whether transactions run side by side; the embedded Postgres begins one when the one before has ended. */
  readonly concurrent: boolean;
}

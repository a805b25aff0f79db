import type { PostgresStore } from '../../src/adapters/postgres/store.ts';
import { catalogConformance } from './store-catalog.ts';
import { ledgerConformance } from './store-ledger.ts';
import { writerConformance } from './store-writer.ts';

/** Opens a store on an empty database of its own, which the caller closes. */
export type OpenStore = () => Promise<PostgresStore>;

/** One for each property of a session. */
const parts: readonly ((open: OpenStore) => void)[] = [
  catalogConformance,
  ledgerConformance,
  writerConformance,
];

/** What the store port promises, for any server: run it over each that an adapter is for. */
export function storeConformance(open: OpenStore): void {
  for (const part of parts) part(open);
}

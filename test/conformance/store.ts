import type { OpenStore, StoreTraits } from './open-store.ts';
import { catalogConformance } from './store-catalog.ts';
import { ledgerConformance } from './store-ledger.ts';
import { writerConformance } from './store-writer.ts';

/** One for each property of a session. */
const parts: readonly ((open: OpenStore, traits: StoreTraits) => void)[] = [
  catalogConformance,
  ledgerConformance,
  writerConformance,
];

/** What the store port promises, for any server: run it over each that an adapter is for. */
export function storeConformance(open: OpenStore, traits: StoreTraits): void {
  for (const part of parts) part(open, traits);
}

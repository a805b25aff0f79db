import { fixedSeeds } from './fixed-seeds.ts';

fixedSeeds('postgres', [
  {
    seed: 12,
    properties: ['lax commits', 'pooler', 'versions'],
    kinds: ['Postgres killed at once', 'table fails', 'pooler killed', 'new version'],
  },
  {
    seed: 13,
    properties: ['snapshot', 'purges'],
    kinds: ['stream purged', 'read-only'],
  },
]);

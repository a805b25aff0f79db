import { fixedSeeds } from './fixed-seeds.ts';

fixedSeeds('jetstream', [
  {
    seed: 12,
    properties: ['lax commits', 'pooler', 'versions'],
    kinds: ['Postgres killed at once', 'table fails', 'pooler killed', 'new version'],
  },
  {
    seed: 13,
    properties: ['cluster', 'snapshot', 'purges'],
    kinds: ['node killed', 'leader killed', 'stream purged', 'read-only'],
  },
]);

import { fixedSeeds } from './fixed-seeds.ts';

fixedSeeds('jetstream', [
  {
    seed: 11,
    properties: ['lax commits'],
    kinds: ['Postgres killed at once', 'table fails', 'read-only'],
  },
  { seed: 12, properties: ['pooler', 'versions'], kinds: ['pooler killed', 'new version'] },
  {
    seed: 13,
    properties: ['cluster', 'snapshot', 'purges'],
    kinds: ['node killed', 'leader killed', 'stream purged'],
  },
]);

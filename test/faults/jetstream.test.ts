import { fixedSeeds } from './fixed-seeds.ts';

fixedSeeds('jetstream', [
  { seed: 11 },
  { seed: 12 },
  { seed: 13, properties: ['cluster', 'snapshot'], kinds: ['node killed', 'leader killed', 'quorum lost'] },
]);

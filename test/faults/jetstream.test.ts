import { fixedSeeds } from './fixed-seeds.ts';

fixedSeeds('jetstream', [11, 12, 13]);

import { fixedSeeds } from './fixed-seeds.ts';

fixedSeeds('postgres', [21, 22, 23]);

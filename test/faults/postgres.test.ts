import { fixedSeeds } from './fixed-seeds.ts';

fixedSeeds('postgres', [{ seed: 11 }, { seed: 12 }, { seed: 13, properties: ['snapshot'] }]);

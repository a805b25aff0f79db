import fc from 'fast-check';

/**
 * Properties draw the same cases in every run, so that a red run means a change and not luck. `PROPERTY_SEED=random`
 * draws others, and a number draws those of a run that printed it.
 */
const wanted = process.env['PROPERTY_SEED'] ?? '20261124';
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });

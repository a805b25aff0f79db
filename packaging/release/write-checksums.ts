import { writeChecksums } from './checksums.ts';

/** Lists every file of `dist/release` with its SHA-256, those of the other machines too, before all of them are attested. */
writeChecksums();

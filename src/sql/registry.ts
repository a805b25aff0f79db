import type { Dialect } from './dialect.ts';
import { postgres } from './postgres/dialect.ts';

/** The dialect that is shown where no database is named, as by `explain` and editors. */
export const shownDialect: Dialect = postgres;

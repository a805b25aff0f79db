import type { FastifyServerOptions } from 'fastify';

const refuse = () => (): never => {
  throw new Error('no route has a schema');
};

/** Routes check their messages themselves. Without this Fastify loads its compilers of JSON schemas at each start. */
export const NO_SCHEMAS: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: { buildValidator: refuse, buildSerializer: refuse },
};

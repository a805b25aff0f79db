import type * as Chevrotain from 'chevrotain';

/**
 * Chevrotain from its single-file bundle. The package's declared entry resolves to some forty files and
 * takes several times as long to load, which every start of the command would pay. The bundle lies in the
 * same package but not in its `exports`, so it is found beside the declared entry; should a version leave
 * it out, the declared entry serves as well.
 */
async function load(): Promise<typeof Chevrotain> {
  const bundle = new URL('../chevrotain.mjs', import.meta.resolve('chevrotain'));
  try {
    return (await import(bundle.href)) as typeof Chevrotain;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
      return await import('chevrotain');
    }
    throw error;
  }
}

export const {
  Alternation,
  CstParser,
  Lexer,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  Terminal,
  createToken,
  createTokenInstance,
  generateCstDts,
  tokenMatcher,
} = await load();

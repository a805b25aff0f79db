import { assignment } from './mistakes/assignment.ts';
import { attributePlace } from './mistakes/attribute-place.ts';
import { chainedComparison } from './mistakes/chained-comparison.ts';
import { foreignSyntax } from './mistakes/foreign-syntax.ts';
import { keywordTypo } from './mistakes/keyword-typo.ts';
import { missingElse } from './mistakes/missing-else.ts';
import { missingExpression } from './mistakes/missing-expression.ts';
import { missingQuotes } from './mistakes/missing-quotes.ts';
import { missingWord } from './mistakes/missing-word.ts';
import { neverClosed } from './mistakes/never-closed.ts';
import { ordering } from './mistakes/ordering.ts';
import { outsideStore } from './mistakes/outside-store.ts';
import { reservedWord } from './mistakes/reserved-word.ts';
import { separator } from './mistakes/separator.ts';
import { sideBySide } from './mistakes/side-by-side.ts';
import { typeOrder } from './mistakes/type-order.ts';
import { unexpected } from './mistakes/unexpected.ts';
import { wrongSign } from './mistakes/wrong-sign.ts';
import { exampleHelp } from './example.ts';
import type { Fix, Mistake, Stuck } from './stuck.ts';

/** The mistakes that are known by their looks, the most certain first. */
const mistakes: readonly Mistake[] = [
  foreignSyntax,
  chainedComparison,
  assignment,
  ordering,
  keywordTypo,
  typeOrder,
  attributePlace,
  outsideStore,
  sideBySide,
  reservedWord,
  missingQuotes,
  separator,
  missingElse,
  wrongSign,
  neverClosed,
  missingExpression,
  missingWord,
];

/** The finding for a place, which always says what to write, and how to go on. */
export function fixOf(stuck: Stuck): Fix {
  const fix = known(stuck) ?? unexpected(stuck);
  if (fix.finding.help !== undefined) return fix;
  return { ...fix, finding: { ...fix.finding, help: exampleHelp(stuck) } };
}

function known(stuck: Stuck): Fix | undefined {
  for (const mistake of mistakes) {
    const fix = mistake(stuck);
    if (fix !== undefined) return fix;
  }
  return undefined;
}

import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { CheckTree } from '../../syntax/tree.ts';
import { spanText } from '../../text/source.ts';
import { isStorable, storableFault } from '../../types/storable.ts';
import { MAY_NOT_FIT } from '../codes/type-codes.ts';

/** What a message is told that does not pass a check; it reaches the dead letters too. */
export function checkMessage({ condition: { span }, message }: CheckTree, report: Report): string {
  if (message === undefined) return `the check \`${spanText(span)}\` failed`;
  if (!isStorable(message.value))
    report(
      finding(
        MAY_NOT_FIT,
        message.span,
        `this message is ${storableFault(message.value)}, which a dead letter cannot hold`,
      ),
    );
  return message.value;
}

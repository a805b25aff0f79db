import { finding } from '../diagnostics/diagnostic.ts';
import { shownCircle } from '../model/shown-circle.ts';
import type { Check } from './check.ts';

export const derivationCycle: Check = {
  description: {
    code: 'NOM401',
    severity: 'error',
    title: 'derivations form a cycle',
    explanation: `A derived entity is computed after its sources. If derivations form a cycle, none of them can be first.

\`\`\`nom
derive A from B as b { … }
derive B from A as a { … }            // wrong
derive B from Root as r { … }         // right: the cycle is broken
\`\`\``,
  },
  run: (program, report) => {
    for (const cycle of program.cycles) {
      const [first, ...others] = cycle;
      if (first === undefined || cycle.some((record) => record.broken)) continue;
      const names = [...cycle, first].map((record) => record.name);
      report(
        finding(
          derivationCycle.description,
          first.tree.name.span,
          `the derivations ${shownCircle(names)} form a cycle`,
          {
            label: 'is derived from itself',
            related: others.map((record) => ({ span: record.tree.name.span, text: 'in the cycle' })),
            help: 'derive one of them from the entity that arrives',
          },
        ),
      );
    }
  },
};

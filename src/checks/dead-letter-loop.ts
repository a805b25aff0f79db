import { finding } from '../diagnostics/diagnostic.ts';
import type { Check } from './check.ts';

export const deadLetterLoop: Check = {
  description: {
    code: 'NOM505',
    severity: 'error',
    title: 'a dead-letter subject is consumed again by its own role',
    explanation: `A message that failed would come back to the role that failed on it, and fail again, for ever.

\`\`\`nom
role worker { consume SHOP.ingest  dead_letter SHOP.ingest }    // wrong
role worker { consume SHOP.ingest  dead_letter SHOP.dead }      // right
\`\`\``,
  },
  run: (program, report) => {
    for (const role of program.roles) {
      const dead = role.deadLetter;
      if (role.tree?.broken === true || dead?.subject === undefined || dead.tree === undefined) continue;
      for (const consume of role.consumes) {
        const { subject } = consume;
        // Two different subjects that overlap are NOM502's.
        if (subject !== dead.subject) continue;
        report(
          finding(
            deadLetterLoop.description,
            dead.tree.path.span,
            `the dead letters of ${role.name} go to ${subject.stream}.${subject.name}, which it consumes`,
            {
              label: 'would come back',
              related:
                consume.tree === undefined ? [] : [{ span: consume.tree.path.span, text: 'consumed here' }],
              help: 'declare a subject of its own for dead letters',
            },
          ),
        );
      }
    }
  },
};

import { finding } from '../diagnostics/diagnostic.ts';
import type { Check } from './check.ts';

export const deadLetterLoop: Check = {
  description: {
    code: 'NOM505',
    severity: 'error',
    title: 'a role consumes its own dead letters',
    explanation: `A failed message would return to the role that failed to apply it, and fail again, endlessly.

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
              label: 'the role consumes this subject',
              related:
                consume.tree === undefined ? [] : [{ span: consume.tree.path.span, text: 'consumed here' }],
              help: 'declare a separate subject for dead letters',
            },
          ),
        );
      }
    }
  },
};

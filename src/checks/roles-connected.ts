import { finding } from '../diagnostics/diagnostic.ts';
import type { LinkModel, Program, RecordModel, RoleModel } from '../model/program.ts';
import type { Span } from '../text/source.ts';
import type { Check } from './check.ts';

export const rolesConnected: Check = {
  description: {
    code: 'NOM504',
    severity: 'error',
    title: 'roles have no subject in common',
    explanation: `If one role publishes a subject, another role must consume it, and the other way round. Otherwise messages wait in a
stream forever, or a worker waits for messages that never arrive.

\`\`\`nom
role ingest { publish INGEST.all }
role worker { consume WORK.all }        // wrong
role worker { consume INGEST.all }      // right
\`\`\`

The dead-letter subject may be published for other programs to read, and another role may consume it.`,
  },
  run: (program, report) => {
    const publishes = linksOf(program, 'publishes');
    const consumes = linksOf(program, 'consumes');
    if (program.roles.some((role) => role.tree?.broken === true) || hasUnresolved(program)) return;
    const feeding = [...publishes, ...linksOf(program, 'deadLetters')];
    const fed = byName(feeding);
    const consumers = byName(consumes);
    const starved = consumes.filter(({ name }) => !fed.has(name));
    const unread = publishes.filter(({ name }) => !consumers.has(name));
    for (const link of starved)
      report(
        finding(
          rolesConnected.description,
          link.span,
          `no role publishes to ${link.name}, so this consumer receives nothing`,
          {
            related: unread.slice(0, SHOWN).map((other) => ({
              span: other.span,
              text: 'published here, but not consumed by any role',
            })),
            help:
              unread[0] === undefined
                ? `add \`publish ${link.name}\` to a role`
                : `consume \`${unread[0].name}\``,
          },
        ),
      );
    if (starved.length > 0) return;
    for (const link of unread)
      report(
        finding(
          rolesConnected.description,
          link.span,
          `no role consumes ${link.name}, so its messages stay in the stream forever`,
          {
            help: `add \`consume ${link.name}\` to a role`,
          },
        ),
      );
    const takenOf = new Map<string, ReadonlySet<RecordModel>>();
    for (const link of publishes) {
      const takers = consumers.get(link.name) ?? [];
      const taken = takenOf.get(link.name) ?? new Set(takers.flatMap((other) => other.entities));
      takenOf.set(link.name, taken);
      const left = link.entities.filter((entity) => !taken.has(entity));
      if (taken.size > 0 && left.length > 0)
        report(
          finding(
            rolesConnected.description,
            link.span,
            `no role consumes the messages of ${left.map((each) => each.name).join(', ')} from ${link.name}`,
            {
              related: takers
                .slice(0, SHOWN)
                .map((other) => ({ span: other.span, text: 'consumes only some of them' })),
              help: 'add a role that consumes them, or leave `only …` out',
            },
          ),
        );
    }
  },
};

/** So many other places a finding shows: with thousands of roles it would show each of them in each finding. */
const SHOWN = 5;

interface Link {
  readonly name: string;
  readonly span: Span;
  readonly entities: LinkModel['entities'];
}

/** The links of all roles that are written in the file; the default ones agree by construction. */
function linksOf(program: Program, kind: 'publishes' | 'consumes' | 'deadLetters'): readonly Link[] {
  const links = (role: RoleModel): readonly LinkModel[] =>
    kind === 'deadLetters' ? (role.deadLetter === undefined ? [] : [role.deadLetter]) : role[kind];
  return program.roles.flatMap((role) =>
    links(role).flatMap(({ subject, tree, entities }) =>
      subject === undefined || tree === undefined
        ? []
        : [{ name: `${subject.stream}.${subject.name}`, span: tree.path.span, entities }],
    ),
  );
}

function hasUnresolved(program: Program): boolean {
  return program.roles.some((role) =>
    [...role.publishes, ...role.consumes].some((link) => link.subject === undefined),
  );
}

function byName(links: readonly Link[]): ReadonlyMap<string, readonly Link[]> {
  return Map.groupBy(links, ({ name }) => name);
}

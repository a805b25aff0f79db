import type { LinkModel, RoleModel, SubjectModel } from '../program.ts';

/** What the roles publish to a subject, and what they consume of it. */
interface LinksOfSubject {
  readonly publishes: readonly LinkModel[];
  readonly consumes: readonly LinkModel[];
}

/** Read once for the roles of a program: thousands of subjects with thousands of roles would read them again for each. */
const known = new WeakMap<readonly RoleModel[], ReadonlyMap<SubjectModel, LinksOfSubject>>();

const none: LinksOfSubject = { publishes: [], consumes: [] };

/** The links of all roles with a subject, in the order of the program. */
export function linksWith(roles: readonly RoleModel[], subject: SubjectModel): LinksOfSubject {
  const found = known.get(roles) ?? bySubject(roles);
  known.set(roles, found);
  return found.get(subject) ?? none;
}

function bySubject(roles: readonly RoleModel[]): ReadonlyMap<SubjectModel, LinksOfSubject> {
  const links = new Map<SubjectModel, { readonly publishes: LinkModel[]; readonly consumes: LinkModel[] }>();
  const add = (link: LinkModel, kind: keyof LinksOfSubject): void => {
    if (link.subject === undefined) return;
    const of = links.get(link.subject) ?? { publishes: [], consumes: [] };
    links.set(link.subject, of);
    of[kind].push(link);
  };
  for (const role of roles) {
    for (const link of role.publishes) add(link, 'publishes');
    for (const link of role.consumes) add(link, 'consumes');
  }
  return links;
}

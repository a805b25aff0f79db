import type { LinkCst, RoleCst, SettingCst, StreamCst, SubjectCst } from '../../../grammar/cst.ts';
import type { SourceFile } from '../../text/source.ts';
import { cover } from '../../text/source.ts';
import type { LinkTree, RoleTree, SettingTree, StreamTree, SubjectTree } from '../tree.ts';
import type { Building } from './context.ts';
import { docOf, nameOf, only, textOf, tokenSpan } from './context.ts';
import { literalOf } from './literal.ts';
import { pathOf } from './member.ts';

export function settingsOf(file: SourceFile, settings: readonly SettingCst[] = []): readonly SettingTree[] {
  return settings.map(({ children }) => {
    const name = nameOf(file, only(children.name));
    const value = literalOf(file, only(children.literal));
    return { kind: 'setting', name, value, span: cover(name.span, value.span) };
  });
}

/** The parts of a stream between its braces. */
export function streamPartsOf(
  building: Building,
  { children }: StreamCst,
): Pick<StreamTree, 'subjects' | 'settings'> {
  return {
    subjects: (children.subject ?? []).map((subject) => subjectOf(building, subject)),
    settings: settingsOf(building.file, children.setting),
  };
}

function subjectOf(building: Building, { children }: SubjectCst): SubjectTree {
  const pattern = textOf(building.file, only(children.pattern));
  return {
    kind: 'subject',
    name: nameOf(building.file, only(children.name)),
    pattern,
    ...docOf(building, only(children.first)),
    span: cover(tokenSpan(building.file, only(children.first)), pattern.span),
  };
}

/** The parts of a role between its braces. */
export function rolePartsOf(file: SourceFile, { children }: RoleCst): Pick<RoleTree, 'links' | 'settings'> {
  return {
    links: (children.link ?? []).map((link) => linkOf(file, link)),
    settings: settingsOf(file, children.setting),
  };
}

function linkOf(file: SourceFile, { children }: LinkCst): LinkTree {
  const first = only(children.first);
  const path = pathOf(file, only(children.path));
  const names = (children.only ?? []).map((token) => nameOf(file, token));
  return {
    kind: first.image as LinkTree['kind'],
    path,
    only: names,
    span: cover(tokenSpan(file, first), (names.at(-1) ?? path).span),
  };
}

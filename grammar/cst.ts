import type { IToken } from 'chevrotain';

/* Generated from the rules by cst-types.ts; the tests compare it and, with UPDATE_GOLDEN=1, write it. */

interface Node<Rule extends string, Children> {
  readonly name: Rule;
  readonly children: Readonly<Children>;
}

export type PathCst = Node<'path', { part: IToken[] }>;

export type LiteralCst = Node<
  'literal',
  {
    text?: IToken[];
    minus?: IToken[];
    number?: IToken[];
    duration?: IToken[];
    size?: IToken[];
    constant?: IToken[];
    word?: IToken[];
    list?: IToken[];
    literal?: LiteralCst[];
    last?: IToken[];
  }
>;

export type ExpressionCst = Node<
  'expression',
  {
    condition?: ConditionCst[];
    disjunction?: DisjunctionCst[];
  }
>;

export type ConditionCst = Node<
  'condition',
  {
    first: IToken[];
    condition: ExpressionCst[];
    then: ExpressionCst[];
    otherwise: ExpressionCst[];
  }
>;

export type DisjunctionCst = Node<'disjunction', { operand: ConjunctionCst[]; operator?: IToken[] }>;

export type ConjunctionCst = Node<'conjunction', { operand: NegationCst[]; operator?: IToken[] }>;

export type NegationCst = Node<'negation', { prefix?: IToken[]; operand: ComparisonCst[] }>;

export type ComparisonCst = Node<'comparison', { operand: FallbackCst[]; operator?: IToken[] }>;

export type FallbackCst = Node<'fallback', { operand: SumCst[]; operator?: IToken[] }>;

export type SumCst = Node<'sum', { operand: ProductCst[]; operator?: IToken[] }>;

export type ProductCst = Node<'product', { operand: SignCst[]; operator?: IToken[] }>;

export type SignCst = Node<'sign', { prefix?: IToken[]; operand: AccessCst[] }>;

export type AccessCst = Node<'access', { primary: PrimaryCst[]; step?: StepCst[] }>;

export type StepCst = Node<
  'step',
  {
    name?: IToken[];
    optional?: IToken[];
    index?: ExpressionCst[];
    last?: IToken[];
  }
>;

export type PrimaryCst = Node<
  'primary',
  {
    text?: IToken[];
    number?: IToken[];
    duration?: IToken[];
    constant?: IToken[];
    match?: MatchCst[];
    call?: CallCst[];
    name?: IToken[];
    open?: IToken[];
    inner?: ExpressionCst[];
    close?: IToken[];
  }
>;

export type CallCst = Node<'call', { name: IToken[]; argument?: ExpressionCst[]; last: IToken[] }>;

export type MatchCst = Node<
  'match',
  {
    first: IToken[];
    subject: ExpressionCst[];
    arm?: ArmCst[];
    otherwise?: ExpressionCst[];
    last: IToken[];
  }
>;

export type ArmCst = Node<'arm', { pattern: PatternCst[]; value: ExpressionCst[] }>;

export type PatternCst = Node<
  'pattern',
  {
    text?: IToken[];
    minus?: IToken[];
    number?: IToken[];
    constant?: IToken[];
    path?: PathCst[];
  }
>;

export type JsonCst = Node<'json', { jsonObject?: JsonObjectCst[]; jsonArray?: JsonArrayCst[] }>;

export type JsonObjectCst = Node<'jsonObject', { first: IToken[]; json?: JsonCst[]; last: IToken[] }>;

export type JsonArrayCst = Node<'jsonArray', { first: IToken[]; json?: JsonCst[]; last: IToken[] }>;

export type BodyCst = Node<'body', { member?: MemberCst[]; last: IToken[] }>;

export type MemberCst = Node<
  'member',
  {
    refused?: RefusedCst[];
    field?: FieldCst[];
    spread?: SpreadCst[];
    check?: CheckCst[];
    ordered?: OrderedCst[];
    signed?: SignedCst[];
    store?: StoreCst[];
  }
>;

export type FieldCst = Node<
  'field',
  {
    name: IToken[];
    type?: TypeCst[];
    attribute?: AttributeCst[];
    value?: ExpressionCst[];
  }
>;

export type TypeCst = Node<
  'type',
  {
    name: IToken[];
    parameter?: IToken[];
    last?: IToken[];
    list?: IToken[];
    nullable?: IToken[];
  }
>;

export type AttributeCst = Node<
  'attribute',
  {
    first: IToken[];
    name: IToken[];
    literal?: LiteralCst[];
    last?: IToken[];
  }
>;

export type SpreadCst = Node<'spread', { first: IToken[]; name: IToken[] }>;

export type CheckCst = Node<'check', { first: IToken[]; condition: ExpressionCst[]; message?: IToken[] }>;

export type OrderedCst = Node<'ordered', { first: IToken[]; names: NamesCst[] }>;

export type SignedCst = Node<
  'signed',
  {
    first: IToken[];
    scheme: IToken[];
    literal?: LiteralCst[];
    last: IToken[];
  }
>;

export type RefusedCst = Node<'refused', { first: IToken[]; action?: IToken[] }>;

export type StoreCst = Node<
  'store',
  {
    first: IToken[];
    name: IToken[];
    existing?: IToken[];
    item?: (KeyCst | UniqueCst | UpsertCst | RefCst | IndexCst | PruneCst | DeleteCst | DuplicatesCst)[];
    last: IToken[];
  }
>;

export type NamesCst = Node<'names', { first: IToken[]; name: IToken[]; last: IToken[] }>;

export type KeyCst = Node<'key', { first: IToken[]; names: NamesCst[] }>;

export type UniqueCst = Node<'unique', { first: IToken[]; names: NamesCst[]; last?: IToken[] }>;

export type UpsertCst = Node<
  'upsert',
  {
    first: IToken[];
    names: NamesCst[];
    action?: IToken[];
    version?: IToken[];
    added?: NamesCst[];
  }
>;

export type RefCst = Node<
  'ref',
  {
    first: IToken[];
    names: NamesCst[];
    target: IToken[];
    targetNames: NamesCst[];
    soft?: IToken[];
  }
>;

export type IndexCst = Node<'index', { first: IToken[]; names: NamesCst[] }>;

export type PruneCst = Node<'prune', { first: IToken[]; names: NamesCst[] }>;

export type DuplicatesCst = Node<'duplicates', { first: IToken[]; action?: IToken[] }>;

export type DeleteCst = Node<'delete', { first: IToken[]; when: ExpressionCst[] }>;

export type FileCst = Node<'file', { declaration?: DeclarationCst[] }>;

export type DeclarationCst = Node<
  'declaration',
  {
    pipeline?: PipelineCst[];
    importFile?: ImportFileCst[];
    enumeration?: EnumerationCst[];
    shape?: ShapeCst[];
    entity?: EntityCst[];
    derive?: DeriveCst[];
    lookup?: LookupCst[];
    fn?: FnCst[];
    secret?: SecretCst[];
    stream?: StreamCst[];
    role?: RoleCst[];
    test?: TestCst[];
  }
>;

export type PipelineCst = Node<
  'pipeline',
  {
    first: IToken[];
    name: IToken[];
    setting?: SettingCst[];
    last?: IToken[];
  }
>;

export type ImportFileCst = Node<'importFile', { first: IToken[]; path: IToken[] }>;

export type EnumerationCst = Node<
  'enumeration',
  {
    first: IToken[];
    name: IToken[];
    enumMember?: EnumMemberCst[];
    last: IToken[];
  }
>;

export type EnumMemberCst = Node<'enumMember', { name: IToken[]; value?: IToken[] }>;

export type ShapeCst = Node<'shape', { first: IToken[]; name: IToken[]; body: BodyCst[] }>;

export type EntityCst = Node<
  'entity',
  {
    first: IToken[];
    attribute?: AttributeCst[];
    name: IToken[];
    body: BodyCst[];
  }
>;

export type DeriveCst = Node<
  'derive',
  {
    first: IToken[];
    name: IToken[];
    source: SourceCst[];
    where?: ExpressionCst[];
    body: BodyCst[];
  }
>;

export type SourceCst = Node<'source', { mode?: IToken[]; path: PathCst[]; alias?: IToken[] }>;

export type LookupCst = Node<
  'lookup',
  {
    first: IToken[];
    name: IToken[];
    path: IToken[];
    field?: FieldCst[];
    key?: KeyCst[];
    last: IToken[];
  }
>;

export type FnCst = Node<
  'fn',
  {
    first: IToken[];
    name: IToken[];
    parameter?: ParameterCst[];
    type: TypeCst[];
    expression: ExpressionCst[];
  }
>;

export type ParameterCst = Node<'parameter', { name: IToken[]; type: TypeCst[] }>;

export type SecretCst = Node<'secret', { first: IToken[]; name: IToken[] }>;

export type StreamCst = Node<
  'stream',
  {
    first: IToken[];
    name: IToken[];
    subject?: SubjectCst[];
    setting?: SettingCst[];
    last: IToken[];
  }
>;

export type SubjectCst = Node<'subject', { first: IToken[]; name: IToken[]; pattern: IToken[] }>;

export type RoleCst = Node<
  'role',
  {
    first: IToken[];
    name: IToken[];
    link?: LinkCst[];
    setting?: SettingCst[];
    last: IToken[];
  }
>;

export type LinkCst = Node<'link', { first?: IToken[]; path?: PathCst[]; only?: IToken[] }>;

export type SettingCst = Node<'setting', { name: IToken[]; literal: LiteralCst[] }>;

export type TestCst = Node<
  'test',
  {
    first: IToken[];
    title: IToken[];
    step?: (GivenCst | ExpectCst)[];
    last: IToken[];
  }
>;

export type GivenCst = Node<
  'given',
  {
    first: IToken[];
    name: IToken[];
    path?: IToken[];
    json?: (JsonObjectCst | JsonArrayCst)[];
  }
>;

export type ExpectCst = Node<
  'expect',
  {
    first: IToken[];
    rejected?: IToken[];
    code?: IToken[];
    table?: IToken[];
    row?: JsonObjectCst[];
    condition?: ExpressionCst[];
  }
>;

/** What a kind of role does to nomnom's own tables. */
export type RoleKind = 'ingest' | 'worker';

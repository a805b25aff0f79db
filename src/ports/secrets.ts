/**
 * The values that a secret has now: several while one is exchanged for another, and none where the process was given
 * none. They may change while the process runs, so nobody keeps them.
 */
export type SecretValues = (name: string) => readonly string[];

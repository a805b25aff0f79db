/** Characters. Longer texts take the general way: the bytes of the longest are kept for ever. */
export const MAX_LENGTH = 100_000;

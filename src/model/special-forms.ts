/** Forms that look like calls and are none: they decide what happens to the message or the row. */
export const specialForms = ['fail', 'skip', 'try'] as const;

export type SpecialFormName = (typeof specialForms)[number];

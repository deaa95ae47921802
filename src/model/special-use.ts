/** The roles a folder can have (RFC 6154, plus the inbox). `all`, `flagged` and `important` are views, not stores. */
export const SPECIAL_USES = ['inbox', 'archive', 'drafts', 'junk', 'sent', 'trash', 'all', 'flagged', 'important'] as const
export type SpecialUse = (typeof SPECIAL_USES)[number]

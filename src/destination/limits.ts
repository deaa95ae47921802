import type { DestinationLimits } from './port.ts'

/** What a plain IMAP server accepts until it says otherwise. */
export function plainLimits(separator: string, canHoldKeywords: boolean, appendLimitBytes: number | null): DestinationLimits {
  return {
    separator,
    caseInsensitiveNames: false,
    trimsNames: false,
    reservedNames: new Set(),
    maxNameUnits: 200,
    maxDepth: 60,
    maxMessageBytes: appendLimitBytes,
    lineBreaksSessionBytes: null,
    keywords: canHoldKeywords,
    flagsByStore: [],
    keepsBytes: true,
  }
}

/**
 * Exchange Online as observed (exchange-imap-quirks L3, L5, L11, Q3, Q5, Q14, Q15, Q16, Q19):
 * a line of 10,240 bytes in a literal ends the session, names fold case and blanks, `\Flagged` needs a STORE.
 */
export function exchangeLimits(maxMessageBytes: number): DestinationLimits {
  return {
    separator: '/',
    caseInsensitiveNames: true,
    trimsNames: true,
    reservedNames: new Set(EXCHANGE_RESERVED),
    maxNameUnits: 250,
    maxDepth: 250,
    maxMessageBytes,
    lineBreaksSessionBytes: 10_240,
    keywords: false,
    flagsByStore: ['\\Flagged'],
    keepsBytes: false,
  }
}

/** Refused by CREATE, or folders that hold something else than mail (microsoft365.md §2.4). */
const EXCHANGE_RESERVED = [
  'files',
  'calendar',
  'contacts',
  'tasks',
  'notes',
  'journal',
  'outbox',
  'sync issues',
  'conversation history',
  'rss feeds',
  'rss subscriptions',
  'suggested contacts',
  'quick step settings',
  'yammer root',
]

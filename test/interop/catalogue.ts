/**
 * The cases of interoperability, by their numbers: A access, F folders, E listing and delta, T transfer, L throttling and failures,
 * U lists of users. A case stands in the name of a test; where tests that were there before hold it, it stands here; and where it is
 * left out, here is why.
 */
export const CASES: Readonly<Record<string, number>> = { A: 25, F: 28, E: 21, T: 28, L: 14, U: 6 }

/** `test`: words of its name, as they stand in the file. */
export type Held = { readonly file: string; readonly test: string }

const SERVERS = 'test/interop/servers.test.ts'
const SOURCE = 'test/conformance/source.ts'

export const HELD: Readonly<Record<string, readonly Held[]>> = {
  F02: [{ file: 'test/peers/sources.test.ts', test: 'all that it took arrives once, as it is, and is verified' }],
  F03: [{ file: 'test/peers/sources.test.ts', test: 'all that it took arrives once, as it is, and is verified' }],
  F11: [{ file: 'test/scenario/folders.test.ts', test: 'names with the separator of the other side' }],
  F18: [{ file: 'src/mapping/plan-folders.test.ts', test: 'what Proton Mail Bridge shows again' }],
  F19: [
    { file: 'src/mapping/plan-folders.test.ts', test: 'views are left out with the reason' },
    { file: 'test/scenario/gmail.test.ts', test: 'a labelled mailbox arrives with each message once' },
  ],
  F23: [{ file: 'test/scenario/personalities.test.ts', test: 'items that are no mail stay' }],
  E01: [
    { file: 'src/engine/feed.test.ts', test: 'a big folder is listed window by window' },
    { file: 'test/memory/flat.test.ts', test: 'memory does not grow with the mailbox' },
  ],
  E02: [{ file: SOURCE, test: 'UIDVALIDITY and UIDNEXT are the same in every session' }],
  E03: [{ file: SOURCE, test: 'UIDVALIDITY and UIDNEXT are the same in every session' }],
  E04: [
    { file: 'src/engine/scan.test.ts', test: 'a folder whose status stands still is not opened' },
    { file: SERVERS, test: 'a day later only what changed is carried' },
  ],
  E05: [{ file: SERVERS, test: 'a day later only what changed is carried' }],
  E06: [
    { file: SERVERS, test: 'a day later only what changed is carried' },
    { file: SOURCE, test: 'what changed since a mod-sequence is told' },
  ],
  E07: [{ file: SERVERS, test: 'a day later only what changed is carried' }],
  E08: [{ file: 'test/crash/trouble.test.ts', test: 'UIDVALIDITY changes at the source between two passes' }],
  E10: [
    { file: 'src/imap/reading.test.ts', test: 'an answer that the server cut is followed to its end' },
    { file: 'src/imap/message-limit.test.ts', test: 'changes that the server cuts are followed downwards' },
  ],
  E12: [{ file: 'src/source/window.test.ts', test: 'a folder of exactly ten thousand messages is warned of' }],
  E17: [{ file: 'test/fuzz/mailbox.test.ts', test: 'after the final pass the destination holds what the source held' }],
  E18: [{ file: 'test/scenario/delta.test.ts', test: 'a folder renamed at the source takes its copies along' }],
  E21: [
    { file: 'test/crash/kill.test.ts', test: 'killed at random instants' },
    { file: SERVERS, test: 'killed, resumed, verified' },
  ],
  T01: [{ file: SOURCE, test: 'messages come byte for byte' }],
  T10: [{ file: 'test/scenario/nasty-into-exchange.test.ts', test: 'each message arrives once with its content, date and flags' }],
  T21: [{ file: 'src/engine/outgoing.test.ts', test: 'Exchange gets no keywords, which are told' }],
  T22: [{ file: 'test/scenario/nasty-into-dovecot.test.ts', test: 'each message arrives once with its content, date and flags' }],
  T27: [
    { file: SOURCE, test: 'after all of this the source is as it was' },
    { file: SERVERS, test: 'the source is as it was' },
  ],
  T28: [{ file: 'test/scenario/nasty-into-exchange.test.ts', test: 'each message arrives once with its content, date and flags' }],
  L10: [{ file: 'test/crash/trouble.test.ts', test: 'both servers restart again and again' }],
  L13: [
    { file: 'src/microsoft/exchange-token.test.ts', test: 'a token is renewed before it runs out' },
    { file: 'src/imap/session.test.ts', test: 'an expired token ends the session whoever hears of it first' },
  ],
  L14: [{ file: 'test/access/connection.test.ts', test: 'a server that bans this machine is asked no more' }],
}

export const LEFT_OUT: Readonly<Record<string, string>> = {
  A12: 'Nobody reads a mailbox through the access lists of an administrator here: logins act for the person. A tree of somebody else is copied only by source_root.',
  T20: 'Dates that a restore made equal are carried as they are: only whoever restored can tell them from a day of bulk mail.',
}

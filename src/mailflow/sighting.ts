import type { HeaderField } from './headers.ts'

/** What a probe is found by: its Message-ID where we made it, else the id in its subject. */
export type Sought = { readonly messageId: string | null; readonly id: string }

/** A probe that has arrived. */
export type Sighting = {
  readonly where: 'tenant' | 'imap'
  readonly mailbox: string
  readonly folder: string
  readonly junk: boolean
  readonly receivedMs: number
  readonly subject: string
  readonly messageId: string
  readonly headers: readonly HeaderField[]
  /** Whole, where it was read so. */
  readonly bytes: Buffer | null
}

/** A mailbox that probes are looked for in, and taken out of again. */
export type Lookout = {
  readonly mailbox: string
  find(sought: Sought): Promise<Sighting | null>
  /** Takes our probes out again, all of a run; tells how many. Nothing else is touched. */
  remove(run: string): Promise<number>
}

/** One message for one mailbox, ready to go. */
export type Letter = {
  readonly from: { readonly name: string; readonly address: string }
  readonly replyTo: string | null
  readonly to: { readonly name: string; readonly address: string }
  /** Without its brackets. */
  readonly messageId: string
  readonly language: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly logo: Picture | null
}

export type Picture = { readonly type: 'image/png' | 'image/jpeg' | 'image/gif'; readonly name: string; readonly bytes: Uint8Array }

/** The content id of the picture. */
export const LOGO = 'logo'

/**
 * What became of it. `later`: certainly not taken, worth another try. `refused`: certainly not taken, and will not be. `doubt`: nobody
 * knows, so that it is never tried again by itself.
 */
export type Outcome = { readonly kind: 'sent' | 'later' | 'refused' | 'doubt'; readonly says: string }

/** A way that messages leave by. Throws a `Failure` where none would: sign-in refused, no host; then it was certainly not taken. */
export type Carrier = AsyncDisposable & {
  /** `recipient`: who it is handed in for; `to` of the letter is what its reader sees. */
  send(letter: Letter, recipient: string): Promise<Outcome>
}

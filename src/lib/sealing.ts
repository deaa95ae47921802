import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'

/** A text under AES-256-GCM, each part in base64. */
export type Sealed = { readonly salt: string; readonly nonce: string; readonly tag: string; readonly sealed: string }

export type Sealing = {
  /** `about` is sealed along, so that one sealed text cannot stand in for another. */
  seal(text: string, about: string): Sealed
  /** null where the key is another one, it is about something else, or it was touched. */
  open(sealed: Sealed, about: string): string | null
}

/**
 * Seals under a key that scrypt makes of what a person chose. That takes a tenth of a second, once for each salt and no more; what
 * was drawn at random needs no such stretching.
 */
export function sealing(key: string, kind: 'chosen' | 'random' = 'chosen'): Sealing {
  const keys = new Map<string, Buffer>()
  const keyFor = (salt: string): Buffer => {
    const made = keys.get(salt) ?? scryptSync(key, Buffer.from(salt, 'base64'), 32, kind === 'random' ? { N: 2 } : {})
    keys.set(salt, made)
    return made
  }
  let ownSalt: string | null = null
  return {
    seal(text, about) {
      ownSalt ??= randomBytes(16).toString('base64')
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', keyFor(ownSalt), nonce).setAAD(Buffer.from(about))
      const bytes = Buffer.concat([cipher.update(text), cipher.final()])
      const base64 = (part: Buffer): string => part.toString('base64')
      return { salt: ownSalt, nonce: base64(nonce), tag: base64(cipher.getAuthTag()), sealed: base64(bytes) }
    },
    open({ salt, nonce, tag, sealed }, about) {
      try {
        const cipher = createDecipheriv('aes-256-gcm', keyFor(salt), Buffer.from(nonce, 'base64'), { authTagLength: 16 })
        cipher.setAAD(Buffer.from(about)).setAuthTag(Buffer.from(tag, 'base64'))
        return Buffer.concat([cipher.update(Buffer.from(sealed, 'base64')), cipher.final()]).toString()
      } catch {
        return null
      }
    },
  }
}

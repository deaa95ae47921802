import type { Checked } from './checked.ts'

const UNITS: Readonly<Record<string, number>> = { b: 1, bytes: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40 }
/** Exchange Online takes no larger message, whatever the licence. */
export const LARGEST_MESSAGE_BYTES = 150 * 2 ** 20

/** Bytes of `150 MB`, `2.5 GB`, `12345` or `1.5 GB (1,610,612,736 bytes)`; a kilobyte has 1024. */
export function sizeOf(text: string): Checked<number> {
  const exact = /\(([\d,. ]+) bytes\)$/i.exec(text.trim())?.[1]
  if (exact !== undefined) return { value: Number(exact.replaceAll(/\D/g, '')) }
  const [, digits, unit] = /^(\d{1,15}(?:[.,]\d{1,6})?)\s*(b|bytes|kb|mb|gb|tb)?$/i.exec(text.trim()) ?? []
  if (digits === undefined) return { says: 'a size like 150 MB' }
  return { value: Math.round(Number(digits.replace(',', '.')) * (UNITS[(unit ?? 'b').toLowerCase()] ?? 1)) }
}

/** The largest message that a mailbox takes or sends. */
export function messageSizeOf(text: string): Checked<number> {
  const size = sizeOf(text)
  if ('says' in size) return size
  if (size.value > LARGEST_MESSAGE_BYTES) return { says: 'Exchange Online takes messages of at most 150 MB' }
  if (size.value < 1024) return { says: 'it has a unit: 150 MB' }
  return size
}

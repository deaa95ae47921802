const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 }

/** Bytes of `36MB`, `36 MB (37,748,736 bytes)`, `37748736`; Infinity for `Unlimited`; null for what is no size. */
export function sizeInBytes(value: unknown): number | null {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (/^unlimited$/i.test(text)) return Infinity
  // What is shown besides is rounded, and its separators follow the language of whoever asks.
  const exact = /\(([0-9][0-9,.' \u00a0\u202f]*) bytes\)/i.exec(text)?.[1]
  if (exact !== undefined) return Number(exact.replaceAll(/\D/g, ''))
  const { amount, unit = '' } = /^(?<amount>\d+(?:\.\d+)?)\s*(?<unit>[KMGT]?B)?$/i.exec(text)?.groups ?? {}
  return amount === undefined ? null : Math.round(Number(amount) * (UNITS[unit.toUpperCase()] ?? 1))
}

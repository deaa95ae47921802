const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** How Exchange shows a size: `50 GB (53,687,091,200 bytes)`; `Unlimited` for none. */
export function showSize(bytes: number | null): string {
  if (bytes === null) return 'Unlimited'
  const power = bytes === 0 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)))
  const value = bytes / 1024 ** power
  return `${Number(value.toPrecision(4))} ${UNITS[power] ?? 'B'} (${bytes.toLocaleString('en-US')} bytes)`
}

/** Bytes of `50GB`, `49.5 GB`, `150 MB (157,286,400 bytes)`, `36700160`; null for `unlimited`; undefined for anything else. */
export function readSize(text: string): number | null | undefined {
  if (/^unlimited$/i.test(text)) return null
  const exact = /\(([\d,]+) bytes\)/.exec(text)
  if (exact !== null) return Number((exact[1] ?? '').replaceAll(',', ''))
  const match = /^\s*([\d.]+)\s*(B|KB|MB|GB|TB)?\s*$/i.exec(text)
  if (match === null) return undefined
  const power = UNITS.findIndex((unit) => unit === (match[2] ?? 'B').toUpperCase())
  return Math.round(Number(match[1]) * 1024 ** power)
}

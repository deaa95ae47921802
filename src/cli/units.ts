import { InvalidArgumentError } from 'commander'

/** 12345 → "12,345" */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** count with its noun: "1 message", "2,411 messages". */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : /(?:x|ch)$/.test(noun) ? 'es' : 's'}`
}

const SIZES = [
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
] as const

/** Bytes with decimal prefixes: 999 B, 1.2 kB, 34.2 MB. */
export function size(bytes: number): string {
  // 0.9995 and more of a unit would be written as 1,000 of the smaller one.
  for (const [unit, factor] of SIZES)
    if (bytes >= factor * 0.9995) {
      const value = bytes / factor
      return `${value >= 99.95 ? count(value) : value.toFixed(1)} ${unit}`
    }
  return `${Math.round(bytes)} B`
}

/** 0.4 s, 12 s, 2 min 10 s, 3 h 5 min, 2 d 4 h */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return two(Math.floor(whole / 60), 'min', whole % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return two(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(seconds / 3600)
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function two(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
}

const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  kib: 1024,
  m: 1e6,
  mb: 1e6,
  mib: 1024 ** 2,
  g: 1e9,
  gb: 1e9,
  gib: 1024 ** 3,
}

/** Reads "35MB", "500 kB", "1GiB", "4096" as bytes. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim())
  const factor = FACTORS[match?.[2]?.toLowerCase() ?? 'none']
  const bytes = match === null || factor === undefined ? 0 : Math.floor(Number(match[1]) * factor)
  if (bytes < 1) throw new InvalidArgumentError('Write a size like 35MB or 500kB.')
  return bytes
}

/** Reads "4MB/s" as bytes a second; the "/s" may be left out. */
export function parseRate(text: string): number {
  try {
    return parseSize(text.trim().replace(/\/s(?:ec)?$/i, ''))
  } catch {
    throw new InvalidArgumentError('Write a rate like 4MB/s or 500kB/s.')
  }
}

/** Reads a whole number of at least 1. */
export function parseCount(text: string): number {
  const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0
  if (value < 1) throw new InvalidArgumentError('Write a whole number of at least 1.')
  return value
}

/** Reads "500" as messages and "5%" as a share. */
export function parseSample(text: string): { readonly messages: number } | { readonly percent: number } {
  const share = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim())
  if (share === null) return { messages: parseCount(text) }
  const percent = Number(share[1])
  if (!(percent > 0 && percent <= 100)) throw new InvalidArgumentError('Write a share above 0% and up to 100%.')
  return { percent }
}

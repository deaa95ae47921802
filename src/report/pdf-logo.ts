import { inflateSync } from 'node:zlib'
import type { Content } from 'pdfmake/interfaces.js'
import type { ReportDocument } from './document.ts'

const LARGEST_BYTES = 2 * 1024 * 1024
const MOST_PIXELS = 16_000_000
/** By the colour type of a PNG. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const BOX: [number, number] = [170, 46]

/** The logo as pdfmake draws it (a raster image by the name `logo`); null where there is none, or none that is safe and sound to draw. */
export function pdfLogo(logo: ReportDocument['logo']): Content | null {
  if (logo === null || logo.bytes.length > LARGEST_BYTES) return null
  const margin: [number, number, number, number] = [0, 0, 0, 14]
  if (logo.type === 'svg') {
    const svg = new TextDecoder().decode(logo.bytes)
    return isPlainSvg(svg) ? { svg, fit: BOX, margin } : null
  }
  const size = logo.type === 'png' ? pngSize(logo.bytes) : jpegSize(logo.bytes)
  if (size === null || size.width * size.height > MOST_PIXELS || size.width * size.height === 0) return null
  return { image: 'logo', fit: BOX, margin }
}

/** Shapes and text alone: what names another file, or is no picture, could read what lies on this machine. */
function isPlainSvg(svg: string): boolean {
  const names = svg.matchAll(/(?:href\s*=\s*|url\s*\(\s*)["']?\s*([^"'\s)>]*)/gi)
  return (
    /<svg[\s>]/i.test(svg) &&
    !/<(?:image|script|foreignObject|style)\b|<!(?:ENTITY|DOCTYPE)|@import/i.test(svg) &&
    [...names].every(([, name]) => name?.startsWith('#'))
  )
}

/** null where it is not whole: the library decodes it in the background, where a damaged one would end the process. */
function pngSize(bytes: Uint8Array): { width: number; height: number } | null {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (at.length < 45 || at.readUInt32BE(0) !== 0x89_50_4e_47 || at.toString('latin1', 12, 16) !== 'IHDR') return null
  const [width, height, depth] = [at.readUInt32BE(16), at.readUInt32BE(20), at[24] ?? 0]
  const channels = CHANNELS[at[25] ?? -1] ?? 0
  // Interlaced ones are left out: nobody has one as a logo.
  if (channels === 0 || at[28] !== 0 || width * height > MOST_PIXELS) return null
  const pieces: Buffer[] = []
  for (let place = 8; ;) {
    if (place + 12 > at.length) return null
    const [length, kind] = [at.readUInt32BE(place), at.toString('latin1', place + 4, place + 8)]
    if (kind === 'IEND') break
    if (kind === 'IDAT') pieces.push(at.subarray(place + 8, place + 8 + length))
    place += 12 + length
  }
  const row = Math.ceil((width * channels * depth) / 8) + 1
  try {
    const data = inflateSync(Buffer.concat(pieces), { maxOutputLength: row * height })
    const isWhole =
      data.length === row * height && Array.from({ length: height }, (_, line) => data[line * row] ?? 9).every((filter) => filter <= 4)
    return isWhole ? { width, height } : null
  } catch {
    return null
  }
}

function jpegSize(bytes: Uint8Array): { width: number; height: number } | null {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (at.length < 4 || at.readUInt16BE(0) !== 0xff_d8) return null
  for (let place = 2; place + 9 < at.length; place += 2 + at.readUInt16BE(place + 2)) {
    if (at[place] !== 0xff) return null
    const marker = at[place + 1] ?? 0
    // Start of frame, whatever the kind; C4, C8 and CC are other things.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: at.readUInt16BE(place + 5), width: at.readUInt16BE(place + 7) }
  }
  return null
}

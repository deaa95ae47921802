import { hash } from 'node:crypto'
import { addressesOf, messageIdWithoutDomain, subjectText } from './header.ts'
import { eightBitText, firstValues, foldWhite, splitHeader } from './header-fields.ts'
import { parseMailDate } from './mail-date.ts'

/** Who a message is, as far as header values tell; compared as multisets within a folder (two equal messages are two). */
export type Fingerprint = {
  /** 16 bytes over Message-ID, Date, From and Subject. */
  readonly strict: Buffer
  /** 16 bytes that also survive a server that adds what this message lacks: without Message-ID, without Date, or without both. */
  readonly loose: Buffer
  /** All that `loose` can be for a message that a server may have completed: a copy is looked for by each. */
  readonly variants: readonly Buffer[]
  /** The header is too thin to tell messages apart: ask again with a sample of the body. */
  readonly thin: boolean
}

const FIELDS = new Set(['message-id', 'date', 'from', 'subject'])
const SAMPLE_BYTES = 4096

/**
 * Takes the fingerprint of a message from its header (the bytes up to the blank line). It survives re-folding, RFC 2047
 * re-encoding, reordering, a changed display name, a Date in another zone, and a Message-ID whose domain changes with every access
 * (Domino). For thin headers `thinSample`, the first bytes
 * of the body, goes into both hashes: letters and digits only, so that transfer encoding of plain text does not matter much.
 * Take it from the bytes that were sent: some repairs add or cut the values it is made of.
 */
export function fingerprint(header: Buffer, thinSample?: Buffer): Fingerprint {
  const values = firstValues(splitHeader(header), FIELDS)
  const id = messageIdWithoutDomain(values.get('message-id') ?? null)
  const date = dateKey(values.get('date') ?? '')
  const from = (addressesOf(values.get('from') ?? null)[0] ?? '').replaceAll(/\s+/g, '')
  const subject = subjectText(values.get('subject') ?? null)
  const told = (date === '' ? 0 : 1) + (from === '' ? 0 : 1) + (subject === '' ? 0 : 1)
  const thin = id === '' && told <= 1
  const sample = thin && thinSample !== undefined ? sampleKey(thinSample) : null
  const hashOf = (...parts: readonly string[]): Buffer =>
    hash('sha256', joined(sample === null ? parts : [...parts, sample]), 'buffer').subarray(0, 16)
  const withoutId = hashOf('id', date, from, subject)
  const withoutDate = hashOf('date', id, from, subject)
  const withoutBoth = hashOf('both', from, subject)
  return {
    strict: hashOf('strict', date, from, subject, id),
    loose: date !== '' ? withoutId : id !== '' ? withoutDate : withoutBoth,
    variants: [withoutId, withoutDate, withoutBoth],
    thin,
  }
}

function dateKey(raw: string): string {
  if (raw === '') return ''
  const ms = parseMailDate(raw)
  return ms === null ? foldWhite(eightBitText(raw)) : String(ms / 1000)
}

function sampleKey(sample: Buffer): string {
  return sample
    .subarray(0, SAMPLE_BYTES)
    .toString('latin1')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '')
}

/** Each value ends in a NUL, which cannot be part of one: neighbours never run into each other. */
function joined(values: readonly string[]): string {
  return values.map((value) => `${value.replaceAll('\0', '')}\0`).join('')
}

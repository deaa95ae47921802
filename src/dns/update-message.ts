import { canonicalName, type RecordSet, type RecordType } from './record-set.ts'
import { stringsOf } from './txt-strings.ts'
import { u16, u32, wireName } from './wire-bytes.ts'

const TYPES: Readonly<Record<RecordType, number>> = { A: 1, NS: 2, CNAME: 5, MX: 15, TXT: 16, AAAA: 28, SRV: 33, TLSA: 52, CAA: 257 }
const TYPE_SOA = 6
const [CLASS_IN, CLASS_NONE, CLASS_ANY] = [1, 254, 255]
const OPCODE_UPDATE = 5
const NOTHING = Buffer.alloc(0)

/** One record set as it must be before (null: absent) and shall be afterwards (null: absent). */
export type Swap = { readonly name: string; readonly type: RecordType; readonly before: RecordSet | null; readonly after: RecordSet | null }

/**
 * An UPDATE that carries out all swaps or none (RFC 2136): its prerequisites are the sets as they stand now, each complete, so that
 * nothing happens when somebody else changed one. A time to live is no part of a prerequisite. A set is deleted and made anew, as
 * Knot does not take another time to live for a record that stays.
 */
export function updateMessage(id: number, zone: string, swaps: readonly Swap[]): Buffer {
  const prerequisites = swaps.flatMap(({ name, type, before }) =>
    before === null
      ? [record(name, TYPES[type], CLASS_NONE, 0, NOTHING)]
      : before.data.map((one) => record(name, TYPES[type], CLASS_IN, 0, rdata(type, one, before.held))),
  )
  // All deletions first: a CNAME is refused in silence while anything else has its name.
  const deletions = swaps.filter(({ before }) => before !== null).map(({ name, type }) => record(name, TYPES[type], CLASS_ANY, 0, NOTHING))
  const additions = swaps.flatMap(({ name, type, after }) =>
    after === null ? [] : after.data.map((one) => record(name, TYPES[type], CLASS_IN, after.ttlSeconds, rdata(type, one, after.held))),
  )
  const header = [u16(id), u16(OPCODE_UPDATE << 11), u16(1), u16(prerequisites.length), u16(deletions.length + additions.length), u16(0)]
  return Buffer.concat([...header, wireName(zone), u16(TYPE_SOA), u16(CLASS_IN), ...prerequisites, ...deletions, ...additions])
}

/** An UPDATE that changes nothing and asks whether such a set stands there by itself (RFC 2136 §2.4.1): code 0, or 8 where it does not. */
export function presenceMessage(id: number, zone: string, { name, type }: Pick<RecordSet, 'name' | 'type'>): Buffer {
  const header = [u16(id), u16(OPCODE_UPDATE << 11), u16(1), u16(1), u16(0), u16(0)]
  return Buffer.concat([...header, wireName(zone), u16(TYPE_SOA), u16(CLASS_IN), record(name, TYPES[type], CLASS_ANY, 0, NOTHING)])
}

function record(name: string, type: number, recordClass: number, ttlSeconds: number, data: Buffer): Buffer {
  return Buffer.concat([wireName(canonicalName(name)), u16(type), u16(recordClass), u32(ttlSeconds), u16(data.length), data])
}

/** The data of one record, as `RecordSet` writes it. */
function rdata(type: RecordType, text: string, held: string | undefined): Buffer {
  const words = text.split(' ')
  const numbers = (...at: number[]): Buffer[] => at.map((one) => u16(Number(words[one])))
  if (type === 'A') return Buffer.from(text.split('.').map(Number))
  if (type === 'AAAA') return v6Bytes(text)
  if (type === 'CNAME' || type === 'NS') return wireName(text)
  if (type === 'MX') return Buffer.concat([...numbers(0), wireName(words[1] ?? '')])
  if (type === 'SRV') return Buffer.concat([...numbers(0, 1, 2), wireName(words[3] ?? '')])
  if (type === 'TLSA') return Buffer.concat([Buffer.from(words.slice(0, 3).map(Number)), Buffer.from(words[3] ?? '', 'hex')])
  if (type === 'CAA') {
    const tag = Buffer.from(words[1] ?? '', 'latin1')
    const value = Buffer.from(words.slice(2).join(' ').replace(/^"|"$/g, ''), 'latin1')
    return Buffer.concat([Buffer.from([Number(words[0]), tag.length]), tag, value])
  }
  return Buffer.concat(stringsOf(text, held).map((string) => Buffer.concat([Buffer.from([string.length]), Buffer.from(string, 'latin1')])))
}

function v6Bytes(text: string): Buffer {
  const [head = '', tail] = text.split('::')
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  const [left, right] = [groups(head), tail === undefined ? [] : groups(tail)]
  const middle = Array.from({ length: tail === undefined ? 0 : 8 - left.length - right.length }, () => 0)
  return Buffer.concat([...left, ...middle, ...right].map(u16))
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { u16, u32, u48, wireName } from './wire-bytes.ts'

/** A key that both sides know, by which messages are signed (RFC 8945). */
export type TsigKey = { readonly name: string; readonly algorithm: TsigAlgorithm; readonly secret: Secret }
export type TsigAlgorithm = keyof typeof DIGESTS

const DIGESTS = {
  'hmac-sha1': 'sha1',
  'hmac-sha224': 'sha224',
  'hmac-sha256': 'sha256',
  'hmac-sha384': 'sha384',
  'hmac-sha512': 'sha512',
} as const
const TYPE_TSIG = 250
const CLASS_ANY = 255
/** How far the clocks may be apart (RFC 8945 §10: 300 seconds). */
const FUDGE_SECONDS = 300
const NOTHING = Buffer.alloc(0)

export type Signed = { readonly wire: Buffer; readonly mac: Buffer }
/** `error`: the server's TSIG error; `serverTimeMs` with BADTIME. */
export type TsigVerdict =
  | { readonly trusted: true }
  | { readonly trusted: false; readonly why: 'absent' | 'forged' | 'old' | 'BADSIG' | 'BADKEY' }
  | { readonly trusted: false; readonly why: 'BADTIME'; readonly serverTimeMs: number }

/** Reads `hmac-sha256:name:base64`, as `nsupdate -y` takes it. The secret is never in a message. Throws `bad-input`. */
export function tsigKey(text: string): TsigKey {
  const [algorithm = '', name = '', secret = ''] = text.trim().split(':')
  const known = Object.keys(DIGESTS).find((one): one is TsigAlgorithm => one === algorithm.toLowerCase())
  if (known === undefined || name === '' || !/^[A-Za-z0-9+/]+=*$/.test(secret))
    throw new Failure(
      'bad-input',
      `A TSIG key is written algorithm:name:base64, the algorithm being one of ${Object.keys(DIGESTS).join(', ')}.`,
    )
  return { name, algorithm: known, secret: new Secret(secret) }
}

/** The message with its TSIG record behind it. */
export function signed(message: Buffer, key: TsigKey, nowMs: number): Signed {
  const seconds = Math.floor(nowMs / 1000)
  const mac = hmac(key, Buffer.concat([message, variables(key, seconds, FUDGE_SECONDS, 0, NOTHING)]))
  const rdata = Buffer.concat([
    wireName(key.algorithm),
    u48(seconds),
    u16(FUDGE_SECONDS),
    u16(mac.length),
    mac,
    // the id, no error, nothing else
    message.subarray(0, 2),
    u32(0),
  ])
  const record = Buffer.concat([wireName(key.name), u16(TYPE_TSIG), u16(CLASS_ANY), u32(0), u16(rdata.length), rdata])
  const wire = Buffer.concat([message, record])
  wire.writeUInt16BE(message.readUInt16BE(10) + 1, 10)
  return { wire, mac }
}

/** Whether the answer is from who knows the key, and is an answer to this very request. An unsigned success proves nothing. */
export function verdict(answer: Buffer, requestMac: Buffer, key: TsigKey, nowMs: number): TsigVerdict {
  try {
    return judged(answer, requestMac, key, nowMs)
  } catch (error) {
    // Cut short, or lengths that point outside of it.
    if (error instanceof RangeError) return { trusted: false, why: 'forged' }
    throw error
  }
}

function judged(answer: Buffer, requestMac: Buffer, key: TsigKey, nowMs: number): TsigVerdict {
  const found = lastRecord(answer)
  if (found === null || found.type !== TYPE_TSIG) return { trusted: false, why: 'absent' }
  const { at, rdata, additional } = found
  let p = skipName(rdata, 0)
  const seconds = rdata.readUIntBE(p, 6)
  const fudge = rdata.readUInt16BE(p + 6)
  const macBytes = rdata.readUInt16BE(p + 8)
  const mac = rdata.subarray(p + 10, p + 10 + macBytes)
  p += 10 + macBytes
  const originalId = rdata.readUInt16BE(p)
  const error = rdata.readUInt16BE(p + 2)
  const other = rdata.subarray(p + 6, p + 6 + rdata.readUInt16BE(p + 4))
  // Both come unsigned, as there is no key to sign with.
  if (error === 16) return { trusted: false, why: 'BADSIG' }
  if (error === 17) return { trusted: false, why: 'BADKEY' }
  const bare = Buffer.from(answer.subarray(0, at))
  bare.writeUInt16BE(originalId, 0)
  bare.writeUInt16BE(additional - 1, 10)
  const wanted = hmac(key, Buffer.concat([u16(requestMac.length), requestMac, bare, variables(key, seconds, fudge, error, other)]))
  if (wanted.length !== mac.length || !timingSafeEqual(wanted, mac)) return { trusted: false, why: 'forged' }
  if (error === 18) return { trusted: false, why: 'BADTIME', serverTimeMs: (other.length === 6 ? other.readUIntBE(0, 6) : seconds) * 1000 }
  return Math.abs(Math.floor(nowMs / 1000) - seconds) > fudge ? { trusted: false, why: 'old' } : { trusted: true }
}

/** What is digested besides the message (RFC 8945 §4.3.3). */
function variables(key: TsigKey, seconds: number, fudge: number, error: number, other: Buffer): Buffer {
  const name = Buffer.concat([wireName(key.name), u16(CLASS_ANY), u32(0), wireName(key.algorithm)])
  return Buffer.concat([name, u48(seconds), u16(fudge), u16(error), u16(other.length), other])
}

function hmac(key: TsigKey, bytes: Buffer): Buffer {
  return createHmac(DIGESTS[key.algorithm], Buffer.from(key.secret.reveal(), 'base64')).update(bytes).digest()
}

type Last = { readonly type: number; readonly at: number; readonly rdata: Buffer; readonly additional: number }

/** The last record of a message; null where it has none. Throws a RangeError where it is cut short. */
function lastRecord(message: Buffer): Last | null {
  const [questions = 0, ...counts] = [4, 6, 8, 10].map((at) => message.readUInt16BE(at))
  let p = 12
  for (let i = 0; i < questions; i++) p = skipName(message, p) + 4
  let last: Last | null = null
  for (let i = counts.reduce((sum, count) => sum + count, 0); i > 0; i--) {
    const at = p
    p = skipName(message, p)
    const length = message.readUInt16BE(p + 8)
    last = { type: message.readUInt16BE(p), at, rdata: message.subarray(p + 10, p + 10 + length), additional: counts[2] ?? 0 }
    p += 10 + length
  }
  return last
}

function skipName(bytes: Buffer, from: number): number {
  for (let p = from; ;) {
    const length = bytes.readUInt8(p)
    if (length === 0) return p + 1
    if ((length & 0xc0) === 0xc0) return p + 2
    p += 1 + length
  }
}

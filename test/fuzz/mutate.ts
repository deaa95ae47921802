/** Bytes with small damage, the same for the same random numbers. */
import type { Random } from '../../src/simulator/random.ts'

const WORDS: readonly [string, ...string[]] = [
  '\r\n',
  '\n',
  '\r\n\r\n',
  '\0',
  '(',
  ')',
  '"',
  '{5}\r\n',
  '{999999999}\r\n',
  '* ',
  'NIL',
  '\xff',
  '=?',
  '--',
  'Content-Type: multipart/mixed; boundary="x"\r\n',
  '\\',
  '-1',
  '99999999999999999999',
]

/** `times` changes: a byte turned, a range gone or twice, a word put in, the end cut off. */
export function mutate(bytes: Buffer, random: Random, times: number): Buffer {
  let now = bytes
  for (let time = 0; time < times && now.length > 0; time++) {
    const at = random.int(now.length)
    const end = Math.min(now.length, at + 1 + random.int(random.chance(0.8) ? 8 : now.length))
    const middle = now.subarray(at, end)
    const before = now.subarray(0, at)
    const after = now.subarray(end)
    switch (random.int(5)) {
      case 0:
        now = Buffer.from(now)
        now[at] = random.int(256)
        break
      case 1:
        now = Buffer.concat([before, after])
        break
      case 2:
        now = Buffer.concat([before, middle, middle, after])
        break
      case 3:
        now = Buffer.concat([before, Buffer.from(random.pick(WORDS), 'latin1'), middle, after])
        break
      default:
        if (random.chance(0.2)) now = before
    }
  }
  return now
}

/** Numbers and names as DNS messages carry them (RFC 1035 §3, §4). */

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function u48(value: number): Buffer {
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(value, 0, 6)
  return bytes
}

/** In lower case and without compression: the form in which names are signed (RFC 8945 §4.3.3). '' and '.' are the root. */
export function wireName(name: string): Buffer {
  const labels = name.replace(/\.$/, '').toLowerCase().split('.')
  if (labels.length === 1 && labels[0] === '') return Buffer.from([0])
  return Buffer.concat([
    ...labels.map((label) => {
      const bytes = Buffer.from(label, 'latin1')
      if (bytes.length === 0 || bytes.length > 63) throw new RangeError(`not a name: ${name}`)
      return Buffer.concat([Buffer.from([bytes.length]), bytes])
    }),
    Buffer.from([0]),
  ])
}

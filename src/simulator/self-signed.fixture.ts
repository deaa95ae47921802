import { sign, type KeyObject } from 'node:crypto'

/** A self-signed certificate (DER) for an RSA key, so that tests and rehearsals need no openssl. Valid from 2020 to 2049. */
export function selfSigned(privateKey: KeyObject, publicKey: KeyObject, name = 'cutover rehearsal'): Buffer {
  const algorithm = der(0x30, der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05))
  const commonName = der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from(name)))
  const subject = der(0x30, der(0x31, commonName))
  const validity = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231000000Z')))
  const version = der(0xa0, der(0x02, Buffer.from([2])))
  const serial = der(0x02, Buffer.from([1]))
  const key = publicKey.export({ type: 'spki', format: 'der' })
  const body = der(0x30, version, serial, algorithm, subject, validity, subject, key)
  const signature = sign('sha256', body, privateKey)
  return der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature))
}

/** One ASN.1 value in DER: tag, length, content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const length = body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

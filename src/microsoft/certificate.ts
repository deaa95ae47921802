import { createPrivateKey, X509Certificate } from 'node:crypto'
import { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'

/** What MSAL wants of a certificate that signs an application in. */
export type ClientCertificate = { readonly thumbprintSha256: string; readonly privateKey: string; readonly x5c: string }

/** Reads the pair and checks it here, where the reason can still be told. Throws `bad-input`. */
export function clientCertificate(certificatePem: string, privateKeyPem: Secret, now: number): ClientCertificate {
  const certificate = parsed(
    () => new X509Certificate(certificatePem),
    'The certificate cannot be read. Give a PEM file that begins with BEGIN CERTIFICATE.',
  )
  const key = parsed(
    () => createPrivateKey(privateKeyPem.reveal()),
    'The private key cannot be read. Give a PEM file without a passphrase that begins with BEGIN PRIVATE KEY.',
  )
  if (key.asymmetricKeyType !== 'rsa') throw new Failure('bad-input', 'Microsoft sign-in needs an RSA key; this one is of another kind.')
  if (!certificate.checkPrivateKey(key)) throw new Failure('bad-input', 'The private key does not belong to the certificate.')
  if (certificate.validToDate.getTime() <= now)
    throw new Failure('bad-input', `The certificate expired on ${certificate.validToDate.toISOString().slice(0, 10)}. Make a new one.`)
  return {
    thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''),
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    x5c: certificate.toString(),
  }
}

function parsed<T>(read: () => T, otherwise: string): T {
  try {
    return read()
  } catch (cause) {
    // OpenSSL's words never hold the key itself, yet say nothing to a person either.
    throw new Failure('bad-input', otherwise, { cause })
  }
}

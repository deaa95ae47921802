import type { Secret } from '../model/secret.ts'

/** Who asks for tokens: the application itself, or a person who types a code in a browser. */
export type AppIdentity =
  | { readonly kind: 'secret'; readonly tenant: string; readonly clientId: string; readonly clientSecret: Secret }
  | {
      readonly kind: 'certificate'
      readonly tenant: string
      readonly clientId: string
      readonly privateKeyPem: Secret
      readonly certificatePem: string
    }
  | { readonly kind: 'device'; readonly tenant: string; readonly clientId: string; readonly show: (message: string) => void }

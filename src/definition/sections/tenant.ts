import { z } from 'zod'
import { oneOrMore, text } from '../field.ts'
import { section } from '../section.ts'
import { addressOf, domainOf } from '../values/address.ts'
import type { Checked } from '../values/checked.ts'
import { pemFileOf, secretPlaceOf } from './secret-field.ts'

export const CLOUD_NAMES = ['global', 'gcc-high', 'dod', 'china'] as const

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function tenantOf(given: string): Checked<string> {
  if (GUID.test(given) || /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i.test(given)) return { value: given }
  return { says: 'the id of the tenant or one of its domains, such as contoso.onmicrosoft.com' }
}

function clientIdOf(given: string): Checked<string> {
  return GUID.test(given) ? { value: given } : { says: 'the application (client) id, in the form 00000000-0000-0000-0000-000000000000' }
}

function cloudOnlyOf(given: string): Checked<string> {
  if (given.trim().toLowerCase() === 'all') return { value: '*' }
  return given.includes('@') ? addressOf(given) : domainOf(given)
}

function serviceOf(given: string): Checked<string> {
  const url = URL.canParse(given) ? new URL(given) : null
  const loopback = url !== null && /^https?:$/.test(url.protocol) && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (!loopback || url.username !== '' || url.password !== '')
    return { says: 'a simulator on this machine, http://127.0.0.1:PORT; leave it out for Microsoft 365 itself' }
  return { value: url.origin }
}

export const tenant = section({
  title: 'The tenant',
  about:
    'Which Microsoft 365 tenant is prepared, and as whom. An application signs in with a secret or with a certificate and its key; with ' +
    '`sign_in: device` a person signs in with a browser instead.',
  concealed: ['id', 'client_id', 'secret', 'certificate', 'key'],
  schema: z
    .strictObject({
      id: text(tenantOf).meta({ description: 'Its id, or a domain that is verified in it.', examples: ['contoso.onmicrosoft.com'] }),
      cloud: z.enum(CLOUD_NAMES).default('global').meta({ description: 'The national cloud that it lives in.' }),
      client_id: text(clientIdOf).meta({ description: 'Id of the app registration that signs in.' }),
      sign_in: z
        .enum(['app', 'device'])
        .default('app')
        .meta({ description: '`app`: the application itself, with secret or certificate. `device`: a person, with a code in a browser.' }),
      secret: text(secretPlaceOf).optional().meta({ description: 'Where the client secret is: `env:NAME` or `file:PATH`.' }),
      certificate: text(pemFileOf).optional().meta({ description: 'PEM file of the certificate, instead of a secret.' }),
      key: text(pemFileOf).optional().meta({ description: 'PEM file of its private key.' }),
      cloud_only: oneOrMore(text(cloudOnlyOf))
        .optional()
        .meta({
          description:
            'In a tenant that is synced from an Active Directory: domains and addresses whose new users are made in the cloud all the same, or `all`.',
          examples: ['example.org', 'anna@example.org'],
        }),
      service: text(serviceOf)
        .optional()
        .meta({ description: 'Base URL of a simulator on this machine. Left out: Microsoft 365.', examples: ['http://127.0.0.1:8443'] }),
    })
    .superRefine((given, ctx) => {
      const say = (message: string, path: readonly string[] = []): void => ctx.addIssue({ code: 'custom', message, path: [...path] })
      const [bySecret, byCertificate] = [given.secret !== undefined, given.certificate !== undefined || given.key !== undefined]
      if (given.sign_in === 'device') {
        if (bySecret || byCertificate) say('a person signs in (sign_in: device): leave secret, certificate and key out', ['sign_in'])
      } else if (bySecret && byCertificate) say('there is a secret and a certificate: give one of them', ['secret'])
      else if (byCertificate && given.certificate === undefined) say('its certificate is missing', ['key'])
      else if (byCertificate && given.key === undefined) say('its key is missing', ['certificate'])
      else if (!bySecret && !byCertificate)
        say('how the application signs in is missing: secret (env:NAME or file:PATH), or certificate and key')
    }),
})

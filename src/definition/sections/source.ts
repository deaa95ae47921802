import { z } from 'zod'
import { name, oneOrMore, text } from '../field.ts'
import { section } from '../section.ts'
import { mailHostOf, sourceUrlOf } from '../values/mail-place.ts'
import { pemFileOf, secretPlaceOf } from './secret-field.ts'

/** The words of `--access`; that they are the same is a test. */
export const ACCESS_METHOD_NAMES = [
  'own',
  'authzid',
  'template',
  'proxyauth',
  'kerio-master',
  'groupwise-app',
  'exchange-delegate',
  'google-service-account',
  'microsoft-app',
  'oauth',
] as const
/** The words of `--access-mechanism`. */
export const MECHANISM_NAMES = ['PLAIN', 'LOGIN', 'SASL-LOGIN', 'SCRAM-SHA-256', 'CRAM-MD5', 'XOAUTH2', 'OAUTHBEARER'] as const

export const source = section({
  title: 'The old side',
  about:
    'Where the mailboxes are now, how they are opened, and how mail comes there. `copy`, `verify`, `folders`, `logins`, `switch` and ' +
    '`mailflow test` take it from here with `-f`; an option goes before what stands here.',
  concealed: ['url', 'access'],
  schema: z.strictObject({
    url: text(sourceUrlOf)
      .optional()
      .meta({ description: 'Where the old mailboxes are read, as for `copy --source`.', examples: ['imaps://mail.example.org'] }),
    access: z
      .strictObject({
        method: z
          .enum(ACCESS_METHOD_NAMES)
          .default('own')
          .meta({ description: 'How they are opened: docs/guide/access.md. `own`: each by its own password, from the list.' }),
        login: name(256).optional().meta({ description: 'The administrator, or the trusted application.' }),
        secret: text(secretPlaceOf).optional().meta({ description: 'Where its password or key is: `env:NAME` or `file:PATH`.' }),
        template: name(256)
          .optional()
          .meta({ description: 'For `template`: the form of the login.', examples: ['{user}*{admin}'] }),
        tenant: name(256).optional().meta({ description: 'For `microsoft-app` and `oauth`: the tenant of the source.' }),
        client_id: name(256).optional().meta({ description: 'For `microsoft-app` and `oauth`: the application.' }),
        certificate: text(pemFileOf)
          .optional()
          .meta({ description: 'For `microsoft-app`: PEM file of its certificate; the secret is then its key.' }),
        mechanism: z.enum(MECHANISM_NAMES).optional().meta({ description: 'Sign in this way only.' }),
      })
      .optional()
      .meta({ description: 'How the old mailboxes are opened. Left out: each by its own password.' }),
    trees: z
      .strictObject({
        others: z.boolean().default(false).meta({ description: 'What other users share with each person is copied too.' }),
        public: z.boolean().default(false).meta({ description: 'The public folders are copied into each mailbox too.' }),
        folders: oneOrMore(name(256))
          .optional()
          .meta({ description: 'Folders that are copied although their kind stays behind: a view, Notes …' }),
      })
      .optional()
      .meta({ description: "What is copied beside each person's own folders." }),
    old_mx: text(mailHostOf)
      .optional()
      .meta({
        description: 'The mail host that the domain leaves. Left out: the one that MX names before the switch.',
        examples: ['mx.old.example', 'mx.old.example=192.0.2.1'],
      }),
    old_routing: z
      .enum(['local', 'auto', 'elsewhere', 'unknown'])
      .default('unknown')
      .meta({ description: 'How the old host routes mail of the domain, as a person has set it there; `local`: it keeps it.' }),
    ca_file: text(pemFileOf).optional().meta({ description: 'PEM file of certificates that are trusted too, at the old mailboxes.' }),
  }),
})

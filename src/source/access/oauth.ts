import { join } from 'node:path'
import { Failure } from '../../model/failure.ts'
import type { PersonSignIn } from '../../oauth/person-tokens.ts'
import type { AccessChoice, AccessMethod, AccessScene } from './method.ts'
import { wayOf, WAY } from './settings.ts'

/** Each person signs in once, at Google or Microsoft; what they grant is kept in the state directory. */
export const oauth: AccessMethod = {
  name: 'oauth',
  title: 'each person signs in once in a browser: Gmail, Outlook.com, Exchange Online',
  settings: [
    { key: 'clientId', label: 'the application that asks', required: true },
    { key: 'secret', label: 'its secret, which Google gives to desktop applications too', required: false },
    { key: 'tenant', label: 'for Microsoft: consumers (default), a tenant, or common', required: false },
    WAY,
  ],
  needsPasswords: false,
  usesTokens: true,
  async open(choice, scene) {
    const { personTokens } = await import('../../oauth/person-tokens.ts')
    const { grantStore } = await import('../../oauth/grant-store.ts')
    const store = grantStore(join(scene.stateDir, 'grants'), scene.sealKey)
    const tokens = personTokens(await serviceOf(choice, scene), store, scene.ctx)
    return ({ user }) => ({
      kind: 'token',
      user,
      token: () => tokens.token(user),
      renew: () => tokens.renew(user),
      ...wayOf(choice),
    })
  },
}

const ELSEWHERE = 'With access tokens from elsewhere as source_password in the list, use --access-mechanism XOAUTH2.'

async function serviceOf(choice: AccessChoice, scene: AccessScene): Promise<PersonSignIn> {
  const clientId = choice.clientId ?? ''
  const { host, cloud, authority, show, ctx } = scene
  if (/(^|\.)(gmail|googlemail|google)\.com$/i.test(host)) {
    const { browserSignIn } = await import('../../oauth/browser-sign-in.ts')
    const { GOOGLE_PERSON } = await import('../../google/person.ts')
    return browserSignIn(GOOGLE_PERSON, { id: clientId, secret: choice.secret }, show, ctx)
  }
  if (choice.tenant === null && authority === null && !/(^|\.)(outlook|office365|hotmail|live)\.(com|us|de|cn)$/i.test(host))
    throw new Failure('bad-input', `--access oauth signs in at Google and Microsoft, and ${host} is neither. ${ELSEWHERE}`)
  if (choice.secret !== null)
    throw new Failure('bad-input', '--access oauth takes no --access-secret for Microsoft: the application is a public one.')
  const { microsoftPerson } = await import('../../microsoft/person.ts')
  const { CLOUDS } = await import('../../microsoft/clouds.ts')
  return microsoftPerson({ tenant: choice.tenant ?? 'consumers', clientId, cloud: CLOUDS[cloud], authority, show, ctx })
}

import type { ImapLogin } from '../imap/endpoint.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { authzid } from './access/authzid.ts'
import { exchangeDelegate } from './access/exchange-delegate.ts'
import { googleServiceAccount } from './access/google-service-account.ts'
import { groupwiseApp } from './access/groupwise-app.ts'
import { kerioMaster } from './access/kerio-master.ts'
import type { AccessChoice, AccessMethod, AccessScene, ListedMailbox } from './access/method.ts'
import { microsoftApp } from './access/microsoft-app.ts'
import { oauth } from './access/oauth.ts'
import { own } from './access/own.ts'
import { proxyauth } from './access/proxyauth.ts'
import { checkSettings } from './access/settings.ts'
import { template } from './access/template.ts'

/** Every way to open the mailboxes of a source; a new one is a file in access/ and a line here. */
export const ACCESS_METHODS: readonly AccessMethod[] = [
  own,
  authzid,
  template,
  proxyauth,
  kerioMaster,
  groupwiseApp,
  exchangeDelegate,
  googleServiceAccount,
  microsoftApp,
  oauth,
]

/** What holds where nothing is said: each mailbox by its own password. */
export const OWN_ACCESS: AccessChoice = {
  kind: 'own',
  login: null,
  secret: null,
  template: null,
  tenant: null,
  clientId: null,
  certificatePem: null,
  way: null,
}

/** The application of a simulated tenant, which the simulator itself tells. */
export const SIMULATED_ACCESS: AccessChoice = {
  ...OWN_ACCESS,
  kind: 'microsoft-app',
  tenant: 'simulated',
  clientId: 'simulated',
  secret: new Secret('simulated'),
}

/** The way that was chosen, its settings checked. Throws `bad-input`. */
export function accessMethod(choice: AccessChoice): AccessMethod {
  const method = ACCESS_METHODS.find(({ name }) => name === choice.kind)
  if (method === undefined) {
    const names = ACCESS_METHODS.map(({ name }) => name).join(', ')
    throw new Failure('bad-input', `--access ${choice.kind} is not known: there are ${names}.`)
  }
  checkSettings(choice, method.settings)
  return method
}

/** How each mailbox of the list is signed in to. Asks no server. */
export async function accessLogins(choice: AccessChoice, scene: AccessScene): Promise<(mailbox: ListedMailbox) => ImapLogin> {
  return accessMethod(choice).open(choice, scene)
}

import { Failure } from '../../model/failure.ts'
import type { Secret } from '../../model/secret.ts'
import type { WantedDns } from '../../model/wanted-dns.ts'
import type { DnsProvider, Settings } from '../provider.ts'
import { providerNamed } from '../providers.ts'

/** What `env:NAME` or `file:PATH` stands for; null where the text is neither, and what is wrong, continuing a sentence. */
export type SecretAt = (place: string) => Promise<{ readonly secret: Secret } | { readonly says: string } | null>

/** The host of a domain with its settings. All that is wrong with them comes in one `Failure('bad-input')`, without any value. */
export async function hostOf(
  wanted: WantedDns,
  secretAt: SecretAt,
): Promise<{ readonly provider: DnsProvider; readonly settings: Settings }> {
  const provider = known(wanted)
  const wrong: string[] = []
  const settings: Record<string, string | Secret> = {}
  const keys = provider.settings.map(({ key }) => key)
  // The address of a stand-in on this machine, which every host behind HTTPS takes.
  const taken = new Set([...keys, 'base'])
  for (const [key, given] of Object.entries(wanted.settings)) {
    const isSecret = provider.settings.find((one) => one.key === key)?.secret === true
    const found = await secretAt(given)
    if (!taken.has(key)) wrong.push(`"${key}" is no setting of ${provider.name}: there is ${keys.join(', ') || 'none'}`)
    else if (found !== null && 'secret' in found) settings[key] = isSecret ? found.secret : found.secret.reveal()
    else if (found !== null) wrong.push(`${key} ${found.says}`)
    else if (isSecret)
      wrong.push(
        `${key}: a secret does not stand in this file: put it into an environment variable (env:NAME) or a file of its own (file:PATH)`,
      )
    else settings[key] = given
  }
  // Where nothing else is said the domain is a zone of its own.
  if (keys.includes('zone')) settings['zone'] ??= wanted.domain
  for (const { key, label, required, hint } of provider.settings)
    if (required && !Object.hasOwn({ ...settings, ...wanted.settings }, key))
      wrong.push(`${key} is missing (${label}${hint === undefined ? '' : `, such as ${hint}`})`)
  if (wrong.length > 0) throw new Failure('bad-input', wrong.map((one) => `${wanted.where}: DNS of ${wanted.domain}: ${one}`).join('\n'))
  return { provider, settings }
}

function known({ provider, where }: WantedDns): DnsProvider {
  try {
    return providerNamed(provider)
  } catch (error) {
    if (error instanceof Failure) throw new Failure('bad-input', `${where}: ${error.message}`, { cause: error })
    throw error
  }
}

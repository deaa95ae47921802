import { cmdletRefusal } from './answers.ts'
import { acceptedDomains, initialDomain } from './address-book.ts'
import { given, set, type CmdletCall, type CmdletTable } from './cmdlet.ts'
import { alreadyExists, cmdletsOf, named } from './cmdlet-family.ts'
import { addObject, existing, iso } from './exchange-objects.ts'
import { textOf, type Props } from './props.ts'
import { guidFrom, type TenantWorld } from './world.ts'

/** DKIM signing: two CNAME records must be in DNS before it can be switched on. */
export const DKIM_CMDLETS: CmdletTable = {
  ...cmdletsOf({ noun: 'DkimSigningConfig', family: 'protection', verbs: ['Get'], parameters: [], key: 'Domain' }),
  'New-DkimSigningConfig': {
    family: 'protection',
    parameters: ['DomainName!', 'Enabled!', 'KeySize', 'BodyCanonicalization', 'HeaderCanonicalization', 'AdminDisplayName'],
    enums: { KeySize: ['1024', '2048'], BodyCanonicalization: ['Relaxed', 'Simple'], HeaderCanonicalization: ['Relaxed', 'Simple'] },
    run: (call) => {
      const domain = given(call, 'DomainName').toLowerCase()
      if (!acceptedDomains(call.world).includes(domain))
        throw cmdletRefusal(400, 'ValidationException', `The domain '${domain}' isn't an accepted domain of your organization.`)
      if (existing(call.world, 'DkimSigningConfig').some(({ props }) => props['Domain'] === domain)) throw alreadyExists(domain)
      const fresh = newConfig(call.world, domain, Number(call.parameters['KeySize'] ?? 1024))
      const enabled = call.parameters['Enabled'] === true
      if (enabled) requireRecords(call, fresh)
      const made = addObject(call.world, 'DkimSigningConfig', { ...fresh, Enabled: enabled, Status: enabled ? 'Valid' : 'CnameMissing' })
      return [made.props]
    },
  },
  'Set-DkimSigningConfig': {
    family: 'protection',
    parameters: ['Identity!', 'Enabled', 'PublishTxtRecords', 'BodyCanonicalization', 'HeaderCanonicalization'],
    run: (call) => {
      const config = named(call, 'DkimSigningConfig')
      if (call.parameters['Enabled'] === true) requireRecords(call, config.props)
      const patch: Props = { LastChecked: iso(call.world.now()) }
      if (call.parameters['Enabled'] === undefined || call.parameters['Enabled'] === config.props['Enabled']) {
        set(call, config, {})
        return []
      }
      set(call, config, {
        ...patch,
        Enabled: call.parameters['Enabled'],
        ...(published(call.world, config.props) ? { Status: 'Valid' } : {}),
      })
      return []
    },
  },
  'Rotate-DkimSigningConfig': {
    family: 'protection',
    parameters: ['Identity!', 'KeySize'],
    run: (call) => {
      const config = named(call, 'DkimSigningConfig')
      set(call, config, { RotateOnDate: iso(call.world.now() + 4 * 86_400_000), SelectorBeforeRotateOnDate: 'selector1' })
      return []
    },
  },
}

/** The target names hold a letter that follows from nothing the tenant knows: it must be read, not made up. */
export function newConfig(world: TenantWorld, domain: string, keySize: number): Props {
  const letter = 'nprs'[Number.parseInt(guidFrom(`dkim ${world.state.seed} ${domain}`).slice(0, 2), 16) % 4] ?? 'n'
  const tenant = initialDomain(world).split('.')[0] ?? 'example'
  const target = (n: number): string => `selector${n}-${domain.replaceAll('.', '-')}._domainkey.${tenant}.${letter}-v1.dkim.mail.microsoft`
  return {
    Identity: domain,
    Name: domain,
    Domain: domain,
    Selector1CNAME: target(1),
    Selector2CNAME: target(2),
    Selector1KeySize: keySize,
    Selector2KeySize: keySize,
    Selector1PublicKey: '',
    KeyCreationTime: iso(world.now()),
    LastChecked: iso(world.now()),
    RotateOnDate: iso(world.now()),
    SelectorBeforeRotateOnDate: 'selector1',
  }
}

function published(world: TenantWorld, config: Props): boolean {
  return [1, 2].every((n) =>
    world.state.dns.some(
      ({ name, type, value }) =>
        type === 'CNAME' &&
        name === `selector${n}._domainkey.${textOf(config['Domain'])}` &&
        value.replace(/\.$/, '') === config[`Selector${n}CNAME`],
    ),
  )
}

function requireRecords(call: CmdletCall, config: Props): void {
  const { world } = call
  // That a record is missing is remembered for a while, as DNS does.
  const key = `dkim ${textOf(config['Domain'])}`
  const missedAt = world.state.faultCounts[key]
  const there = published(world, config)
  if (there && (missedAt === undefined || world.now() >= missedAt + world.timing.dkimMs)) return
  if (!there) world.state.faultCounts[key] = world.now()
  const record = (n: number): string =>
    `Host Name : selector${n}._domainkey Points to address or value: ${textOf(config[`Selector${n}CNAME`])} `
  throw cmdletRefusal(
    400,
    'ValidationException',
    `CNAME record does not exist for this config. Please publish the following two CNAME records first. Domain Name : ${textOf(config['Domain'])} ` +
      `${record(1)}${record(2)}. If you have already published the CNAME records, sync will take a few minutes to as many as 4 days based on your ` +
      'specific DNS. Return and retry this step later.',
  )
}

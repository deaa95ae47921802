import { buffer } from 'node:stream/consumers'
import { generateKeyPairSync } from 'node:crypto'
import DKIM from 'nodemailer/lib/dkim'
import { existing } from '../tenant-simulator/exchange-objects.ts'
import { asJson, edgeVerdict, hopsOf, messageIdOf, trustedBy } from '../tenant-simulator/mail-arrived.ts'
import { textOf } from '../tenant-simulator/props.ts'
import type { TenantSimulator } from '../tenant-simulator/tenant-simulator.ts'
import { reportOf, transport } from '../tenant-simulator/transport.ts'
import { received, type Road } from './road.ts'
import { Rejection, startSmtpHost, type SmtpHost } from './smtp-host.ts'
import { judgeMail } from './verdicts.ts'

export type TenantEdge = AsyncDisposable & {
  readonly smtp: SmtpHost
  /** The first mail of a sender to a recipient is told to come back later. */
  greylists: boolean
  /** So many RCPT are still answered "busy", whoever asks. */
  busy: number
}

/** Far more than any honest way has. */
const MOST_HOPS = 20
const OUTBOUND = 'mail-am0pr01.outbound.protection.outlook.com'

/**
 * The tenant's mail hosts: the one that MX names, which refuses unknown recipients (5.4.1) unless the domain is an internal relay, and the
 * one that its mail leaves by, with a signature of the domain where DKIM is switched on, and of the initial domain elsewhere.
 */
export async function startTenantEdge(name: string, tenant: TenantSimulator, road: Road): Promise<TenantEdge> {
  const { world } = tenant
  const { zone } = road
  const seen = new Set<string>()
  const state = { greylists: false, busy: 0 }
  const { publicKey, privateKey } = (keyPair ??= newKeyPair())
  const signs = { privateKey, publish: (at: string) => zone.set([{ name: at, type: 'TXT', value: `v=DKIM1; k=rsa; p=${publicKey}` }]) }

  world.leaves = ({ sender, recipient, bytes, smartHosts }) => {
    const ready = signed(tenant, sender, bytes, signs)
    const refuse = (why: string): void => reportOf(world, sender, recipient, why)
    void ready.then((letter) => road.carry({ sender, recipient, bytes: letter }, OUTBOUND, smartHosts?.[0] ?? null, refuse))
    road.awaits(ready)
  }
  const smtp = await startSmtpHost({
    name,
    addressOf: (helo) => road.addressOf(helo),
    recipient: (address, sender, peer) => {
      if (state.busy > 0) {
        state.busy -= 1
        throw new Rejection('451 4.7.500 Server busy. Please try again later from [198.51.100.77].')
      }
      const key = `${peer.ip} ${sender} ${address}`
      if ((state.greylists || address.startsWith('greylisted')) && !seen.has(key)) {
        seen.add(key)
        throw new Rejection('451 4.7.1 Greylisting in action, please come back later')
      }
      const verdict = edgeVerdict(world, address)
      if (verdict === 'unknown')
        throw new Rejection(`550 5.4.1 Recipient address rejected: Access denied. For more information see https://aka.ms/EXOSmtpErrors`)
      if (verdict === 'not-ours') throw new Rejection('550 5.7.64 TenantAttribution; Relay Access Denied')
      const organization = existing(world, 'OrganizationConfig')[0]?.props ?? world.state.organization
      const own = edgeVerdict(world, `x@${sender.slice(sender.lastIndexOf('@') + 1)}`) !== 'not-ours'
      if (own && organization['RejectDirectSend'] === true && !trustedBy(world, peer.ip))
        throw new Rejection('550 5.7.68 TenantInboundAttribution; Direct Send not allowed for this organization from unauthorized sources')
    },
    message: ({ peer, sender, recipients, bytes }) => {
      if (hopsOf(bytes) > MOST_HOPS) throw new Rejection('554 5.4.14 Hop count exceeded - possible mail loop ATTR34')
      const { header } = judgeMail(zone, name, peer.ip, sender, bytes)
      const trusted = trustedBy(world, peer.ip)
      const stamps = [
        received(peer, name, new Date(world.now())),
        `X-MS-Exchange-Organization-AuthAs: ${trusted ? 'Internal' : 'Anonymous'}\r\n`,
        `X-MS-Exchange-Organization-AuthSource: ${name}\r\n`,
      ]
      const stamped = Buffer.concat([Buffer.from(stamps.join('')), bytes])
      const id = messageIdOf(bytes)
      transport(world, {
        sender,
        recipients,
        message: asJson(bytes),
        arrived: { bytes: stamped, ip: peer.ip, trusted, authentication: header.slice(header.indexOf('; ') + 2) },
        ...(id === '' ? {} : { id }),
      })
      return `2.6.0 <${id}> Queued mail for delivery`
    },
  })
  road.open(name, smtp.port)
  return Object.assign(state, { smtp, [Symbol.asyncDispose]: () => smtp[Symbol.asyncDispose]() })
}

/** Making one takes half a second, and nobody tells the tenants of one process apart by it. */
let keyPair: { readonly publicKey: string; readonly privateKey: string } | null = null

function newKeyPair(): NonNullable<typeof keyPair> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    publicKey: keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    privateKey: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

type Signs = { readonly privateKey: string; readonly publish: (at: string) => void }

async function signed(tenant: TenantSimulator, sender: string, bytes: Buffer, { privateKey, publish }: Signs): Promise<Buffer> {
  const { world } = tenant
  const domain = sender.slice(sender.lastIndexOf('@') + 1)
  const config = existing(world, 'DkimSigningConfig').find(({ props }) => textOf(props['Domain']) === domain)?.props
  const isOn = config?.['Enabled'] === true
  const initial = world.state.domains.find(({ props }) => props['isInitial'] === true)?.id ?? ''
  const domainName = isOn ? domain : initial
  publish(isOn ? textOf(config['Selector1CNAME']) : `selector1._domainkey.${initial}`)
  const hop = received(
    { helo: 'AM0PR01MB0001.eurprd01.prod.outlook.com', ip: '2603:10a6::1', encrypted: true },
    OUTBOUND,
    new Date(world.now()),
  )
  const signer = new DKIM({ domainName, keySelector: 'selector1', privateKey })
  return buffer(signer.sign(Buffer.concat([Buffer.from(hop), bytes])))
}

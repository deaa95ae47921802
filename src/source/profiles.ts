import type { Seen, Sign, SourceProfile } from './profile.ts'
import { axigen } from './profiles/axigen.ts'
import { communigate } from './profiles/communigate.ts'
import { coremail } from './profiles/coremail.ts'
import { courier } from './profiles/courier.ts'
import { cpanel } from './profiles/cpanel.ts'
import { cyrus } from './profiles/cyrus.ts'
import { david } from './profiles/david.ts'
import { dbmail } from './profiles/dbmail.ts'
import { domino } from './profiles/domino.ts'
import { dovecot } from './profiles/dovecot.ts'
import { exchangeOnline } from './profiles/exchange-online.ts'
import { exchangeOnprem } from './profiles/exchange-onprem.ts'
import { fastmail } from './profiles/fastmail.ts'
import { firstclass } from './profiles/firstclass.ts'
import { generic } from './profiles/generic.ts'
import { gmail } from './profiles/gmail.ts'
import { gmx } from './profiles/gmx.ts'
import { godaddy } from './profiles/godaddy.ts'
import { groupwise } from './profiles/groupwise.ts'
import { hmailserver } from './profiles/hmailserver.ts'
import { homePl } from './profiles/home-pl.ts'
import { icewarp } from './profiles/icewarp.ts'
import { icloud } from './profiles/icloud.ts'
import { ionos } from './profiles/ionos.ts'
import { james } from './profiles/james.ts'
import { kerio } from './profiles/kerio.ts'
import { mailcow } from './profiles/mailcow.ts'
import { mailenable } from './profiles/mailenable.ts'
import { mailru } from './profiles/mailru.ts'
import { mailutils } from './profiles/mailutils.ts'
import { mdaemon } from './profiles/mdaemon.ts'
import { mirapoint } from './profiles/mirapoint.ts'
import { outlookCom } from './profiles/outlook-com.ts'
import { ovh } from './profiles/ovh.ts'
import { plesk } from './profiles/plesk.ts'
import { protonBridge } from './profiles/proton-bridge.ts'
import { qq } from './profiles/qq.ts'
import { rackspace } from './profiles/rackspace.ts'
import { smartermail } from './profiles/smartermail.ts'
import { stalwart } from './profiles/stalwart.ts'
import { strato } from './profiles/strato.ts'
import { sun } from './profiles/sun.ts'
import { tOnline } from './profiles/t-online.ts'
import { uw } from './profiles/uw.ts'
import { workmail } from './profiles/workmail.ts'
import { yahoo } from './profiles/yahoo.ts'
import { yandex } from './profiles/yandex.ts'
import { zimbra } from './profiles/zimbra.ts'
import { zoho } from './profiles/zoho.ts'

/** Every system we know something about, the particular before the general: a host's own Dovecot before Dovecot. */
export const PROFILES: readonly SourceProfile[] = [
  gmail,
  outlookCom,
  exchangeOnline,
  ovh,
  exchangeOnprem,
  yahoo,
  icloud,
  zimbra,
  fastmail,
  cyrus,
  courier,
  rackspace,
  dovecot,
  cpanel,
  plesk,
  mailcow,
  uw,
  domino,
  hmailserver,
  smartermail,
  mdaemon,
  icewarp,
  kerio,
  axigen,
  groupwise,
  mailenable,
  communigate,
  stalwart,
  protonBridge,
  strato,
  homePl,
  gmx,
  ionos,
  tOnline,
  yandex,
  mailru,
  zoho,
  godaddy,
  qq,
  coremail,
  david,
  firstclass,
  sun,
  mirapoint,
  james,
  dbmail,
  workmail,
  mailutils,
  generic,
]

/** What a system was known by; `host` alone is a hint, not a proof. */
export type Clue = 'greeting' | 'id' | 'capabilities' | 'host' | 'none'

/** The system that the server shows itself to be; `generic` where nothing is known. Never fails. */
export function detectProfile(seen: Seen): SourceProfile {
  return recognise(seen).profile
}

/** As `detectProfile`, with what it was known by. What a server says of itself beats the name of its host. */
export function recognise(seen: Seen): { readonly profile: SourceProfile; readonly clue: Clue } {
  for (const profile of PROFILES) {
    const sign = profile.signs.find((one) => spoken(one) && holds(one, seen))
    if (sign !== undefined) return { profile, clue: clueOf(sign) }
  }
  const profile = PROFILES.find((one) => one.signs.some((sign) => !spoken(sign) && holds(sign, seen)))
  return profile === undefined ? { profile: generic, clue: 'none' } : { profile, clue: 'host' }
}

/** The version, where the server tells it. */
export function versionOf(profile: SourceProfile, seen: Seen): string | null {
  const told = profile.versionIn?.exec(`${idOf(seen)}\n${seen.greeting}`)?.[1]
  return told ?? seen.serverId.get('version') ?? null
}

function spoken(sign: Sign): boolean {
  return sign.greeting !== undefined || sign.id !== undefined || sign.capabilities !== undefined
}

function clueOf(sign: Sign): Clue {
  if (sign.greeting !== undefined) return 'greeting'
  return sign.id === undefined ? 'capabilities' : 'id'
}

function holds(sign: Sign, seen: Seen): boolean {
  const words = [...seen.capabilities]
  return (
    (sign.greeting?.test(seen.greeting) ?? true) &&
    (sign.id?.test(idOf(seen)) ?? true) &&
    (sign.capabilities?.every((word) => (word.endsWith('=') ? words.some((one) => one.startsWith(word)) : words.includes(word))) ?? true) &&
    (sign.host?.test(seen.host) ?? true) &&
    (sign.domain?.test(seen.domain ?? '') ?? true)
  )
}

function idOf(seen: Seen): string {
  return ['name', 'vendor', 'version'].map((key) => seen.serverId.get(key) ?? '').join(' ')
}

import assert from 'node:assert/strict'
import type { DnsDomainPlan } from '../../src/api/dns-results.ts'
import { stage } from '../../src/cli/cli.fixture.ts'
import type { Zone } from '../servers/zone.ts'
import type { DnsPlanRig } from './rig.ts'

/** A domain as many are, with something of others in its texts. */
export const BASE = ['@ 7200 IN MX 10 mx', 'mx IN A 192.0.2.9', '@ IN TXT "v=spf1 mx -all"', '@ IN TXT "kept=1"']

export function zone(more: readonly string[], rest: Partial<Zone> = {}): Zone {
  return { name: 'example.test', records: [...BASE, ...more], ...rest }
}

export function dns(lines: string): string {
  return `domains: [{ name: example.test }]\ndns:\n${lines}`
}

/** At the BIND of the rig. */
export const OWN = dns('  provider: rfc2136\n  settings: { server: 127.0.0.1:PORT, key: env:KEY }\n  name_servers: 127.0.0.1:PORT\n')

/** `cutover dns …` as a person at a terminal of eighty columns types it. `flat`: what it says, in one line. */
export async function say(rig: DnsPlanRig, ...words: readonly string[]) {
  const told = await stage(rig.operations, { env: rig.env }).run('dns', ...words, '-f', rig.definitionFile, '--state', rig.input.stateDir)
  for (const line of `${told.out}\n${told.err}`.split('\n')) assert.ok(line.length <= 80, line)
  return { ...told, flat: told.out.replaceAll(/\s+/g, ' ') }
}

export async function planned(rig: DnsPlanRig, domain = 'example.test'): Promise<DnsDomainPlan> {
  const [plan] = (await rig.operations.dnsPlan({ ...rig.input, domains: [domain] })).domains
  assert.ok(plan !== undefined)
  return plan
}

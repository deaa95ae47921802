import type { Graph } from '../../microsoft/graph.ts'
import { graphPath } from '../../microsoft/graph-path.ts'
import { Failure } from '../../model/failure.ts'
import type { Need } from './app-permissions.ts'
import type { AppFacts } from './connect-app.ts'
import type { Check } from './connect-check.ts'
import { check, notAnswered } from './connect-check.ts'

/** What became of a read that changes nothing and that the permission would open. */
export type Probe = 'works' | 'denied' | 'unclear' | Failure

/** Where a permission shows; those that only write show nowhere. `mailbox` is one of those that move. */
const PROBES: Readonly<Record<string, (mailbox: string | null) => string | null>> = {
  'User.Read.All': () => '/users?$top=1&$select=id',
  'User.ReadWrite.All': () => '/users?$top=1&$select=id',
  'Organization.Read.All': () => '/subscribedSkus',
  'Domain.Read.All': () => '/domains',
  'Domain.ReadWrite.All': () => '/domains',
  'Group.Read.All': () => '/groups?$top=1&$select=id',
  'Mail.ReadWrite': (mailbox) => (mailbox === null ? null : graphPath`/users/${mailbox}/mailFolders/inbox?$select=id`),
  'MailboxSettings.Read': (mailbox) => (mailbox === null ? null : graphPath`/users/${mailbox}/mailboxSettings`),
}

/** Whether each application permission of Graph is there, and in the tokens. */
export async function graphChecks(
  graph: Graph,
  needs: readonly Need[],
  facts: AppFacts | null,
  mailbox: string | null,
): Promise<readonly Check[]> {
  const probes = new Map<string, Promise<Probe>>()
  const probed = (name: string): Promise<Probe> => {
    const path = PROBES[name]?.(mailbox) ?? null
    if (path === null) return Promise.resolve('unclear')
    const asked = probes.get(path) ?? probe(graph, path)
    probes.set(path, asked)
    return asked
  }
  return Promise.all(needs.map(async (need) => permissionCheck(need, facts, await probed(need.name))))
}

async function probe(graph: Graph, path: string): Promise<Probe> {
  try {
    await graph.send('GET', path)
    return 'works'
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'stopped') throw error
    if (error.code === 'permission-missing') return 'denied'
    // About that mailbox, not about the permission.
    return error.code === 'object-unknown' || error.code === 'not-visible-yet' || error.code === 'request-refused' ? 'unclear' : error
  }
}

/** Pure: what the directory says was granted, and what the service then let us read. */
export function permissionCheck(need: Need, facts: AppFacts | null, probe: Probe): Check {
  const { name, orElse, isOptional } = need
  const say = (state: Check['state'], says: string, lacks = false): Check =>
    check('graph', need.id, name, state, says, {
      isOptional,
      step: lacks ? { kind: 'permission', api: 'graph', name, isOptional } : null,
    })
  const reads = !/Write/.test(name)
  if (facts === null) {
    if (name === 'Application.Read.All') return say('missing', `Not granted: ${need.without}.`, true)
    if (probe instanceof Failure) return notAnswered('graph', need.id, name, probe, isOptional)
    if (probe === 'denied') return say('missing', `Not granted, or not in effect yet. It is needed ${need.why}.`, true)
    if (probe === 'works' && reads) return say('ok', 'Works.')
    return say('unknown', 'Without Application.Read.All it cannot be seen whether it is granted.')
  }
  const held = [name, ...orElse].find((each) => facts.granted.has(`graph ${each}`))
  if (held === undefined) {
    if (probe === 'works' && reads) return say('ok', 'Works, through another permission or role.')
    return say('missing', `Not granted. It is needed ${need.why}.`, true)
  }
  const granted = held === name ? 'Granted' : `Granted as a part of ${held}`
  if (probe === 'denied') return say('waiting', `${granted}, and not in effect yet.`)
  if (probe instanceof Failure) return notAnswered('graph', need.id, name, probe, isOptional)
  return say('ok', `${granted}.`)
}

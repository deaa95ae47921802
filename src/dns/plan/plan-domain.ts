import { heldTtl } from '../provider.ts'
import type { RecordSet, RecordType } from '../record-set.ts'
import { Draft } from './draft.ts'
import type { DomainFacts } from './facts.ts'
import { conflictFindings, mxOf, withoutOpaque } from './conflicts.ts'
import { servedFindings } from './served.ts'
import type { DnsPhase, DomainPlan, PlanFinding } from './item.ts'
import { setIn, type Planning } from './planning.ts'
import { prepare } from './prepare.ts'
import { switchOver } from './switch-over.ts'
import { raise, retire, tighten } from './tighten.ts'

/**
 * All phases of one domain: pure, from one reading. Each phase is laid upon what the one before leaves, so that a phase that was
 * carried out has nothing to do in the next plan. What blocks a phase is among the findings.
 */
export function planDomain(facts: DomainFacts): DomainPlan {
  const { wishes, host, now, pristine } = facts
  const { domain } = wishes
  const targetMx = mxOf(facts.tenant)
  const p: Planning = {
    ...facts,
    domain,
    draft: new Draft(now, new Set(wishes.keep)),
    targetMx,
    isSwitched: isSwitched(now, domain, targetMx),
    lowTtl: heldTtl(host.can, wishes.lowTtlSeconds),
    ttl: heldTtl(host.can, wishes.ttlSeconds),
    found: [],
    waits: [],
  }
  p.found.push(...conflictFindings(facts, targetMx), ...servedFindings(facts))
  // Nothing can stand beside an alias at the top of the zone.
  if (!now.some(({ name, type }) => name === domain && type === 'CNAME')) {
    prepare(p)
    if (!p.isSwitched) lowerTtl(p)
    switchOver(p)
    tighten(p)
    raise(p)
    retire(p)
  }
  if (p.lowTtl !== wishes.lowTtlSeconds) p.found.push(clamped(p))
  const { items, findings } = withoutOpaque(p.draft.items, facts)
  const isPut = (phase: DnsPhase): boolean => items.some((item) => item.phase === phase)
  return {
    domain,
    isSwitched: p.isSwitched,
    items,
    findings: [...p.found, ...findings],
    waits: p.waits.filter(({ before }) => isPut(before)),
    oldTtlSeconds: setIn(pristine.sets, domain, 'MX')?.ttlSeconds ?? 0,
  }
}

function lowerTtl(p: Planning): void {
  const { domain, draft, lowTtl } = p
  const lowered: readonly (readonly [string, RecordType])[] = [
    [domain, 'MX'],
    [domain, 'TXT'],
    ...(['A', 'AAAA', 'CNAME'] as const).map((type) => [`autodiscover.${domain}`, type] as const),
    [`_autodiscover._tcp.${domain}`, 'SRV'],
    [`_mta-sts.${domain}`, 'TXT'],
  ]
  for (const [name, type] of lowered) {
    const set = draft.at(name, type)
    if (set !== null && set.ttlSeconds > lowTtl)
      draft.put(
        'lower-ttl',
        set,
        { ...set, ttlSeconds: lowTtl },
        `caches are to forget it within ${lowTtl} seconds, at the switch and on the way back (now ${set.ttlSeconds})`,
      )
  }
  // Those that changed it may have done so a moment ago.
  const first = lowered.flatMap(([name, type]) => setIn(p.pristine.sets, name, type)?.ttlSeconds ?? [])
  const longest = Math.max(
    0,
    ...first,
    ...p.now.filter((set) => lowered.some(([name, type]) => set.name === name && set.type === type)).map(({ ttlSeconds }) => ttlSeconds),
  )
  if (longest > lowTtl)
    p.waits.push({
      after: 'lower-ttl',
      before: 'switch',
      seconds: longest,
      why: `what was in caches before stays there for up to ${longest} seconds`,
    })
}

function isSwitched(now: readonly RecordSet[], domain: string, targetMx: readonly string[]): boolean {
  const hosts = (data: readonly string[]): string =>
    data
      .map((one) => one.split(' ')[1] ?? '')
      .toSorted()
      .join(' ')
  return targetMx.length > 0 && hosts(setIn(now, domain, 'MX')?.data ?? []) === hosts(targetMx)
}

function clamped({ host, lowTtl, wishes, domain }: Planning): PlanFinding {
  return {
    code: 'ttl-clamped',
    severity: 'note',
    about: domain,
    says: `${host.title} takes no time to live of ${wishes.lowTtlSeconds} seconds: it becomes ${lowTtl}, also for what is waited for.`,
    remedy: 'Nothing is to be done.',
    where: wishes.where,
    holds: [],
  }
}

import type { FlowSetup } from '../../src/mailflow/setup.ts'

/** A setup in which nothing is given but a domain and who is asked for its names. */
export function bareSetup(domain: string, more: Partial<FlowSetup>): FlowSetup {
  return {
    domain,
    user: `anna@${domain}`,
    second: null,
    aliases: [],
    groups: [],
    unmoved: null,
    graph: null,
    admin: null,
    reflector: null,
    old: null,
    resolvers: [],
    ports: { all: 25, of: {} },
    demand: { kind: 'opportunistic' },
    page: null,
    autodiscover: null,
    ca: null,
    helo: 'probe.elsewhere.test',
    sender: 'probe@elsewhere.test',
    protection: false,
    largeBytes: null,
    times: { pollMs: 10, slowMs: 300_000, windowMs: 1000, traceMs: 1000, greylistMs: 1000 },
    ...more,
  }
}

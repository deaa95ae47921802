import type { Command } from 'commander'
import { Option } from 'commander'
import type { CloudName } from '../api/operations.ts'
import { commonOptions } from './address-options.ts'
import { printAssessment, printSummary } from './dns-assess-page.ts'
import type { Runner } from './run.ts'
import { count, counted } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type AssessFlags = CommonFlags & {
  readonly server?: readonly string[]
  readonly resolver?: readonly string[]
  readonly selector?: readonly string[]
  readonly name?: readonly string[]
  readonly tenant?: string
  readonly cloud: CloudName
  readonly dnsOnly?: boolean
  readonly all?: boolean
  readonly csv?: string
  readonly html?: string
}

/** Of more domains the summary is told, and what stands in the way. */
const PAGES_SHOWN = 3

const HELP = `
Examples:
  cutover dns assess example.org
  cutover dns assess example.org example.net --csv findings.csv --html dns.html
  cutover dns assess example.org --selector brevo2024 --tenant contoso.com
  cutover dns assess example.test --server 127.0.0.1:5301 --dns-only

Asks every name server of the domain itself: who hosts its DNS, who receives
and who sends its mail, and what would go wrong at the switch. Changes nothing,
and leaves nothing in the memory of resolvers. Exit code 3: something must be
solved first.`

export function addDnsAssess(dns: Command, run: Runner): void {
  commonOptions(
    dns
      .command('assess')
      .argument('<domain...>', 'example.org')
      .description('who hosts, receives and sends, and what stands in the way')
      .option('--server <host...>', 'name servers of the zone, not found by delegation: IP[:port] or name')
      .option('--resolver <ip...>', 'ask these resolvers about names of others: IP[:port]')
      .option('--selector <name...>', 'also look for these keys of DKIM')
      .option('--name <name...>', 'also look at the MX of these names below the domain')
      .option('--tenant <id>', 'the tenant that the mail moves to: its id, or a domain of it')
      .addOption(new Option('--cloud <name>', 'national cloud').choices(['global', 'gcc-high', 'dod', 'china']).default('global'))
      .option('--dns-only', 'ask no web server and not Microsoft')
      .option('--all', 'show every domain and every record whole')
      .option('--csv <file>', 'write the findings as CSV')
      .option('--html <file>', 'write findings and records as a page'),
  )
    .addHelpText('after', HELP)
    .action((domains: readonly string[], flags: AssessFlags) => run(flags, (shell) => assess(shell, domains, flags)))
}

async function assess(shell: Shell, domains: readonly string[], flags: AssessFlags): Promise<number> {
  const draw = flags.quiet === true ? () => undefined : (line: string) => shell.screen.redraw(line)
  draw(`Asking about ${domains.length === 1 ? (domains[0] ?? '') : counted(domains.length, 'domain')} ...`)
  const result = await shell.world.operations
    .dnsAssess({
      domains,
      servers: flags.server ?? [],
      resolvers: flags.resolver ?? [],
      selectors: flags.selector ?? [],
      names: flags.name ?? [],
      tenant: flags.tenant ?? null,
      cloud: flags.cloud,
      dnsOnly: flags.dnsOnly ?? false,
      csvFile: flags.csv ?? null,
      htmlFile: flags.html ?? null,
      signal: shell.signal,
      onProgress: ({ domain, done, total }) => draw(`${count(done)} of ${counted(total, 'domain')}: ${domain}`),
    })
    .finally(() => shell.screen.clear())
  shell.json(result)
  const whole = flags.all === true || result.domains.length <= PAGES_SHOWN
  if (whole)
    for (const [at, one] of result.domains.entries()) {
      if (at > 0) shell.print()
      printAssessment(shell, one, flags.all ?? false)
    }
  if (result.domains.length > 1) printSummary(shell, result.domains, whole)
  for (const file of [result.csvFile, result.htmlFile]) if (file !== null) shell.print(`Written: ${file}`)
  return result.blockers > 0 ? EXIT.person : EXIT.done
}

import type { Command } from 'commander'
import { addDnsAssess } from './dns-assess.ts'
import type { Runner } from './run.ts'

/** Commands about DNS, one line each. */
const WORDS: readonly ((dns: Command, run: Runner) => void)[] = [addDnsAssess]

export function addDns(program: Command, run: Runner): void {
  const dns = program.command('dns').description('look at the DNS of a domain and prepare its change')
  for (const add of WORDS) add(dns, run)
}

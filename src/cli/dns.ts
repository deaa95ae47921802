import type { Command } from 'commander'
import { addDnsApply } from './dns-apply.ts'
import { addDnsAssess } from './dns-assess.ts'
import { addDnsPlan } from './dns-plan.ts'
import { addDnsStatus, addDnsUndo } from './dns-undo.ts'
import type { Runner } from './run.ts'

/** Commands about DNS, one line each. */
const WORDS: readonly ((dns: Command, run: Runner) => void)[] = [addDnsAssess, addDnsPlan, addDnsApply, addDnsUndo, addDnsStatus]

export function addDns(program: Command, run: Runner): void {
  const dns = program.command('dns').description('look at the DNS of a domain and prepare its change')
  for (const add of WORDS) add(dns, run)
}

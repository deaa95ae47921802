import type { ProjectRehearsal, RehearseProjectInput } from '../api/rehearse-project.ts'
import { assessPlace, type PlaceFlags } from './assess.ts'
import { copyExitCode } from './copy.ts'
import { printable, wrapped } from './printable.ts'
import { watched } from './progress.ts'
import { notYetCopied, printMailboxes, printStatement } from './statement.ts'
import { printTroubles, sayStopped } from './trouble.ts'
import { count, counted, duration, size } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

export type RehearseProjectFlags = PlaceFlags & {
  readonly sample: RehearseProjectInput['sample']
  readonly mailboxesAtOnce?: number
  readonly maxMessageSize?: number
}

const RENAMES_SHOWN = 12

/** The copy of the real mail into a simulated Exchange, and what it showed. */
export async function rehearseProject(shell: Shell, flags: RehearseProjectFlags): Promise<number> {
  const result = await watched(shell, (watch) =>
    shell.world.operations.rehearseProject({
      ...watch,
      ...assessPlace(shell, flags),
      sample: flags.sample,
      mailboxesAtOnce: flags.mailboxesAtOnce ?? null,
      maxMessageBytes: flags.maxMessageSize ?? null,
    }),
  )
  shell.json(result)
  print(shell, result)
  if (sayStopped(shell, result.mailboxes)) return EXIT.person
  return result.ok && copyExitCode(result) === EXIT.done ? EXIT.done : copyExitCode(result) || EXIT.failed
}

function say(shell: Shell, text: string, indent = ''): void {
  for (const line of wrapped(printable(text), shell.columns, indent)) shell.print(line)
}

function print(shell: Shell, result: ProjectRehearsal): void {
  say(shell, result.how)
  printMailboxes(shell, result.mailboxes)
  printTroubles(shell, result.mailboxes)
  shell.print()
  printStatement(shell, result, notYetCopied(result.mailboxes))
  printMessages(shell, `Refused (Exchange accepts ${size(result.maxMessageBytes)}):`, result.refused)
  printMessages(shell, 'Repaired on the way:', result.repaired)
  printRenamed(shell, result)
  if (result.throttled.length > 0) {
    const times = result.throttled.reduce((sum, one) => sum + one.times, 0)
    shell.print()
    say(
      shell,
      `Exchange asked for patience ${counted(times, 'time')}, in ${counted(result.throttled.length, 'mailbox')}. That is no trouble: it only takes time.`,
    )
  }
  shell.print()
  if (result.forecast === null) shell.print('No mail was copied.')
  else {
    const { median, p90 } = result.forecast.totalMs
    say(
      shell,
      `Against the real Exchange the first copy takes ${duration(median / 1000)}, in one case of ten longer than ${duration(p90 / 1000)}.`,
    )
  }
}

function printMessages(shell: Shell, title: string, groups: ProjectRehearsal['refused']): void {
  if (groups.length === 0) return
  shell.print()
  shell.print(title)
  for (const { code, says, messages, examples } of groups) {
    say(shell, `${counted(messages, 'message')} (${code}): ${says}`, '  ')
    for (const { mailbox, folder, uid, bytes } of examples.slice(0, 3))
      say(shell, `${mailbox}, ${folder}, UID ${uid}, ${size(bytes)}`, '    ')
  }
}

function printRenamed(shell: Shell, { renamed }: ProjectRehearsal): void {
  if (renamed.length === 0) return
  shell.print()
  shell.print(`${counted(renamed.length, 'folder')} with another name or place:`)
  for (const { mailbox, source, target } of renamed.slice(0, RENAMES_SHOWN)) say(shell, `${mailbox}: ${source} -> ${target}`, '  ')
  if (renamed.length > RENAMES_SHOWN) shell.print(`  (and ${count(renamed.length - RENAMES_SHOWN)} more; \`cutover folders\` tells why)`)
}

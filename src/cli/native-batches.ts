import type { Command } from 'commander'
import { Option } from 'commander'
import type { NativeActInput, NativeBatchesInput, NativeStatusResult } from '../api/native-input.ts'
import { commonOptions, DEFAULT_STATE, identityOf, serverUrl } from './address-options.ts'
import type { AddressFlags } from './address-options.ts'
import { secretPlace } from './access-options.ts'
import { approver, changeWatch, printRun } from './native-report.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { table } from './table.ts'
import { count, counted } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type BatchesFlags = Omit<AddressFlags, 'source' | 'mailboxes' | 'only'> & CommonFlags & { readonly batch?: readonly string[] }
type StatusFlags = BatchesFlags & { readonly follow?: boolean }
type ActFlags = BatchesFlags & { readonly yes?: boolean }

const ROWS_SHOWN = 50

/** What is done to batches that are there, in words: what it means stands with it. */
const ACTS: readonly (readonly [NativeActInput['act'], string])[] = [
  ['sync', 'fetch the new mail of all copied mailboxes now, as after the MX switch'],
  ['stop', 'nothing more is copied, also no new mail, until `start` runs again'],
  ['remove', 'the end: what was copied stays, new mail no longer follows'],
]

export function addNativeBatches(native: Command, run: Runner): void {
  batchesOptions(native.command('status').description('what Microsoft says of its batches, filed in the ledger'))
    .option('--follow', 'look again and again until nothing more happens by itself')
    .action((flags: StatusFlags) => run(flags, (shell) => status(shell, flags)))
  for (const [act, description] of ACTS)
    batchesOptions(native.command(act).description(description))
      .option('--yes', 'do not ask')
      .action((flags: ActFlags) => run(flags, (shell) => actOn(shell, flags, act)))
}

function batchesOptions(command: Command): Command {
  return commonOptions(
    command
      .option('--state <dir>', 'where the ledger is kept', DEFAULT_STATE)
      .option('--batch <name...>', 'only these batches')
      .option('--destination <url>', 'exchange:, as for copy', serverUrl, 'exchange:')
      .addOption(new Option('--cloud <name>', 'national cloud').choices(['global', 'gcc-high', 'dod', 'china']).default('global'))
      .option('--tenant <id>', 'tenant id or a domain of it (or CUTOVER_TENANT)')
      .option('--client-id <id>', 'application id (or CUTOVER_CLIENT_ID)')
      .option('--client-secret <where>', 'env:NAME or file:PATH (or CUTOVER_CLIENT_SECRET)', secretPlace)
      .option('--certificate <file>', 'certificate of the application, PEM; with --key')
      .option('--key <file>', 'private key of the certificate, PEM')
      .option('--device-code', 'sign in as a person with a code in a browser'),
  )
}

function inputOf(shell: Shell, flags: BatchesFlags): NativeBatchesInput {
  const { state, destination, cloud, batch } = flags
  const isExchange = destination.startsWith('exchange:')
  return {
    stateDir: state,
    destination,
    identity: isExchange ? identityOf(shell, { ...flags, source: '', mailboxes: '' }) : null,
    cloud,
    batches: batch ?? [],
    signal: shell.signal,
  }
}

async function status(shell: Shell, flags: StatusFlags): Promise<number> {
  const result = await shell.world.operations.native.status({
    ...inputOf(shell, flags),
    follow: flags.follow ?? false,
    onLook: (seen) => {
      if (flags.quiet !== true && flags.json !== true) shell.screen[shell.screen.live ? 'redraw' : 'say'](summary(seen))
    },
  })
  shell.screen.clear()
  shell.json(result)
  print(shell, result)
  const isBad = result.mailboxes.some(({ state, alert }) => alert || state === 'failed')
  return isBad || result.stopped ? EXIT.person : EXIT.done
}

async function actOn(shell: Shell, flags: ActFlags, act: NativeActInput['act']): Promise<number> {
  const result = await shell.world.operations.native.act({
    ...inputOf(shell, flags),
    act,
    approve: approver(shell, flags.yes ?? false),
    onChange: changeWatch(shell),
  })
  shell.screen.clear()
  shell.json(result)
  for (const name of result.leftOut)
    for (const line of wrapped(`The batch "${printable(name)}" is not there any more.`, shell.columns)) shell.print(line)
  return printRun(shell, result)
}

function summary({ mailboxes }: NativeStatusResult): string {
  const states = Map.groupBy(mailboxes, ({ state }) => state)
  const parts = [...states].map(([state, of]) => `${count(of.length)} ${state}`)
  const synced = mailboxes.reduce((sum, one) => sum + (one.synced ?? 0), 0)
  return `${counted(mailboxes.length, 'mailbox')}: ${parts.join(', ')}; ${counted(synced, 'message')} copied, says Microsoft`
}

function print(shell: Shell, result: NativeStatusResult): void {
  const say = (text: string, indent = ''): void => {
    for (const line of wrapped(text, shell.columns, indent)) shell.print(line)
  }
  // What looks well and is not comes first.
  for (const { name, says, help, alert } of result.mailboxes)
    if (alert) say(`!!! ${printable(name)}: ${printable(says)}${help === null ? '' : ` ${printable(help)}`}`)
  for (const { name, says, mailboxes } of result.batches)
    say(`Batch "${printable(name)}", ${counted(mailboxes, 'mailbox')}: ${printable(says)}.`)
  shell.print()
  const odd = result.mailboxes.filter(({ state, alert }) => alert || state !== 'synced')
  const shown = result.mailboxes.length > ROWS_SHOWN ? odd.slice(0, ROWS_SHOWN) : result.mailboxes
  const lines = table(
    [
      { title: 'mailbox', side: 'left', shrinks: true },
      { title: 'batch', side: 'left', shrinks: true },
      { title: 'copied', side: 'right' },
      { title: 'skipped', side: 'right' },
      { title: 'last sync', side: 'left' },
      { title: 'state', side: 'left' },
    ],
    shown.map(({ name, batch, synced, skipped, lastSyncAt, state, status }) => [
      printable(name),
      printable(batch),
      synced === null ? '-' : count(synced),
      skipped === null ? '-' : count(skipped),
      lastSyncAt === null ? '-' : lastSyncAt.slice(0, 16).replace('T', ' '),
      state === 'unknown' ? printable(status) : state,
    ]),
    shell.columns,
  )
  if (shown.length > 0) for (const line of lines) shell.print(line)
  const hidden = result.mailboxes.length - shown.length
  if (hidden > 0) shell.print(`(${counted(hidden, 'more mailbox')}: --json tells all)`)
  const wrong = result.mailboxes.filter(({ alert, state }) => !alert && state === 'failed')
  for (const [text, of] of Map.groupBy(wrong, ({ says, help }) => `${says}${help === null ? '' : ` ${help}`}`)) {
    shell.print()
    const names = of.slice(0, 5).map(({ name }) => printable(name))
    say(`${names.join(', ')}${of.length > 5 ? ` and ${count(of.length - 5)} more` : ''}: ${printable(text)}`)
  }
  shell.print()
  say('These are Microsoft’s own figures. `cutover copy` adopts what is there and copies what is missing; `cutover verify` proves it.')
  if (!result.filed) say('They are not in the ledger yet: another process has it at this moment.')
}

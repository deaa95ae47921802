import type { Command } from 'commander'
import type { FolderPreview, FoldersResult, QuotaFigures } from '../api/results.ts'
import { addressed, addressedOptions, type AddressedFlags } from './addressed.ts'
import { printable, widthOf, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { exitCodeOfAll, printTroubles } from './trouble.ts'
import { count, counted, size } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'

const HELP = `
Examples:
  cutover folders --source imaps://mail.example.org --destination exchange: \\
      --mailboxes people.csv
  cutover folders -f cutover.yaml --only anna
  cutover folders ... --details

Shows what \`cutover copy\` will call each folder, and why. Creates nothing.`

type FoldersFlags = AddressedFlags & CommonFlags & { readonly details?: boolean }

export function addFolders(program: Command, run: Runner): void {
  addressedOptions(program.command('folders').description('show which folder becomes which, before anything is created'))
    .option('--details', 'also tell quotas, rights and subscriptions at the source')
    .addHelpText('after', HELP)
    .action((flags: FoldersFlags) => run(flags, (shell) => folders(shell, flags)))
}

async function folders(shell: Shell, flags: FoldersFlags): Promise<number> {
  const details = flags.details ?? false
  const result = await shell.world.operations.folders({ ...(await addressed(shell, flags)), signal: shell.signal, details })
  shell.json(result)
  result.mailboxes.forEach((mailbox, at) => {
    if (mailbox.failure !== null) return
    if (at > 0) shell.print()
    printMailbox(shell, mailbox)
  })
  printTroubles(shell, result.mailboxes)
  return exitCodeOfAll(result.mailboxes)
}

function printMailbox(shell: Shell, mailbox: FoldersResult['mailboxes'][number]): void {
  const renamed = mailbox.folders.filter((each) => each.target !== null && each.reasons.length > 0).length
  const left = mailbox.folders.filter((each) => each.target === null).length
  const parts = [counted(mailbox.folders.length, 'folder'), `${count(renamed)} changed`, ...(left === 0 ? [] : [`${count(left)} left out`])]
  const title = `${printable(mailbox.name)} (${printable(mailbox.source)} -> ${printable(mailbox.target)}): ${parts.join(', ')}`
  for (const line of wrapped(title, shell.columns)) shell.print(line)
  for (const line of mailboxLines(mailbox)) for (const part of wrapped(printable(line), shell.columns, '  ')) shell.print(part)
  for (const folder of mailbox.folders) {
    for (const line of folderLines(folder, shell.columns)) shell.print(line)
    for (const line of aboutLines(folder, mailbox.source))
      for (const part of wrapped(printable(line), shell.columns, '       ')) shell.print(part)
  }
}

/** One line where it fits, otherwise one for each name. Names are never cut: the preview must tell the truth. */
function folderLines(folder: FolderPreview, columns: number): readonly string[] {
  const source = printable(folder.source)
  const target = folder.target === null ? '(not copied)' : printable(folder.target)
  const facts = [
    ...(folder.messages === null ? [] : [counted(folder.messages, 'message')]),
    ...(folder.sizeBytes === null ? [] : [size(folder.sizeBytes)]),
    ...(folder.target === null ? [] : [folder.exists ? 'exists' : 'new']),
  ].join(', ')
  const line = `  ${source} -> ${target}${facts === '' ? '' : `  [${facts}]`}`
  const lines =
    widthOf(line) <= columns
      ? [line]
      : [
          ...wrapped(source, columns, '  '),
          ...wrapped(`-> ${target}`, columns, '     '),
          ...(facts === '' ? [] : wrapped(`[${facts}]`, columns, '     ')),
        ]
  return [...lines, ...folder.reasons.flatMap((reason) => wrapped(printable(reason), columns, '       '))]
}

type Mailbox = FoldersResult['mailboxes'][number]

function mailboxLines({ notes, about }: Mailbox): readonly string[] {
  if (about === undefined) return notes
  const quotas = about.quotas?.map(quotaLine) ?? ['The server tells no quota.']
  const gone = about.subscribedButGone
  return [...notes, ...quotas, ...(gone.length === 0 ? [] : [`Subscribed, but not there any more: ${gone.join(', ')}.`])]
}

function quotaLine({ root, resources }: QuotaFigures): string {
  const figures = resources.map(({ name, used, limit }) =>
    name === 'STORAGE' ? `${size(used)} of ${size(limit)} used` : `${count(used)} of ${count(limit)} ${name.toLowerCase()} used`,
  )
  return `Quota "${root}": ${figures.length === 0 ? 'no limit' : figures.join(', ')}.`
}

function aboutLines({ about, target }: FolderPreview, login: string): readonly string[] {
  if (about === undefined) return []
  const others = about.rights?.filter(({ who }) => who.toLowerCase() !== login.toLowerCase()) ?? []
  return [
    ...(about.subscribed === false && target !== null ? ['Not subscribed.'] : []),
    ...(about.myRights === null || about.myRights.includes('r')
      ? []
      : [`The login may not read it (its rights: ${about.myRights || 'none'}).`]),
    ...(others.length === 0 ? [] : [`Shared: ${others.map(({ who, rights }) => `${who} ${rights}`).join(', ')}.`]),
  ]
}

import type { Command } from 'commander'
import type { FolderPreview, FoldersResult } from '../api/results.ts'
import type { AddressFlags } from './address-options.ts'
import { addressOptions, addresses } from './address-options.ts'
import { printable, widthOf, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { exitCodeOfAll, printTroubles } from './trouble.ts'
import { count, counted, size } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'

const HELP = `
Examples:
  cutover folders --source imaps://mail.example.org --destination exchange: \\
      --mailboxes people.csv
  cutover folders ... --only anna

Shows what \`cutover copy\` will call each folder, and why. Creates nothing.`

export function addFolders(program: Command, run: Runner): void {
  addressOptions(program.command('folders').description('show which folder becomes which, before anything is created'))
    .addHelpText('after', HELP)
    .action((flags: AddressFlags & CommonFlags) => run(flags, (shell) => folders(shell, flags)))
}

async function folders(shell: Shell, flags: AddressFlags & CommonFlags): Promise<number> {
  const result = await shell.world.operations.folders({ ...addresses(shell, flags), signal: shell.signal })
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
  for (const folder of mailbox.folders) for (const line of folderLines(folder, shell.columns)) shell.print(line)
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

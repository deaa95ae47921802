import type { Command } from 'commander'
import { commonOptions } from './address-options.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { verifyText } from './verify.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

const HELP = `
Examples:
  cutover manifest check proof.json

Needs no network and no ledger. Compare the fingerprint of the key with the one
you were told by another way.`

export function addManifest(program: Command, run: Runner): void {
  const manifest = program.command('manifest').description('check a signed manifest of cutover verify')
  commonOptions(manifest.command('check <file>').description('check that a signed manifest is whole and unchanged'))
    .addHelpText('after', HELP)
    .action((file: string, flags: CommonFlags) => run(flags, (shell) => check(shell, file)))
}

async function check(shell: Shell, file: string): Promise<number> {
  const result = await shell.world.operations.checkManifest({ file })
  shell.json(result)
  const reason = result.valid ? 'The manifest is valid.' : `The manifest is NOT valid: ${printable(result.reason ?? 'unknown reason')}`
  for (const line of wrapped(reason, shell.columns)) shell.print(line)
  if (result.signedAt !== null) shell.print(`Signed: ${printable(result.signedAt)}`)
  if (result.keyFingerprint !== null)
    for (const line of wrapped(`Key: ${printable(result.keyFingerprint)}`, shell.columns)) shell.print(line)
  if (result.figures !== null) {
    const level = result.level === null ? '' : `Level ${result.level}, `
    for (const line of wrapped(`${level}${verifyText(result.figures)}`, shell.columns)) shell.print(line)
  }
  if (result.unverified.length > 0) {
    const says = `NOT verified: ${result.unverified.map(printable).join(', ')}. Nothing is proven of ${result.unverified.length === 1 ? 'it' : 'them'}.`
    for (const line of wrapped(says, shell.columns)) shell.print(line)
  }
  return result.valid ? EXIT.done : EXIT.failed
}

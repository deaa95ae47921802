import type { Command } from 'commander'
import { commonOptions, DEFAULT_STATE } from './address-options.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { DEFAULT_DEFINITION } from './tenant-plan.ts'
import { counted } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

const INIT_HELP = `
Example:
  cutover tenant init

Writes cutover.yaml with everything explained in it. Then: fill in the tenant,
\`cutover tenant connect\`, \`cutover tenant plan\`.`

const PASSWORDS_HELP = `
Example:
  cutover tenant passwords --out passwords.csv

New users have a temporary password that they change when they first sign in.
It is kept sealed until it is handed out here, once; then it is gone.`

export function addTenantInit(tenant: Command, run: Runner): void {
  commonOptions(tenant.command('init').description('write a cutover.yaml to begin with'))
    .option('-f, --file <cutover.yaml>', 'where to', DEFAULT_DEFINITION)
    .addHelpText('after', INIT_HELP)
    .action((flags: CommonFlags & { readonly file: string }) => run(flags, (shell) => init(shell, flags.file)))
}

export function addTenantPasswords(tenant: Command, run: Runner): void {
  commonOptions(tenant.command('passwords').description('hand out the temporary passwords of new users, once'))
    .requiredOption('--out <file.csv>', 'a new file, which only you may read')
    .option('--state <dir>', 'where is kept what was done', DEFAULT_STATE)
    .addHelpText('after', PASSWORDS_HELP)
    .action((flags: CommonFlags & { readonly out: string; readonly state: string }) => run(flags, (shell) => passwords(shell, flags)))
}

async function init(shell: Shell, file: string): Promise<number> {
  const result = await shell.world.operations.tenantInit({ file })
  shell.json(result)
  for (const line of wrapped(`${printable(result.file)} is written. Fill in which tenant it is, and who moves.`, shell.columns))
    shell.print(line)
  return EXIT.done
}

async function passwords(shell: Shell, { out, state }: { readonly out: string; readonly state: string }): Promise<number> {
  const { env, operations } = shell.world
  const result = await operations.tenantPasswords({ stateDir: state, env, file: out })
  shell.json(result)
  const says =
    result.file === null
      ? 'There is no password to hand out.'
      : `${counted(result.handedOut, 'temporary password')} written to ${printable(result.file)}. They are nowhere else any more: pass them on by a safe way, then delete the file.`
  for (const line of wrapped(says, shell.columns)) shell.print(line)
  return EXIT.done
}

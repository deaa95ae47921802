import type { Command } from 'commander'
import { commonOptions } from './address-options.ts'
import type { CommonFlags, Shell } from './world.ts'

export type ProjectFlags = CommonFlags & { readonly store?: string; readonly project?: string }

/** Which project, as the operations take it. `name` null: the only one of the store. */
export type ProjectPlace = { readonly store: string; readonly name: string | null }

/** `--store`, `--project` and what every command understands. */
export function projectOptions(command: Command): Command {
  return commonOptions(
    command
      .option('--store <dir>', 'where projects are kept (or CUTOVER_STORE; else cutover-projects)')
      .option('--project <name>', 'which one; not needed where there is only one (or CUTOVER_PROJECT)'),
  )
}

export function projectPlace(shell: Shell, { store, project }: ProjectFlags): ProjectPlace {
  const { env } = shell.world
  return { store: store ?? (env['CUTOVER_STORE'] || 'cutover-projects'), name: project ?? (env['CUTOVER_PROJECT'] || null) }
}

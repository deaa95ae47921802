import type { Command } from 'commander'
import type { Addresses } from '../api/operations.ts'
import { Failure } from '../model/failure.ts'
import { accessOf } from './access-options.ts'
import { addressOptions, addresses, type AddressFlags } from './address-options.ts'
import { identityGiven } from './tenant-address.ts'
import type { CommonFlags, Shell } from './world.ts'

/** Both ends, by options or by a definition; options go before it. */
export type AddressedFlags = Omit<AddressFlags, 'source' | 'mailboxes' | 'destination' | 'cloud'> &
  Partial<Pick<AddressFlags, 'source' | 'mailboxes' | 'destination' | 'cloud'>> & { readonly file?: string }

/** As `addressOptions`, where a definition may say what no option says. */
export function addressedOptions(command: Command, destination: 'required' | 'optional' = 'required'): Command {
  command.option('-f, --file <cutover.yaml>', 'the definition; it says what of the following is not given')
  const needed = destination === 'required' ? ['source', 'destination', 'mailboxes'] : ['source', 'mailboxes']
  return addressOptions(command, 'file').hook('preAction', (_, action) => {
    const flags: Readonly<Record<string, unknown>> = action.opts()
    const missing = flags['file'] === undefined ? needed.find((name) => flags[name] === undefined) : undefined
    if (missing !== undefined) {
      const takes = missing === 'mailboxes' ? '<file.csv>' : '<url>'
      action.error(`error: required option '--${missing} ${takes}' not specified; a definition says it too: -f cutover.yaml`)
    }
  })
}

/** What was given, and for the rest what the definition says. Throws `bad-input` where neither says something that is needed. */
export async function addressed(shell: Shell, flags: AddressedFlags & CommonFlags): Promise<Addresses> {
  const { file, source = '', mailboxes = '', destination = '', cloud = 'global' } = flags
  if (file === undefined) return addresses(shell, { ...flags, source, mailboxes, destination, cloud })
  const isElsewhere = flags.destination !== undefined && !flags.destination.startsWith('exchange:')
  const identity = isElsewhere ? null : identityGiven(shell, flags)
  const { access = null, show = () => {} } = accessOf(shell, flags)
  const defined = await shell.world.operations.definedAddresses({
    definitionFile: file,
    env: shell.world.env,
    show,
    given: {
      source: flags.source ?? null,
      mailboxes: flags.mailboxes ?? null,
      access: access !== null,
      identity: identity !== null || isElsewhere,
    },
  })
  const { fileName, trees } = defined
  return {
    source: flags.source ?? defined.source ?? lacking(`Where are the old mailboxes? Give --source, or source: url in ${fileName}.`),
    mailboxesFile: defined.mailboxesFile ?? lacking(`Whose mailboxes? Give --mailboxes, or mailboxes: list in ${fileName}.`),
    destination: flags.destination ?? defined.destination,
    stateDir: flags.state,
    caFile: flags.ca ?? defined.caFile,
    only: flags.only ?? defined.only,
    env: shell.world.env,
    trees: {
      others: flags.includeShared ?? trees.others,
      public: flags.includePublic ?? trees.public,
      folders: flags.includeFolder ?? trees.folders,
    },
    access: access ?? defined.access,
    show,
    identity: identity ?? defined.identity,
    cloud: flags.cloud ?? defined.cloud,
  }
}

function lacking(says: string): never {
  throw new Failure('bad-input', says)
}

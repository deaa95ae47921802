import type { Definition } from '../definition/definition.ts'
import { definedMail, definedSource, type DefinedMail } from './defined.ts'
import type { SwitchInput } from './switch-open.ts'

/**
 * What was given, and for the rest what the definition says. The access of the definition is never taken to another server than its
 * own. Throws `bad-input` where a secret that is named cannot be read.
 */
export async function withDefined<Input extends SwitchInput>(input: Input, definition: Definition): Promise<Input> {
  const { source } = input
  const isItsOwn = source === null || source.source === definition.sections.source?.url
  const access = source?.access ?? input.access ?? null
  const defined = isItsOwn ? await definedSource(definition, { access: access === null }) : null
  const { trees } = defined ?? {}
  const both =
    source === null
      ? defined === null || access === null
        ? defined
        : { ...defined, access }
      : { ...source, access: access ?? defined?.access ?? null, ...(source.trees !== undefined || trees === undefined ? {} : { trees }) }
  return {
    ...input,
    source: both,
    mail: mergedMail(input.mail, await definedMail(definition, { reflector: input.mail.reflector === null })),
  }
}

function mergedMail(given: SwitchInput['mail'], defined: DefinedMail): SwitchInput['mail'] {
  return {
    user: given.user ?? defined.user,
    reflector: given.reflector ?? defined.reflector,
    oldMx: given.oldMx ?? defined.oldMx,
    oldRouting: given.oldRouting === 'unknown' ? defined.oldRouting : given.oldRouting,
    sender: given.sender ?? defined.sender,
    helo: given.helo ?? defined.helo,
    ports: given.ports.length === 0 ? defined.ports : given.ports,
    resolvers: given.resolvers.length === 0 ? defined.resolvers : given.resolvers,
    caFile: given.caFile ?? defined.caFile,
  }
}

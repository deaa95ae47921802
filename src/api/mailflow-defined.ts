import { readDefinition } from '../definition/definition.ts'
import { Failure } from '../model/failure.ts'
import { definedMail } from './defined.ts'
import type { MailflowInput } from './mailflow.ts'

/** As it is asked for: a definition may say what no option says. */
export type MailflowTestInput = Omit<MailflowInput, 'user'> & { readonly user: string | null }

/** What was given, and for the rest what the definition says. Throws `bad-input` where neither names a mailbox to begin with. */
export async function withDefinedFlow(given: MailflowTestInput): Promise<MailflowInput> {
  const { definitionFile, env, identity } = given
  const definition = definitionFile === null ? null : await readDefinition(definitionFile, env, { secrets: identity === null })
  const defined = definition === null ? null : await definedMail(definition, { reflector: given.reflector === null })
  const user = given.user ?? defined?.user ?? null
  if (user === null)
    throw new Failure(
      'bad-input',
      `Which mailbox of the tenant may get test mail? Give --user${definition === null ? '' : `, or switch: user in ${definition.fileName}`}.`,
    )
  if (defined === null) return { ...given, user }
  const some = (of: 'aliases' | 'groups' | 'ports' | 'resolvers'): readonly string[] => (given[of].length === 0 ? defined[of] : given[of])
  return {
    ...given,
    user,
    second: given.second ?? defined.second,
    unmoved: given.unmoved ?? defined.unmoved,
    aliases: some('aliases'),
    groups: some('groups'),
    reflector: given.reflector ?? defined.reflector,
    oldMx: given.oldMx ?? defined.oldMx,
    sender: given.sender ?? defined.sender,
    helo: given.helo ?? defined.helo,
    ports: some('ports'),
    resolvers: some('resolvers'),
    caFile: given.caFile ?? defined.caFile,
  }
}

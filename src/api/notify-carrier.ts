import { readFile } from 'node:fs/promises'
import { readDefinition } from '../definition/definition.ts'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { graphPath } from '../microsoft/graph-path.ts'
import type { Graph } from '../microsoft/graph.ts'
import { bySmtp } from '../notify/by-smtp.ts'
import { LOGO, type Carrier, type Letter, type Outcome } from '../notify/carrier.ts'
import type { OpenMessages } from './notify-open.ts'
import { identityIn } from './tenant-access.ts'
import type { World } from './world.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What messages leave by, as the definition says. Reads secrets; opens nothing before the first message. */
export async function carrierFor(
  world: World,
  { definition, plan, stored }: OpenMessages,
  { env, show, ctx }: { readonly env: Env; readonly show: (message: string) => void; readonly ctx: Context },
): Promise<Carrier> {
  const { messages, source, switch: named } = definition.sections
  const file = named?.ca_file ?? source?.ca_file
  const ca = file === undefined ? null : await readFile(definition.file(file), 'utf8')
  const { from, by, smtp } = plan.messages
  if (from === null) throw new Failure('bad-input', 'Nobody is named as the sender: write messages.from into the definition.')
  if (by === 'graph') return byGraph(world, { definitionFile: stored.definitionFile, env, show, ctx })
  if (smtp === null || messages?.smtp === undefined)
    throw new Failure('bad-input', 'No mail host is named that takes messages: write messages.smtp into the definition.')
  const { url, login, secret } = smtp
  const password = secret === null ? null : await definition.secret(['messages', 'smtp', 'secret'], secret)
  return bySmtp({ url, login: secret === null ? null : (login ?? from), password, ca })
}

/** From a mailbox of the tenant. Graph takes a message at once; what its recipient's side refuses comes back to `from` as mail. */
function byGraph(
  world: World,
  {
    definitionFile,
    env,
    show,
    ctx,
  }: { readonly definitionFile: string; readonly env: Env; readonly show: (message: string) => void; readonly ctx: Context },
): Carrier {
  let opened: Promise<Graph> | null = null
  const open = async (): Promise<Graph> => {
    const { tenant } = await readDefinition(definitionFile, env)
    return (await world.tenant(identityIn(tenant, show), tenant.cloud, tenant.service, ctx)).graph
  }
  return {
    async send(letter, recipient) {
      opened ??= open()
      const graph = await opened
      try {
        await graph.send('POST', graphPath`/users/${letter.from.address}/sendMail`, { body: bodyOf(letter, recipient), repeatable: false })
        return { kind: 'sent', says: 'taken by Microsoft 365' }
      } catch (error) {
        return outcomeOf(error)
      }
    },
    [Symbol.asyncDispose]: async () => {},
  }
}

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof Failure)) throw error
  const says = error.serverText ?? error.message
  if (error.code === 'request-refused') return { kind: 'refused', says }
  if (['permission-missing', 'object-unknown', 'token-rejected', 'not-visible-yet', 'stopped'].includes(error.code))
    throw new Failure(error.code, error.message, { cause: error, notDone: true })
  return error.notDone ? { kind: 'later', says } : { kind: 'doubt', says }
}

function bodyOf({ replyTo, to, messageId, subject, html, logo }: Letter, recipient: string): object {
  const picture =
    logo === null
      ? []
      : [
          {
            '@odata.type': '#microsoft.graph.fileAttachment',
            name: logo.name,
            contentType: logo.type,
            contentBytes: Buffer.from(logo.bytes).toString('base64'),
            contentId: LOGO,
            isInline: true,
          },
        ]
  return {
    message: {
      subject,
      internetMessageId: `<${messageId}>`,
      body: { contentType: 'html', content: html },
      toRecipients: [{ emailAddress: { name: to.name, address: recipient } }],
      ...(replyTo === null ? {} : { replyTo: [{ emailAddress: { address: replyTo } }] }),
      ...(picture.length === 0 ? {} : { attachments: picture }),
      internetMessageHeaders: [{ name: 'x-auto-response-suppress', value: 'OOF, AutoReply' }],
    },
    saveToSentItems: true,
  }
}

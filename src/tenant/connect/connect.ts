import type { Context } from '../../lib/context.ts'
import type { AppIdentity } from '../../microsoft/app-identity.ts'
import type { CloudName } from '../../microsoft/clouds.ts'
import type { ExchangeAdmin } from '../../microsoft/exchange-admin.ts'
import type { TenantTokens } from '../../microsoft/exchange-token.ts'
import type { Graph } from '../../microsoft/graph.ts'
import { Failure } from '../../model/failure.ts'
import type { Need, Purpose } from './app-permissions.ts'
import { needsFor } from './app-permissions.ts'
import type { AppFacts } from './connect-app.ts'
import { readAppFacts } from './connect-app.ts'
import type { Check } from './connect-check.ts'
import { check } from './connect-check.ts'
import type { AdminDoor } from './connect-exchange.ts'
import { adminChecks, principalCheck, tryAdmin, unseenPrincipal } from './connect-exchange.ts'
import { graphChecks } from './connect-graph.ts'
import type { MailboxFacts, MailboxLook } from './connect-mailbox.ts'
import { isNotOpen, mailboxCheck, mailboxFacts } from './connect-mailbox.ts'
import { expiryChecks, signInChecks } from './connect-sign-in.ts'
import type { StepNames } from './connect-steps.ts'

export type ConnectScene = {
  readonly clientId: string
  readonly cloud: CloudName
  readonly identity: AppIdentity
  /** Who typed the code; null for an application. */
  readonly person: string | null
  readonly graph: Graph
  readonly admin: ExchangeAdmin
  readonly tokens: TenantTokens
  readonly purposes: readonly Purpose[]
  readonly mailboxes: readonly string[]
  /** Opens these mailboxes over IMAP, a few at a time. */
  look(addresses: readonly string[]): Promise<ReadonlyMap<string, MailboxLook>>
  readonly ctx: Context
}

export type Examined = { readonly checks: readonly Check[]; readonly names: StepNames }

/** Administration is asked about so many mailboxes that do not open: what is wrong with them is mostly the same, and each costs cmdlets. */
const MOST_ASKED_ABOUT = 25
const NOTHING_ASKED: ReadonlyMap<string, MailboxFacts | Failure> = new Map()

/** Looks at everything that is needed for the purposes, in order, and changes nothing. Throws a `Failure` only where it is stopped. */
export async function examine(scene: ConnectScene): Promise<Examined> {
  const { identity, graph, clientId, tokens, ctx } = scene
  const nobody: StepNames = { appName: null, appId: clientId, principalId: null, cloud: scene.cloud }
  const signIn = await signInChecks(tokens, identity, scene.person)
  if (signIn.some(({ id, state }) => id === 'sign-in graph' && state !== 'ok')) return { checks: signIn, names: nobody }
  const needs = needsFor(scene.purposes)
  const isPerson = identity.kind === 'device'
  const facts = isPerson ? null : await factsOrNull(graph, clientId)
  const names = facts === null ? nobody : { ...nobody, appName: facts.displayName, principalId: facts.principalId }
  const ofGraph = needs.filter(({ kind, name }) => kind === 'graph' && !(isPerson && name === 'Application.Read.All'))
  const seen = await graphChecks(graph, ofGraph, facts, scene.mailboxes[0] ?? null)
  const permissions = isPerson ? seen.map(forPerson) : seen
  // Without a token for Exchange there is nothing to ask there.
  if (signIn.some(({ state }) => state !== 'ok')) return { checks: [...signIn, ...permissions], names }
  const exchange = await exchangeSide(scene, needs, facts)
  return { checks: [...signIn, ...expiryChecks(identity, facts, ctx.clock.now()), ...permissions, ...exchange], names }
}

/** What lets a person in is the delegated permission of that name, and a role of that person. */
function forPerson(one: Check): Check {
  if (one.state === 'unknown' && one.failure === null) return { ...one, says: 'It shows only when something is changed.' }
  if (one.state !== 'missing') return one
  return { ...one, says: `Refused: nobody consented to the delegated permission ${one.title}, or the person lacks the role.`, step: null }
}

async function factsOrNull(graph: Graph, clientId: string): Promise<AppFacts | null> {
  try {
    return await readAppFacts(graph, clientId)
  } catch (error) {
    // The permissions themselves tell why Graph does not answer.
    if (error instanceof Failure && error.code !== 'stopped') return null
    throw error
  }
}

async function exchangeSide(scene: ConnectScene, needs: readonly Need[], facts: AppFacts | null): Promise<readonly Check[]> {
  const { admin, mailboxes } = scene
  const wants = (kind: Need['kind'], name?: string): boolean =>
    needs.some((need) => need.kind === kind && (name === undefined || need.name === name))
  const [door, looks] = await Promise.all([tryAdmin(admin), scene.look(mailboxes)])
  const isPerson = scene.identity.kind === 'device'
  const opened = [...looks.values()].some((look) => !('failure' in look))
  const grantee = isPerson ? scene.person : (facts?.principalId ?? null)
  const asked = door.works ? await askAbout(scene, looks, grantee) : NOTHING_ASKED
  // A mailbox that is not there refuses everybody.
  const there = [...looks].filter(([address]) => !isGone(asked.get(address)))
  const imap = imapCheck(
    facts,
    there.map(([, look]) => look),
  )
  const ofApp: Check[] = []
  if (wants('exchange', 'IMAP.AccessAsApp') && !isPerson) ofApp.push(imap)
  if (wants('role')) ofApp.push(...(isPerson ? [personsRole(door, scene.person)] : adminChecks(door, facts)))
  if (wants('principal') && !isPerson)
    ofApp.push(door.works ? await principalCheck(admin, scene.clientId, facts, opened) : unseenPrincipal(opened))
  const granted = imap.state === 'missing' ? false : facts === null ? null : true
  const checks = [...looks].map(([address, look]) => mailboxCheck(address, look, asked.get(address) ?? null, isPerson ? null : granted))
  return [...ofApp, ...checks]
}

function isGone(told: MailboxFacts | Failure | undefined): boolean {
  return told !== undefined && !(told instanceof Failure) && !told.exists
}

async function askAbout(
  scene: ConnectScene,
  looks: ReadonlyMap<string, MailboxLook>,
  grantee: string | null,
): Promise<ReadonlyMap<string, MailboxFacts | Failure>> {
  const closed = [...looks].filter(([, look]) => isNotOpen(look)).slice(0, MOST_ASKED_ABOUT)
  const told = new Map<string, MailboxFacts | Failure>()
  const ask = async (address: string): Promise<void> => {
    try {
      told.set(address, await mailboxFacts(scene, address, grantee))
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'stopped') throw error
      told.set(address, error)
    }
  }
  await Promise.all(closed.map(([address]) => ask(address)))
  return told
}

const IMAP = ['exchange', 'exchange IMAP.AccessAsApp', 'IMAP.AccessAsApp'] as const

/** Pure: Exchange lets a token without it in nowhere; one with it is told of the mailbox only after the sign-in. */
export function imapCheck(facts: AppFacts | null, looks: readonly MailboxLook[]): Check {
  const step = { kind: 'permission', api: 'exchange', name: 'IMAP.AccessAsApp', isOptional: false } as const
  if (looks.some((look) => !('failure' in look) || look.failure.code === 'mailbox-not-connected')) return check(...IMAP, 'ok', 'Works.')
  const refused = looks.length > 0 && looks.every((look) => 'failure' in look && look.failure.code === 'auth-rejected')
  if (facts !== null) {
    if (!facts.granted.has('exchange IMAP.AccessAsApp'))
      return check(...IMAP, 'missing', 'Not granted, so that no mailbox can be opened.', { step })
    return refused
      ? check(...IMAP, 'waiting', 'Granted, and not in effect yet: every mailbox refuses the sign-in.')
      : check(...IMAP, 'ok', 'Granted.')
  }
  if (refused) return check(...IMAP, 'missing', 'Every mailbox refuses the sign-in: it is not granted, or not in effect yet.', { step })
  return check(...IMAP, 'unknown', 'Without Application.Read.All it shows only at a mailbox: name one with --mailbox.')
}

function personsRole(door: AdminDoor, person: string | null): Check {
  const words = ['exchange', 'role Exchange Administrator', 'Role Exchange Administrator'] as const
  const who = person ?? 'this person'
  if (door.works) return check(...words, 'ok', `Exchange Online lets ${who} run cmdlets.`)
  const { failure } = door
  if (['role-missing', 'permission-missing', 'token-rejected'].includes(failure.code)) {
    const says = `Exchange Online does not let ${who} run cmdlets: the role Exchange Administrator is missing, or consent to the delegated permission Exchange.Manage.`
    return check(...words, 'missing', says)
  }
  return check(...words, 'unknown', failure.message, { failure })
}

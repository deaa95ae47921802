import type { ExchangeAdmin } from '../../microsoft/exchange-admin.ts'
import { isDehydrated } from '../../microsoft/exchange-reads.ts'
import { textIn } from '../../microsoft/wire-json.ts'
import { Failure } from '../../model/failure.ts'
import { EXCHANGE_ADMINISTRATOR, EXCHANGE_ROLES } from './app-permissions.ts'
import type { AppFacts } from './connect-app.ts'
import type { Check } from './connect-check.ts'
import { check, notAnswered } from './connect-check.ts'

/** What came of asking Exchange for its settings, which changes nothing. */
export type AdminDoor = { readonly works: true; readonly dehydrated: boolean } | { readonly works: false; readonly failure: Failure }

export async function tryAdmin(admin: ExchangeAdmin): Promise<AdminDoor> {
  try {
    return { works: true, dehydrated: await isDehydrated(admin) }
  } catch (failure) {
    if (!(failure instanceof Failure) || failure.code === 'stopped') throw failure
    return { works: false, failure }
  }
}

const MANAGE = ['exchange', 'exchange Exchange.ManageAsApp', 'Exchange.ManageAsApp'] as const
const ROLE = ['exchange', 'role Exchange Administrator', `Role ${EXCHANGE_ADMINISTRATOR.name}`] as const

/** Pure: the permission and the role, told apart by what Exchange answered and the directory says. */
export function adminChecks(door: AdminDoor, facts: AppFacts | null): readonly Check[] {
  if (door.works) {
    const young = door.dehydrated
      ? ' The organisation takes no settings of its own yet; `cutover tenant apply` enables that where it is needed.'
      : ''
    return [check(...MANAGE, 'ok', 'Works.'), check(...ROLE, 'ok', `Exchange Online lets the application run cmdlets.${young}`)]
  }
  const { failure } = door
  if (failure.code === 'role-missing') return [check(...MANAGE, 'ok', 'Works.'), roleCheck(facts, true)]
  if (failure.code !== 'permission-missing' && failure.code !== 'token-rejected')
    return [notAnswered(...MANAGE, failure), notAnswered(...ROLE, failure)]
  if (facts?.granted.has('exchange Exchange.ManageAsApp') === true)
    return [check(...MANAGE, 'waiting', 'Granted, and not in effect yet.'), roleCheck(facts, false)]
  const says = 'Not granted, so that Exchange Online lets the application run nothing.'
  const step = { kind: 'permission', api: 'exchange', name: 'Exchange.ManageAsApp', isOptional: false } as const
  return [check(...MANAGE, 'missing', says, { step }), roleCheck(facts, false)]
}

/** `refused`: Exchange said that the role is not there or not enough. */
function roleCheck(facts: AppFacts | null, refused: boolean): Check {
  const step = { kind: 'role' } as const
  const roles = facts?.roles ?? null
  if (roles?.includes(EXCHANGE_ADMINISTRATOR.templateId) === true)
    return refused ? check(...ROLE, 'waiting', 'Given, and not in effect yet.') : check(...ROLE, 'ok', 'Given.')
  const other = roles?.map((id) => EXCHANGE_ROLES[id]).find((name) => name !== undefined)
  if (other !== undefined)
    return check(...ROLE, 'missing', `Not given. The application has the role ${other}, which is not enough.`, { step })
  if (refused || roles !== null) return check(...ROLE, 'missing', 'Not given, and no other role that is enough.', { step })
  return check(...ROLE, 'unknown', 'It shows once Exchange.ManageAsApp works.')
}

const PRINCIPAL = ['exchange', 'principal', 'Service principal in Exchange'] as const

/** What Exchange was told of the application. `opened`: a mailbox could be opened, which proves it. */
export async function principalCheck(admin: ExchangeAdmin, appId: string, facts: AppFacts | null, opened: boolean): Promise<Check> {
  let ids: readonly string[]
  try {
    const { rows } = await admin.invoke('Get-ServicePrincipal')
    ids = rows.filter((row) => textIn(row['AppId']).toLowerCase() === appId.toLowerCase()).map((row) => textIn(row['ObjectId']))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (error.code !== 'role-missing' && error.code !== 'permission-missing') return notAnswered(...PRINCIPAL, error)
    return unseenPrincipal(opened)
  }
  return principalVerdict(ids, facts, opened)
}

export function unseenPrincipal(opened: boolean): Check {
  if (opened) return check(...PRINCIPAL, 'ok', 'A mailbox can be opened, so it is there.')
  return check(...PRINCIPAL, 'unknown', 'It cannot be seen before Exchange.ManageAsApp and the role work.')
}

/** Pure: which object ids Exchange knows for our application. */
export function principalVerdict(ids: readonly string[], facts: AppFacts | null, opened: boolean): Check {
  const same = (a: string | null | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase()
  const [id] = ids
  if (id === undefined)
    return check(...PRINCIPAL, 'missing', 'Exchange does not know the application yet.', { step: { kind: 'principal', wrong: null } })
  if (facts === null) {
    if (opened) return check(...PRINCIPAL, 'ok', 'It is there, and a mailbox can be opened.')
    const says = `It is there with the object id ${id}. Without Application.Read.All nobody can tell whether that is the right one: compare it with the object id under Enterprise applications.`
    return check(...PRINCIPAL, 'unknown', says)
  }
  if (ids.some((each) => same(facts.principalId, each))) return check(...PRINCIPAL, 'ok', 'It is there, with the right object id.')
  const which = same(facts.registrationId, id) ? 'the object id of the app registration' : `another object id (${id})`
  const says = `It was made with ${which} instead of that of the enterprise application (${facts.principalId}). All looks right then, and no mailbox opens.`
  return check(...PRINCIPAL, 'missing', says, { step: { kind: 'principal', wrong: id } })
}

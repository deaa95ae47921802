import { isProps, propsOf, rowsOf, textOf, type Json, type Props } from './props.ts'
import { startTenantSimulator, type TenantSimulator, type TenantSimulatorOptions } from './tenant-simulator.ts'

export type Told = { readonly status: number; readonly body: Props; readonly text: string; readonly headers: Headers }
export type CmdletTold = Told & { readonly rows: Props[]; readonly warnings: readonly string[] }

/** Plain requests to a simulated tenant, with fresh tokens of its application. */
export class TenantClient implements AsyncDisposable {
  readonly simulator: TenantSimulator

  constructor(simulator: TenantSimulator) {
    this.simulator = simulator
  }

  async graph(method: string, path: string, body?: Json, headers: Readonly<Record<string, string>> = {}): Promise<Told> {
    const url = path.startsWith('http') ? path : `${this.simulator.url}/v1.0${path}`
    return ask(url, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${this.simulator.token('graph')}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }

  async cmdlet(name: string, parameters: Props = {}, headers: Readonly<Record<string, string>> = {}, query = ''): Promise<CmdletTold> {
    const { url, tenantId } = this.simulator
    const told = await ask(`${url}/adminapi/beta/${tenantId}/InvokeCommand${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.simulator.token('exchange')}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ CmdletInput: { CmdletName: name, Parameters: parameters } }),
    })
    const warnings = told.body['@adminapi.warnings']
    return { ...told, rows: rowsOf(told.body['value']), warnings: Array.isArray(warnings) ? warnings.map(textOf) : [] }
  }

  async token(fields: Readonly<Record<string, string>>): Promise<Told> {
    const { url, tenantId, clientId, clientSecret } = this.simulator
    const form = {
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: 'client_credentials',
      scope: 'https://graph.microsoft.com/.default',
      ...fields,
    }
    return ask(`${url}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams(form) })
  }

  /** Makes a user with this licence and lets time pass until the mailbox is ready everywhere. */
  async person(local: string, part = 'ENTERPRISEPACK'): Promise<string> {
    const upn = `${local}@example.test`
    const { body } = await this.graph('POST', '/users', newUser(upn))
    this.simulator.advance(10_000)
    await this.graph('POST', `/users/${textOf(body['id'])}/assignLicense`, {
      addLicenses: [{ skuId: await this.sku(part) }],
      removeLicenses: [],
    })
    this.simulator.advance(300_000)
    return upn
  }

  async sku(part: string): Promise<string> {
    const { body } = await this.graph('GET', '/subscribedSkus')
    return textOf(rowsOf(body['value']).find((sku) => sku['skuPartNumber'] === part)?.['skuId'])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.simulator[Symbol.asyncDispose]()
  }
}

async function ask(url: string, options: RequestInit): Promise<Told> {
  const answer = await fetch(url, options)
  const text = await answer.text()
  let parsed: unknown = null
  try {
    parsed = JSON.parse(text)
  } catch {
    // Text and empty answers are looked at as text.
  }
  return { status: answer.status, body: isProps(parsed) ? parsed : {}, text, headers: answer.headers }
}

export function newUser(upn: string, more: Props = {}): Props {
  return {
    accountEnabled: true,
    displayName: `${upn.slice(0, upn.indexOf('@'))} Example`,
    mailNickname: upn.slice(0, upn.indexOf('@')),
    userPrincipalName: upn,
    usageLocation: 'DE',
    passwordProfile: { password: 'xK9!vv-Example-42', forceChangePasswordNextSignIn: true },
    ...more,
  }
}

/** A tenant whose clock only a test moves. */
export async function startTenant(options: TenantSimulatorOptions = {}): Promise<TenantClient> {
  const now = 1_795_350_000_000
  return new TenantClient(await startTenantSimulator({ now: () => now, ...options }))
}

/** Code and words of an error of Graph. */
export function graphError({ status, body }: Told): readonly [number, string, string] {
  const error = propsOf(body['error'])
  return [status, textOf(error['code']), textOf(error['message'])]
}

/** Status, exception class and words of a failed cmdlet. */
export function cmdletError({ status, body }: Told): readonly [number, string, string] {
  const details = rowsOf(propsOf(body['error'])['details'])
  const [, exception = '', text = ''] = textOf(details[0]?.['message']).split('|')
  return [status, exception.slice(exception.lastIndexOf('.') + 1), text]
}

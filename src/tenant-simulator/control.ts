import type { Answer } from './answers.ts'
import { addFault, type TenantFault } from './fault-book.ts'
import { propsOf, rowsOf, textOf } from './props.ts'
import { bodyOf, type ServiceRequest } from './request.ts'
import { recipientsOf, transport } from './transport.ts'
import type { TenantWorld } from './world.ts'

export type ControlTargets = {
  /** Prepared facts for whoever drives the simulator from another process. */
  describe(): Answer['body']
}

/** For tests in another process: move the clock, set faults, write DNS, look at the state. No real service has this. */
export function answerControl(world: TenantWorld, targets: ControlTargets, request: ServiceRequest): Answer {
  const body = bodyOf(request)
  switch (`${request.method} ${request.url.pathname}`) {
    case 'POST /__sim/advance':
      world.advance(Number(body['ms'] ?? 0))
      return { status: 200, body: { now: world.now() } }
    case 'POST /__sim/faults':
      for (const fault of rowsOf(body['faults'])) addFault(world, fault as unknown as TenantFault)
      return { status: 204 }
    case 'DELETE /__sim/faults':
      world.state.faults = []
      return { status: 204 }
    case 'POST /__sim/dns':
      setDns(
        world,
        rowsOf(body['records']).map((one) => ({ name: textOf(one['name']), type: textOf(one['type']), value: textOf(one['value']) })),
      )
      return { status: 204 }
    case 'POST /__sim/deliver': {
      const message = propsOf(body['message'])
      transport(world, { sender: textOf(body['sender']), recipients: recipientsOf(message), message })
      return { status: 202 }
    }
    case 'GET /__sim/state':
      return { status: 200, body: targets.describe() ?? null }
    default:
      return { status: 404, body: { error: { code: 'NotFound', message: 'No such control.' } } }
  }
}

/** Publishes records in the DNS that Microsoft sees; those of the same names and types go. */
export function setDns(
  world: TenantWorld,
  records: readonly { readonly name: string; readonly type: string; readonly value: string }[],
): void {
  const fresh = records.map(({ name, type, value }) => ({ name: name.toLowerCase().replace(/\.$/, ''), type: type.toUpperCase(), value }))
  const kept = world.state.dns.filter((old) => !fresh.some(({ name, type }) => name === old.name && type === old.type))
  world.state.dns = [...kept, ...fresh]
}

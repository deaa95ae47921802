/** A delay proxy in a process of its own, so that it takes nothing from the subject: `proxy-child.ts PORT ROUND-TRIP-MS`; prints its port. */
import { startProxy } from '../test/rig/proxy.ts'

const [port = '', roundTripMs = ''] = process.argv.slice(2)
const proxy = await startProxy(Number(port), { roundTripMs: Number(roundTripMs) })
process.stdout.write(`${proxy.port}\n`)
// The parent going away, however it goes, ends this process.
process.stdin.on('end', () => process.exit()).resume()

import type { Lane } from './lane.ts'
import { patiently } from './finish-folder.ts'
import type { PassEnv } from './pass-env.ts'
import { settle } from './settle.ts'

/** Messages that an earlier run left `sending` (killed, cut off): finds out which arrived. Those that did not are copied like new ones. */
export async function settleLeftovers(env: PassEnv, lane: Lane): Promise<void> {
  const folders = env.ledger.folders(env.mailboxId).filter((folder) => folder.destinationName !== null)
  const open = new Set(folders.filter((folder) => env.ledger.unfinishedUids(folder.id).size > 0).map((folder) => folder.destinationName))
  for (const name of open) {
    if (name === null) continue
    const sharing = folders.filter((folder) => folder.destinationName === name)
    await patiently(lane, () => settle(env, lane, name, sharing))
  }
}

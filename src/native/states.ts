/** Where a mailbox of a batch stands, in our words. */
export type NativeState = 'waiting' | 'copying' | 'synced' | 'behind' | 'stalled' | 'failed' | 'stopped' | 'ended' | 'unknown'

export type Standing = {
  readonly state: NativeState
  readonly says: string
  /** Looks migrated while it is not: a person must act. */
  readonly alert: boolean
}

type Meaning = readonly [NativeState, string]

const SYNCED = 'copied; new mail follows once a day until the batch is removed'

/** States of Get-MigrationUser. */
const USER: Readonly<Record<string, Meaning>> = {
  validating: ['waiting', 'Microsoft is checking its row of the list'],
  queued: ['waiting', 'waits for a free connection of the endpoint'],
  provisioning: ['waiting', 'its job is being made'],
  provisionupdating: ['waiting', 'its job is being changed'],
  starting: ['waiting', 'is about to begin'],
  syncing: ['copying', 'is being copied'],
  synced: ['synced', SYNCED],
  incrementalsyncing: ['synced', 'copied; new mail is being fetched now'],
  incrementalsynced: ['synced', SYNCED],
  incrementalfailed: ['behind', 'new mail no longer comes over, though the mailbox looks copied'],
  incrementalstopped: ['behind', 'new mail no longer comes over: the syncs were stopped'],
  completing: ['ended', 'is being closed'],
  completionsynced: ['ended', 'is closed'],
  completionfailed: ['failed', 'could not be closed'],
  completed: ['ended', 'is closed: nothing more comes over'],
  completedwithwarnings: ['ended', 'is closed, with warnings: nothing more comes over'],
  failed: ['failed', 'failed'],
  corrupted: ['failed', 'its job is damaged: remove it and start it anew'],
  stopping: ['stopped', 'is being stopped'],
  stopped: ['stopped', 'is stopped: nothing comes over'],
  removing: ['ended', 'is being removed'],
}

/** States of Get-MigrationBatch. */
const BATCH: Readonly<Record<string, Meaning>> = {
  created: ['waiting', 'is made and not started'],
  waiting: ['waiting', 'waits for its time'],
  starting: ['waiting', 'is about to begin'],
  syncing: ['copying', 'copies'],
  synced: ['synced', 'has copied all; new mail follows once a day'],
  syncedwitherrors: ['failed', 'has copied what it could; some mailboxes failed'],
  incrementalsyncing: ['synced', 'fetches new mail now'],
  stopping: ['stopped', 'is being stopped'],
  stopped: ['stopped', 'is stopped: nothing comes over'],
  completing: ['ended', 'is being closed'],
  completed: ['ended', 'is closed: nothing more comes over'],
  completedwitherrors: ['failed', 'is closed, with errors'],
  failed: ['failed', 'failed'],
  corrupted: ['failed', 'is damaged: remove it and start it anew'],
  removing: ['ended', 'is being removed'],
}

/** `StalledDueToTarget_DiskLatency` and the like: Microsoft's own servers are busy or unwell. */
const STALLED = /Stalled(?:DueTo|To)\w*|Relinquish\w*|DataMoveReplicationConstraint/i

/** What a status of a mailbox means; `detail`: what Microsoft tells besides. */
export function userStanding(status: string, detail = ''): Standing {
  const found = standing(USER, status)
  if (found.state === 'copying' && STALLED.test(detail))
    return { state: 'stalled', says: 'waits, as Microsoft’s servers are busy: leave it for eight hours', alert: false }
  return found
}

export function batchStanding(status: string): Standing {
  return standing(BATCH, status)
}

/** Nothing more will happen by itself. */
export function isAtRest({ state }: Pick<Standing, 'state'>): boolean {
  return state !== 'waiting' && state !== 'copying' && state !== 'stalled' && state !== 'unknown'
}

function standing(words: Readonly<Record<string, Meaning>>, status: string): Standing {
  const key = status.toLowerCase().replaceAll(/[^a-z]/g, '')
  const [state, says] = (Object.hasOwn(words, key) ? words[key] : undefined) ?? (['unknown', 'is in a state that we do not know'] as const)
  return { state, says, alert: state === 'behind' }
}

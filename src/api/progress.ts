import type { PassPhase, PassWatch } from '../engine/pass-env.ts'
import type { Progress, Watch } from './operations.ts'

/** Turns what a pass tells into the progress of one mailbox. */
export function watchMailbox(mailbox: string, watch: Watch): PassWatch {
  let progress: Progress = {
    mailbox,
    phase: 'connect',
    folder: null,
    done: 0,
    total: 0,
    bytes: 0,
    totalBytes: null,
    waitingUntilMs: null,
    note: null,
  }
  const tell = (change: Partial<Progress>): void => {
    progress = { ...progress, ...change }
    watch.onProgress(progress)
  }
  return {
    phase: (phase: PassPhase, folder) => tell({ phase, folder, note: null }),
    expect: (messages, bytes) => tell({ done: 0, bytes: 0, total: messages, totalBytes: bytes }),
    done: (messages, bytes) => tell({ done: progress.done + messages, bytes: progress.bytes + bytes }),
    waiting: (waitingUntilMs) => tell({ waitingUntilMs }),
    note: (note) => tell({ note }),
  }
}

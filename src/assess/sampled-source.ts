import { UidSet } from '../model/uid-set.ts'
import type { Source, SourceFolder, SourceNotes, SourceSession } from '../source/port.ts'
import { isChosen, seedOf } from './chance.ts'
import { shareOf, type Sample } from './sample.ts'

/**
 * A source that seems to have only a sample of its messages, the same one every time. The folders are all there. For a rehearsal: what is
 * told of a whole folder (`status`) is still that of all messages. `onShare`: which part of all that is, 0–1.
 */
export function sampledSource(source: Source, sample: Sample, onShare: (share: number) => void): Source {
  if (sample === 'full') return source
  // A number of messages becomes a share once the first listing has told how many there are.
  const share: Share = { of: 1, told: onShare }
  return {
    name: source.name,
    connect: async (ctx) => sampledSession(await source.connect(ctx), sample, share),
    look: (ctx) => source.look(ctx),
    ...(source.remember === undefined ? {} : { remember: (notes: SourceNotes) => source.remember?.(notes) }),
  }
}

type Share = { of: number; readonly told: (share: number) => void }

function sampledSession(session: SourceSession, sample: Sample, share: Share): SourceSession {
  // What a session tells changes while it lives: it is asked each time.
  return new Proxy(session, {
    get(target, name) {
      if (name === 'folders') {
        return async () => {
          const folders = await target.folders()
          share.of = shareOf(sample, folders)
          share.told(share.of)
          return folders
        }
      }
      if (name === 'open') return async (folder: string) => sampledFolder(await target.open(folder), share.of)
      if (name === 'known') {
        return (...given: Parameters<SourceSession['known']>) => {
          const folder = target.known(...given)
          return folder === null ? null : sampledFolder(folder, share.of)
        }
      }
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function sampledFolder(folder: SourceFolder, share: number): SourceFolder {
  const seed = seedOf(`${folder.name} ${folder.status.uidValidity}`)
  const chosen = (uid: number): boolean => isChosen(seed, uid, share)
  return {
    name: folder.name,
    status: folder.status,
    ...(folder.sharesUidsOf === undefined ? {} : { sharesUidsOf: folder.sharesUidsOf }),
    rows: (from, to, onRow) => folder.rows(from, to, (row) => void (chosen(row.uid) && onRow(row))),
    flags: (from, to, onRow) => folder.flags(from, to, (uid, flags) => void (chosen(uid) && onRow(uid, flags))),
    changes: (since, onRow) => folder.changes(since, (uid, flags) => void (chosen(uid) && onRow(uid, flags))),
    uids: async () => UidSet.of([...(await folder.uids())].filter(chosen)),
    headers: (uids, onHeader) => folder.headers(uids, onHeader),
    bodies: (uids, sink) => folder.bodies(uids, sink),
    octets: (uids, onMessage) => folder.octets(uids, onMessage),
  }
}

import type { ListedFolder } from '../model/folder.ts'
import { isInbox } from './name-key.ts'
import type { Place } from './placement.ts'
import type { SourceNode } from './source-tree.ts'
import type { StoredRole } from './special-names.ts'

const ROLE_WORDS: Readonly<Record<StoredRole, string>> = {
  inbox: 'incoming mail',
  sent: 'sent mail',
  drafts: 'drafts',
  trash: 'deleted mail',
  junk: 'junk mail',
  archive: 'archived mail',
}

export type Circumstances = {
  readonly candidates: ReadonlyMap<StoredRole, readonly SourceNode[]>
  readonly roles: ReadonlyMap<StoredRole, readonly string[]>
  /** The folder at that place of the destination. */
  readonly found: ListedFolder | null
  readonly decided: boolean
  readonly left: (node: SourceNode) => boolean
}

/** Why the folder is called what it will be called at the destination; [] when that is what it is called at the source. */
export function explain(node: SourceNode, place: Place, written: readonly string[], told: Circumstances): readonly string[] {
  const listed = node.folder?.path ?? []
  const reasons = [...merged(node, place, told), ...place.reasons]
  if (reasons.length > 0 || samePath(listed, written)) return reasons
  const name = written.join('/')
  if (node.role !== null && node.role !== 'inbox') return [`It is the folder for ${ROLE_WORDS[node.role]}: its messages go to "${name}".`]
  if (told.decided) return [`It goes to "${name}", as an earlier pass decided.`]
  if (node.prefix !== '' && samePath(node.path, place.path))
    return [`"${node.prefix}" before the name is left away: it stands at the top level.`]
  if (told.found !== null && place.path.join('/') === listed.join('/')) return [`The destination has it already, as "${name}".`]
  return [`It follows its parent folder to "${name}".`]
}

/** The folders of one role share a destination: every one but the best says with whom. */
function merged(node: SourceNode, place: Place, told: Circumstances): readonly string[] {
  if (node.role === null) return []
  const best = told.candidates.get(node.role)?.find((other) => other.folder?.selectable === true && !told.left(other))
  const shared = told.roles.get(node.role)?.join('/') === place.path.join('/')
  if (best === undefined || best === node || !shared || node.folder?.selectable !== true) return []
  return [`Merged with "${best.folder?.path.join('/') ?? ''}": both hold ${ROLE_WORDS[node.role]}.`]
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, depth) => name === b[depth] || (depth === 0 && isInbox(name) && isInbox(b[depth] ?? '')))
}

import { integer, text, textOrNull, type Row } from '../db/column.ts'
import { Failure } from '../model/failure.ts'
import type { FactData, Facts } from './facts.ts'
import type { Seen, Waiver } from './gate.ts'
import type { StoredProject } from './store.ts'

/** What happened in a project, for the timeline of its reports. Stable words; a kind that is not here is taken too, as others add theirs. */
export const EVENT_KINDS = [
  'project-made',
  'definition-imported',
  'cutover-postponed',
  'phase-entered',
  'task-signed-off',
  'sign-off-withdrawn',
  'gate-waived',
  'waiver-withdrawn',
  'approved',
  'pass-ended',
  'report-made',
  'message-sent',
] as const
export type EventKind = (typeof EVENT_KINDS)[number] | (string & {})

export type ProjectEvent = {
  readonly id: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly kind: EventKind
  /** Who did or decided it; null: it came by itself. */
  readonly who: string | null
  /** A sentence without its full stop. */
  readonly says: string
  /** JSON beside the sentence; null: none. */
  readonly data: unknown
}

export type NewEvent = { readonly kind: EventKind; readonly says: string; readonly who?: string | null; readonly data?: unknown }

export function addEvent(project: StoredProject, { kind, says, who = null, data = null }: NewEvent): void {
  project.db.insert(
    'INSERT INTO event (project, at, kind, who, says, data) VALUES (?, ?, ?, ?, ?, ?)',
    project.id,
    Math.round(project.now()),
    kind,
    who,
    says,
    JSON.stringify(data),
  )
}

/** In the order in which they happened; of one kind only, where it is given. */
export function events(project: StoredProject, kind: EventKind | null = null): readonly ProjectEvent[] {
  const rows =
    kind === null
      ? project.db.all('SELECT * FROM event WHERE project = ? ORDER BY id', project.id)
      : project.db.all('SELECT * FROM event WHERE project = ? AND kind = ? ORDER BY id', project.id, kind)
  return rows.map((row) => ({
    id: integer(row['id']),
    at: integer(row['at']),
    kind: text(row['kind']),
    who: textOrNull(row['who'] ?? null),
    says: text(row['says']),
    data: json(row['data']),
  }))
}

/** Writes down what was seen; what was seen before is kept. */
export function addFact<Kind extends keyof FactData>(project: StoredProject, kind: Kind, data: FactData[Kind]): void {
  project.db.insert(
    'INSERT INTO fact (project, at, kind, data) VALUES (?, ?, ?, ?)',
    project.id,
    Math.round(project.now()),
    kind,
    JSON.stringify(data),
  )
}

/** The newest of each kind. */
export function facts(project: StoredProject): Facts {
  const rows = project.db.all(
    'SELECT kind, at, data FROM fact WHERE id IN (SELECT max(id) FROM fact WHERE project = ? GROUP BY kind)',
    project.id,
  )
  const seen = new Map(rows.map((row) => [text(row['kind']), row] as const))
  const newest = <Kind extends keyof FactData>(kind: Kind): Seen<FactData[Kind]> | null => {
    const row = seen.get(kind)
    // What we wrote ourselves, and the database keeps unchanged, is believed beyond its type.
    return row === undefined ? null : { at: integer(row['at']), data: json(row['data']) as FactData[Kind] }
  }
  return {
    assessment: newest('assessment'),
    logins: newest('logins'),
    connect: newest('connect'),
    tenant: newest('tenant'),
    dns: newest('dns'),
    verification: newest('verification'),
    reconciliation: newest('reconciliation'),
    mailflow: newest('mailflow'),
    acceptance: newest('acceptance'),
  }
}

/** All that were seen of one kind, oldest first. */
export function factHistory<Kind extends keyof FactData>(project: StoredProject, kind: Kind): readonly Seen<FactData[Kind]>[] {
  const rows = project.db.all('SELECT at, data FROM fact WHERE project = ? AND kind = ? ORDER BY id', project.id, kind)
  return rows.map((row) => ({ at: integer(row['at']), data: json(row['data']) as FactData[Kind] }))
}

export type SignOff = { readonly task: string; readonly name: string; readonly note: string | null; readonly at: number }

/** Those that hold, by task; a later one of a task takes the place of an earlier one. */
export function signOffs(project: StoredProject): readonly SignOff[] {
  return latest(project, 'sign_off', 'task').map((row) => ({
    task: text(row['task']),
    name: text(row['name']),
    note: textOrNull(row['note'] ?? null),
    at: integer(row['at']),
  }))
}

export function addSignOff(
  project: StoredProject,
  {
    task,
    name,
    note = null,
    withdrawn = false,
  }: { readonly task: string; readonly name: string; readonly note?: string | null; readonly withdrawn?: boolean },
): void {
  project.db.insert(
    'INSERT INTO sign_off (project, at, task, name, note, withdrawn) VALUES (?, ?, ?, ?, ?, ?)',
    project.id,
    Math.round(project.now()),
    task,
    name,
    note,
    withdrawn ? 1 : 0,
  )
}

/** Those that hold, by blocker. */
export function waivers(project: StoredProject): readonly Waiver[] {
  return latest(project, 'waiver', 'blocker').map((row) => ({
    blocker: text(row['blocker']),
    name: text(row['name']),
    reason: text(row['reason']),
    at: integer(row['at']),
  }))
}

export function addWaiver(
  project: StoredProject,
  { blocker, name, reason, withdrawn = false }: Omit<Waiver, 'at'> & { readonly withdrawn?: boolean },
): void {
  project.db.insert(
    'INSERT INTO waiver (project, at, blocker, name, reason, withdrawn) VALUES (?, ?, ?, ?, ?, ?)',
    project.id,
    Math.round(project.now()),
    blocker,
    name,
    reason,
    withdrawn ? 1 : 0,
  )
}

/** Somebody looked at a plan and agreed to it: that very one, by its digest. */
export type Approval = { readonly what: string; readonly digest: string; readonly name: string; readonly at: number }

/** All of them, oldest first. */
export function approvals(project: StoredProject): readonly Approval[] {
  const rows = project.db.all('SELECT what, digest, name, at FROM approval WHERE project = ? ORDER BY id', project.id)
  return rows.map((row) => ({ what: text(row['what']), digest: text(row['digest']), name: text(row['name']), at: integer(row['at']) }))
}

export function addApproval(project: StoredProject, { what, digest, name }: Omit<Approval, 'at'>): void {
  project.db.insert(
    'INSERT INTO approval (project, at, what, digest, name) VALUES (?, ?, ?, ?, ?)',
    project.id,
    Math.round(project.now()),
    what,
    digest,
    name,
  )
}

function latest(project: StoredProject, table: 'sign_off' | 'waiver', key: 'task' | 'blocker'): readonly Row[] {
  return project.db.all(
    `SELECT * FROM ${table} WHERE id IN (SELECT max(id) FROM ${table} WHERE project = ? GROUP BY ${key}) AND withdrawn = 0 ORDER BY id`,
    project.id,
  )
}

function json(value: Row[string] | undefined): unknown {
  try {
    return JSON.parse(text(value))
  } catch (cause) {
    throw new Failure('state-damaged', 'A row of the store of projects cannot be read.', { cause })
  }
}

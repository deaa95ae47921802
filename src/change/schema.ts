import type { Migration } from '../db/migrate.ts'
import { STATE_NAMES } from './change-state.ts'

const STATES = STATE_NAMES.map((state) => `'${state}'`).join(', ')

/**
 * The tables of a journal of changes. Times are milliseconds since 1970.
 *
 * - `change.run_id` is the last run that took the change up; `place` the order in which changes were begun, over all runs.
 * - `change.acted` is 1 before its first call, and stays so unless that one was certainly not carried out: there may be something to
 *   take back.
 * - `change.before` is what stood there when it was begun, as far as the change names it; it stays through every further attempt.
 * - A secret is there until it was handed out, or what it was for was taken back.
 */
const JOURNAL = `
CREATE TABLE system (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL
) STRICT;

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('apply', 'undo')),
  began_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;

CREATE TABLE change (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run,
  key TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN (${STATES})),
  place INTEGER,
  acted INTEGER NOT NULL DEFAULT 0 CHECK (acted IN (0, 1)),
  before TEXT,
  made TEXT,
  calls_done INTEGER NOT NULL DEFAULT 0,
  undo_calls_done INTEGER NOT NULL DEFAULT 0,
  changed_at INTEGER NOT NULL,
  waiting_since INTEGER,
  failure_code TEXT,
  failure_text TEXT,
  why TEXT
) STRICT;
CREATE INDEX change_of_key ON change (key);
CREATE INDEX change_in_state ON change (state);
CREATE UNIQUE INDEX change_place ON change (place) WHERE place IS NOT NULL;

CREATE TABLE secret (
  change_id INTEGER NOT NULL REFERENCES change,
  name TEXT NOT NULL,
  sealed TEXT NOT NULL,
  PRIMARY KEY (change_id, name)
) STRICT;
`

export const MIGRATIONS: readonly Migration[] = [{ name: 'journal', sql: JOURNAL }]

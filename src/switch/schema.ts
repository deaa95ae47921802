import type { Migration } from '../db/migrate.ts'
import { EVENT_TYPES } from './events.ts'
import { PHASE_NAMES } from './states.ts'

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ')

/**
 * The log of one domain's move. `at` is the time of the log, `wall_ms` the time of day, `boot` and `up_ms` the even clock (see
 * `Reading`); `phase` is where the move stood after the event. Nothing is ever changed or taken away.
 */
const LOG = `
CREATE TABLE domain (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL
) STRICT;

CREATE TABLE event (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  at INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  boot TEXT NOT NULL,
  up_ms INTEGER NOT NULL,
  type TEXT NOT NULL CHECK (type IN (${quoted(Object.keys(EVENT_TYPES))})),
  phase TEXT NOT NULL CHECK (phase IN (${quoted(PHASE_NAMES)})),
  payload TEXT NOT NULL,
  evidence TEXT NOT NULL
) STRICT;

CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END;
CREATE TRIGGER event_is_kept BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END;
`

export const MIGRATIONS: readonly Migration[] = [{ name: 'log of the switch', sql: LOG }]

import type { Migration } from '../db/migrate.ts'
import { MESSAGE_TABLES } from './message-tables.ts'
import { ISSUES } from './issue-records.ts'

const APPEND_ONLY = ['definition', 'event', 'fact', 'sign_off', 'waiver', 'approval']

/** The store of projects. What happened and what was decided is only ever added to: that is what the reports stand on. */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'projects',
    sql: `
      CREATE TABLE project (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL) STRICT;
      CREATE TABLE definition (
        id INTEGER PRIMARY KEY,
        project INTEGER NOT NULL REFERENCES project (id),
        version INTEGER NOT NULL,
        at INTEGER NOT NULL,
        who TEXT,
        yaml TEXT NOT NULL,
        list TEXT NOT NULL,
        UNIQUE (project, version)
      ) STRICT;
      CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        project INTEGER NOT NULL REFERENCES project (id),
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        who TEXT,
        says TEXT NOT NULL,
        data TEXT NOT NULL
      ) STRICT;
      CREATE INDEX event_by_project ON event (project, kind, id);
      CREATE TABLE fact (
        id INTEGER PRIMARY KEY,
        project INTEGER NOT NULL REFERENCES project (id),
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        data TEXT NOT NULL
      ) STRICT;
      CREATE INDEX fact_by_kind ON fact (project, kind, id);
      CREATE TABLE sign_off (
        id INTEGER PRIMARY KEY,
        project INTEGER NOT NULL REFERENCES project (id),
        at INTEGER NOT NULL,
        task TEXT NOT NULL,
        name TEXT NOT NULL,
        note TEXT,
        withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1))
      ) STRICT;
      CREATE TABLE waiver (
        id INTEGER PRIMARY KEY,
        project INTEGER NOT NULL REFERENCES project (id),
        at INTEGER NOT NULL,
        blocker TEXT NOT NULL,
        name TEXT NOT NULL,
        reason TEXT NOT NULL,
        withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1))
      ) STRICT;
      CREATE TABLE approval (
        id INTEGER PRIMARY KEY,
        project INTEGER NOT NULL REFERENCES project (id),
        at INTEGER NOT NULL,
        what TEXT NOT NULL,
        digest TEXT NOT NULL,
        name TEXT NOT NULL
      ) STRICT;
      ${APPEND_ONLY.map(
        (table) => `
          CREATE TRIGGER ${table}_kept BEFORE UPDATE ON ${table} BEGIN SELECT raise(ABORT, 'it is never changed'); END;
          CREATE TRIGGER ${table}_stays BEFORE DELETE ON ${table} BEGIN SELECT raise(ABORT, 'it is never taken away'); END;`,
      ).join('')}
    `,
  },
  { name: 'issues', sql: ISSUES },
  MESSAGE_TABLES,
]

import type { Migration } from '../db/migrate.ts'

/** What was sent to whom: one row for each mailbox that a message goes to, written before it goes. `src/notify/journal.ts` works on it. */
export const MESSAGE_TABLES: Migration = {
  name: 'messages',
  sql: `
    CREATE TABLE message (
      id INTEGER PRIMARY KEY,
      project INTEGER NOT NULL REFERENCES project (id),
      moment TEXT NOT NULL,
      person TEXT NOT NULL,
      version INTEGER NOT NULL,
      way TEXT NOT NULL CHECK (way IN ('usual', 'new-side', 'private')),
      address TEXT NOT NULL,
      message_id TEXT NOT NULL,
      told INTEGER,
      state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'later', 'refused', 'doubt')),
      tries INTEGER NOT NULL,
      says TEXT,
      at INTEGER NOT NULL,
      UNIQUE (project, moment, person, version, way)
    ) STRICT;
  `,
}

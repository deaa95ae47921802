import type { Migration } from '../db/migrate.ts'
import { MESSAGE_STATES } from '../model/message.ts'
import { LABELLING } from './label-book.ts'
import { LATE } from './late-book.ts'
import { FOREIGN } from './foreign-rows.ts'

const STATES = MESSAGE_STATES.map((state) => `'${state}'`).join(', ')

/**
 * The tables of a ledger. Times are milliseconds since 1970.
 *
 * - `entry.uid` is NULL once its UIDVALIDITY is no longer the folder's: the message is known, its UID is not. So a folder
 *   has one living set of UIDs, and (folder, uid) is unique within it.
 * - `entry.vanished_in` is the pass that missed the message at its source folder, until it is decided what becomes of the copy.
 * - `tally` is kept by triggers, so that the books are read from six rows a folder and cannot drift from the entries.
 * - The partial indexes hold the few rows that are not simply copied; they cost the bulk of the copying next to nothing.
 */
const LEDGER = `
CREATE TABLE mailbox (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  destination TEXT NOT NULL,
  name TEXT NOT NULL,
  began_at INTEGER NOT NULL,
  UNIQUE (source, destination)
) STRICT;

CREATE TABLE lease (
  mailbox_id INTEGER PRIMARY KEY REFERENCES mailbox,
  owner TEXT NOT NULL,
  token TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE pass (
  id INTEGER PRIMARY KEY,
  mailbox_id INTEGER NOT NULL REFERENCES mailbox,
  kind TEXT NOT NULL CHECK (kind IN ('initial', 'delta', 'final', 'verify')),
  began_at INTEGER NOT NULL,
  ended_at INTEGER,
  failure_code TEXT,
  failure_detail TEXT,
  figures TEXT
) STRICT;
CREATE INDEX pass_of_mailbox ON pass (mailbox_id);

CREATE TABLE folder (
  id INTEGER PRIMARY KEY,
  mailbox_id INTEGER NOT NULL REFERENCES mailbox,
  source_name TEXT NOT NULL,
  source_path TEXT NOT NULL,
  destination_name TEXT,
  destination_path TEXT,
  destination_uid_validity TEXT,
  uid_validity TEXT,
  uid_next INTEGER NOT NULL DEFAULT 0,
  highest_modseq TEXT,
  messages INTEGER NOT NULL DEFAULT 0,
  found INTEGER NOT NULL DEFAULT 0,
  complete INTEGER NOT NULL DEFAULT 0,
  gone_at INTEGER,
  failure_code TEXT,
  failure_detail TEXT,
  write_from INTEGER,
  UNIQUE (mailbox_id, source_name)
) STRICT;

CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  folder_id INTEGER NOT NULL REFERENCES folder,
  uid_validity TEXT NOT NULL,
  uid INTEGER,
  size_bytes INTEGER NOT NULL,
  internal_date TEXT NOT NULL,
  flags TEXT NOT NULL,
  sha256 BLOB,
  strict BLOB,
  loose BLOB,
  state TEXT NOT NULL CHECK (state IN (${STATES})),
  attempts INTEGER NOT NULL,
  repairs TEXT,
  sent_sha256 BLOB,
  sent_bytes INTEGER,
  sent_strict BLOB,
  destination_name TEXT,
  destination_uid_validity TEXT,
  destination_uid INTEGER,
  failure_code TEXT,
  failure_detail TEXT,
  vanished_in INTEGER REFERENCES pass,
  sent_at INTEGER,
  settled_at INTEGER
) STRICT;
CREATE UNIQUE INDEX entry_by_uid ON entry (folder_id, uid);
CREATE INDEX entry_elsewhere ON entry (destination_name) WHERE destination_name IS NOT NULL;
CREATE INDEX entry_by_destination ON entry (folder_id, destination_uid) WHERE destination_uid IS NOT NULL;
CREATE INDEX entry_sending ON entry (folder_id) WHERE state = 'sending';
CREATE INDEX entry_with_reason ON entry (folder_id, uid) WHERE state IN ('failed', 'skipped');
CREATE INDEX entry_gone ON entry (folder_id, uid) WHERE state = 'gone';
CREATE INDEX entry_vanished ON entry (folder_id) WHERE vanished_in IS NOT NULL;
CREATE INDEX entry_vanished_alike ON entry (size_bytes, internal_date) WHERE vanished_in IS NOT NULL;
CREATE INDEX entry_forgotten ON entry (folder_id, strict) WHERE uid IS NULL;
CREATE INDEX entry_repaired ON entry (folder_id, uid) WHERE repairs IS NOT NULL;

CREATE TABLE note (
  entry_id INTEGER PRIMARY KEY REFERENCES entry,
  subject TEXT NOT NULL,
  sender TEXT NOT NULL,
  date TEXT NOT NULL
) STRICT;

CREATE TABLE tally (
  folder_id INTEGER NOT NULL REFERENCES folder,
  state TEXT NOT NULL CHECK (state IN (${STATES})),
  messages INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (folder_id, state)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER tally_new_folder AFTER INSERT ON folder BEGIN
  INSERT INTO tally (folder_id, state) VALUES ${MESSAGE_STATES.map((state) => `(new.id, '${state}')`).join(', ')};
END;
CREATE TRIGGER tally_new_entry AFTER INSERT ON entry WHEN new.uid IS NOT NULL BEGIN
  UPDATE tally SET messages = messages + 1, bytes = bytes + new.size_bytes WHERE folder_id = new.folder_id AND state = new.state;
END;
CREATE TRIGGER tally_entry AFTER UPDATE OF state, folder_id, uid, size_bytes ON entry BEGIN
  UPDATE tally SET messages = messages - 1, bytes = bytes - old.size_bytes
    WHERE folder_id = old.folder_id AND state = old.state AND old.uid IS NOT NULL;
  UPDATE tally SET messages = messages + 1, bytes = bytes + new.size_bytes
    WHERE folder_id = new.folder_id AND state = new.state AND new.uid IS NOT NULL;
END;
CREATE TRIGGER note_no_longer_needed AFTER UPDATE OF state ON entry
WHEN old.state IN ('failed', 'skipped') AND new.state NOT IN ('failed', 'skipped') BEGIN
  DELETE FROM note WHERE entry_id = new.id;
END;
`

/** What a verification found, and how far it got. */
const VERIFICATION = `
CREATE TABLE verification (
  folder_id INTEGER NOT NULL REFERENCES folder,
  level TEXT NOT NULL CHECK (level IN ('counts', 'fingerprints', 'content')),
  pass_id INTEGER NOT NULL REFERENCES pass,
  checked_to INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  result TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (folder_id, level)
) STRICT, WITHOUT ROWID;
`

/** What a source keeps between two passes, and what it handed out, by the hour. */
const SOURCE_NOTES = `
CREATE TABLE source_note (
  mailbox_id INTEGER NOT NULL REFERENCES mailbox,
  name TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (mailbox_id, name)
) STRICT;

CREATE TABLE traffic (
  mailbox_id INTEGER NOT NULL REFERENCES mailbox,
  hour INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE parked (
  mailbox_id INTEGER PRIMARY KEY REFERENCES mailbox,
  until INTEGER NOT NULL,
  times INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;
`

/** Only ever added to at the end. */
export const MIGRATIONS: readonly Migration[] = [
  { name: 'ledger', sql: LEDGER },
  { name: 'verification', sql: VERIFICATION },
  { name: 'source-notes', sql: SOURCE_NOTES },
  { name: 'foreign', sql: FOREIGN },
  { name: 'labelling', sql: LABELLING },
  { name: 'late', sql: LATE },
]

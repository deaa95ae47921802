import { integer, integerOrNull, text, textOrNull } from '../db/column.ts'
import type { FoundIssue, IssueWord, SeenIssue } from './issues.ts'
import type { StoredProject } from './store.ts'

/** A migration of the store. An issue that is found again is the same row; words about it are only ever added. */
export const ISSUES = `
  CREATE TABLE issue (
    project INTEGER NOT NULL REFERENCES project (id),
    issue TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    found TEXT NOT NULL,
    PRIMARY KEY (project, issue)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE issue_word (
    id INTEGER PRIMARY KEY,
    project INTEGER NOT NULL REFERENCES project (id),
    at INTEGER NOT NULL,
    issue TEXT NOT NULL,
    name TEXT NOT NULL,
    word TEXT NOT NULL CHECK (word IN ('fixed', 'accepted', 'reopened', 'assigned')),
    note TEXT,
    owner TEXT,
    due_at INTEGER
  ) STRICT;
  CREATE TRIGGER issue_word_kept BEFORE UPDATE ON issue_word BEGIN SELECT raise(ABORT, 'it is never changed'); END;
  CREATE TRIGGER issue_word_stays BEFORE DELETE ON issue_word BEGIN SELECT raise(ABORT, 'it is never taken away'); END;
`

/** Writes down what is found now, so that it is remembered once it is gone. */
export function rememberIssues(project: StoredProject, found: readonly FoundIssue[]): void {
  const now = Math.round(project.now())
  project.db.transaction(() => {
    for (const one of found)
      project.db.run(
        `INSERT INTO issue (project, issue, first_at, last_at, found) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (project, issue) DO UPDATE SET last_at = excluded.last_at, found = excluded.found`,
        project.id,
        one.id,
        now,
        now,
        JSON.stringify(one),
      )
  })
}

/** All that were ever found, in the order in which they first were. */
export function seenIssues(project: StoredProject): readonly SeenIssue[] {
  return project.db.all('SELECT first_at, last_at, found FROM issue WHERE project = ? ORDER BY first_at, issue', project.id).map((row) => ({
    // What we wrote ourselves.
    ...(JSON.parse(text(row['found'])) as FoundIssue),
    firstAt: integer(row['first_at']),
    lastAt: integer(row['last_at']),
  }))
}

export function issueWords(project: StoredProject): readonly IssueWord[] {
  return project.db.all('SELECT * FROM issue_word WHERE project = ? ORDER BY id', project.id).map((row) => ({
    issue: text(row['issue']),
    at: integer(row['at']),
    name: text(row['name']),
    word: text(row['word']) as IssueWord['word'],
    note: textOrNull(row['note'] ?? null),
    owner: textOrNull(row['owner'] ?? null),
    dueAt: integerOrNull(row['due_at'] ?? null),
  }))
}

export function addIssueWord(project: StoredProject, { issue, name, word, note, owner, dueAt }: Omit<IssueWord, 'at'>): void {
  project.db.insert(
    'INSERT INTO issue_word (project, at, issue, name, word, note, owner, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    project.id,
    Math.round(project.now()),
    issue,
    name,
    word,
    note,
    owner,
    dueAt,
  )
}

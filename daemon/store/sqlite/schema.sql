-- The whole schema of the store as the last migration leaves it. A new store is
-- made from this file; an older one is brought here by migrations/.
--
-- Times are milliseconds since 1970, UTC; NULL has not come. Numbered states are
-- the enumerators of daemon/core (codes.hpp pins them). JSON is text. CHECKs are
-- written with BETWEEN: IN builds a table for every row it checks.

-- The one row of this gateway.
CREATE TABLE gateway (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    operation_key BLOB    NOT NULL CHECK (length(operation_key) = 16),
    last_job      INTEGER NOT NULL,  -- highest job id ever given
    epoch INTEGER NOT NULL DEFAULT 0  -- drawn anew by each restore from a backup
) STRICT;

-- Every version of every template, in the order they came.
CREATE TABLE templates (
    position   INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    deleted    INTEGER NOT NULL CHECK (deleted BETWEEN 0 AND 1),
    changed_at INTEGER,
    document   TEXT    NOT NULL,
    UNIQUE (name, version)
) STRICT;

CREATE TABLE device_sets (
    name          TEXT    NOT NULL PRIMARY KEY,
    title         TEXT    NOT NULL,
    description   TEXT    NOT NULL,
    template_name TEXT    NOT NULL,
    query         TEXT    NOT NULL,
    revision      INTEGER NOT NULL,
    changed_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
    device         TEXT    NOT NULL PRIMARY KEY,
    online         INTEGER NOT NULL CHECK (online BETWEEN 0 AND 1),
    presence_since INTEGER,
    remembers      INTEGER NOT NULL,
    template_name  TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    tags           TEXT    NOT NULL,
    properties     TEXT    NOT NULL,
    settings       TEXT    NOT NULL,
    reported       TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    job              INTEGER PRIMARY KEY,
    revision         INTEGER NOT NULL,
    name             TEXT    NOT NULL,
    description      TEXT    NOT NULL,
    device_set       TEXT    NOT NULL,
    selection        TEXT    NOT NULL,
    type             INTEGER NOT NULL CHECK (type BETWEEN 0 AND 2),
    operations       TEXT    NOT NULL,
    policy           TEXT    NOT NULL,
    state            INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),
    template_name    TEXT    NOT NULL,
    template_version INTEGER NOT NULL,
    parent           INTEGER NOT NULL,
    run_order        INTEGER NOT NULL,
    created_by       TEXT    NOT NULL,
    created_at       INTEGER,
    started_at       INTEGER,
    ended_at         INTEGER,
    succeeded        INTEGER NOT NULL,
    failed           INTEGER NOT NULL,
    pending          INTEGER NOT NULL,
    outcomes         TEXT    NOT NULL,
    request_key TEXT NOT NULL DEFAULT '',
    request_digest TEXT NOT NULL DEFAULT '',
    run_key TEXT NOT NULL DEFAULT '',
    epoch INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE executions (
    job           INTEGER NOT NULL,
    ordinal       INTEGER NOT NULL,
    device        TEXT    NOT NULL,
    state         INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    phase         INTEGER NOT NULL CHECK (phase BETWEEN 0 AND 5),
    reason        INTEGER NOT NULL CHECK (reason BETWEEN 0 AND 7),
    operation     INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    progress      INTEGER NOT NULL,
    message       TEXT    NOT NULL,
    old_values    TEXT    NOT NULL,
    turn_at       INTEGER,
    first_sent_at INTEGER,
    last_sent_at  INTEGER,
    not_before    INTEGER,
    finished_at   INTEGER,
    late_code     INTEGER NOT NULL,
    late_at       INTEGER,
    PRIMARY KEY (job, ordinal)
) STRICT, WITHOUT ROWID;

-- Jobs whose executions are still to be removed; nobody sees them any more.
CREATE TABLE deleted_jobs (
    job INTEGER PRIMARY KEY
) STRICT;

-- A device's history.
CREATE INDEX executions_by_device ON executions (device, job);
-- Filtered pages of a job, each in the order of ordinals; they cost nothing for
-- executions that neither fail nor say anything.
CREATE INDEX executions_by_reason ON executions (job, reason) WHERE reason <> 0;
CREATE INDEX executions_by_message ON executions (job, message) WHERE message <> '';
-- Pages of a job in every order that the API has (execution_walks.cpp). What is Pending has not
-- finished, so the first gives that too, in the order of ordinals. The others are partial: an
-- execution that is sent once and Completed costs the two entries by time, and no more.
CREATE INDEX executions_by_finished ON executions (job, finished_at);
CREATE INDEX executions_by_last_sent ON executions (job, last_sent_at) WHERE last_sent_at IS NOT NULL;
CREATE INDEX executions_by_attempts ON executions (job, attempts) WHERE attempts NOT BETWEEN 0 AND 1;
CREATE INDEX executions_never_sent ON executions (job, ordinal, attempts, state) WHERE attempts = 0 AND state <> 0;
CREATE INDEX executions_failed ON executions (job, ordinal, state) WHERE state = 2;

-- Numbers have no gaps: only the oldest rows are ever deleted, the newest never.
CREATE TABLE audit (
    number  INTEGER PRIMARY KEY,
    at      INTEGER,
    user    TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL
) STRICT;

-- What commits have made durable and the tables do not hold yet (journal.hpp). Empty
-- when the store was closed.
CREATE TABLE journal (
    number  INTEGER PRIMARY KEY,
    changes BLOB NOT NULL
) STRICT;

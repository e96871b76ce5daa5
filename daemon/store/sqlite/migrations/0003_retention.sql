-- Executions of deleted jobs are removed little by little: whose they were.
CREATE TABLE deleted_jobs (
    job INTEGER PRIMARY KEY
) STRICT;

-- Ids that were given before a restore from a backup are never given again.
ALTER TABLE jobs ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gateway ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;

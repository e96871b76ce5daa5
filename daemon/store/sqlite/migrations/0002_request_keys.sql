-- A request that is sent again makes and runs nothing twice: what it was known by.

ALTER TABLE jobs ADD COLUMN request_key TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN request_digest TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN run_key TEXT NOT NULL DEFAULT '';

-- A job goes through its devices in the order of their ids. In the order in which they came,
-- each of a million had a page of its own to be read and written.
ALTER TABLE devices RENAME TO devices_by_number;
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
INSERT INTO devices
    SELECT device, online, presence_since, remembers, template_name, name, tags, properties, settings, reported
    FROM devices_by_number ORDER BY device;
DROP TABLE devices_by_number;

-- What commits have made durable and the tables do not hold yet (journal.hpp).
CREATE TABLE journal (
    number  INTEGER PRIMARY KEY,
    changes BLOB NOT NULL
) STRICT;

-- Facts about this database itself, as whether it is for training.
CREATE TABLE facts (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
    seq INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    user_id BLOB,
    request_id BLOB,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    city TEXT,
    campus_id BLOB,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_city ON audit (city, seq);
CREATE INDEX audit_by_kind ON audit (kind, seq);
CREATE INDEX audit_by_entity ON audit (entity_id, seq);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TABLE outbox (
    seq INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    topic TEXT NOT NULL,
    payload TEXT NOT NULL,
    sent_at INTEGER
) STRICT;
CREATE INDEX outbox_unsent ON outbox (seq) WHERE sent_at IS NULL;

-- One row; bumped last in a write, so that order of seq is order of commit.
CREATE TABLE change_seq (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO change_seq (id, seq) VALUES (1, 0);

CREATE TABLE changes (
    seq INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    entity_id BLOB NOT NULL,
    campus_id BLOB,
    city TEXT,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1))
) STRICT;
CREATE INDEX changes_by_campus ON changes (campus_id, seq);
CREATE INDEX changes_by_city ON changes (city, seq);
CREATE INDEX changes_of_the_deleted ON changes (at) WHERE deleted;

CREATE TABLE idempotency_keys (
    user_id BLOB NOT NULL,
    target TEXT NOT NULL,
    key TEXT NOT NULL,
    body_sha256 BLOB NOT NULL,
    answer TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, target, key)
) STRICT;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY,
    phone TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('ambassador', 'liaison', 'coordinator', 'province', 'auditor')),
    city TEXT REFERENCES cities (code),
    password_hash TEXT NOT NULL,
    must_change_password INTEGER NOT NULL CHECK (must_change_password IN (0, 1)),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    slot_seq INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK ((role = 'coordinator') = (city IS NOT NULL))
) STRICT;
CREATE INDEX users_by_city ON users (city, id);

CREATE TABLE user_campuses (
    user_id BLOB NOT NULL REFERENCES users (id),
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    city TEXT NOT NULL REFERENCES cities (code),
    PRIMARY KEY (user_id, campus_id)
) STRICT;
CREATE INDEX user_campuses_by_campus ON user_campuses (campus_id, user_id);
CREATE INDEX user_campuses_by_city ON user_campuses (city, user_id);

CREATE TABLE devices (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    device_id BLOB NOT NULL REFERENCES devices (id),
    generation INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id, id);
CREATE INDEX sessions_by_device ON sessions (device_id, id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Keyed hashes of phones, known or not, that failed to sign in.
CREATE TABLE sign_in_failures (
    phone_key BLOB NOT NULL PRIMARY KEY,
    since INTEGER NOT NULL,
    count INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (since);

-- What the address of a user's calendar feed is known by.
CREATE TABLE calendar_tokens (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
    token_hash BLOB NOT NULL UNIQUE,
    made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id uuid NOT NULL PRIMARY KEY,
    phone text NOT NULL UNIQUE,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('ambassador', 'liaison', 'coordinator', 'province', 'auditor')),
    city text REFERENCES cities (code),
    password_hash text NOT NULL,
    must_change_password boolean NOT NULL,
    active boolean NOT NULL,
    slot_seq bigint NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    CHECK ((role = 'coordinator') = (city IS NOT NULL))
);
CREATE INDEX users_by_city ON users (city, id);

CREATE TABLE user_campuses (
    user_id uuid NOT NULL REFERENCES users (id),
    campus_id uuid NOT NULL REFERENCES campuses (id),
    city text NOT NULL REFERENCES cities (code),
    PRIMARY KEY (user_id, campus_id)
);
CREATE INDEX user_campuses_by_campus ON user_campuses (campus_id, user_id);
CREATE INDEX user_campuses_by_city ON user_campuses (city, user_id);

CREATE TABLE devices (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    revoked_at bigint
);

CREATE TABLE sessions (
    id uuid NOT NULL PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    device_id uuid NOT NULL REFERENCES devices (id),
    generation bigint NOT NULL,
    rotated_at bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    revoked_at bigint
);
CREATE INDEX sessions_by_user ON sessions (user_id, id);
CREATE INDEX sessions_by_device ON sessions (device_id, id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Keyed hashes of phones, known or not, that failed to sign in.
CREATE TABLE sign_in_failures (
    phone_key bytea NOT NULL PRIMARY KEY,
    since bigint NOT NULL,
    count bigint NOT NULL
);
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (since);

-- What the address of a user's calendar feed is known by.
CREATE TABLE calendar_tokens (
    user_id uuid NOT NULL PRIMARY KEY REFERENCES users (id),
    token_hash bytea NOT NULL UNIQUE,
    made_at bigint NOT NULL
);

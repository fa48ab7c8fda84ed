-- Who a person is stands in the columns that are null once the record is erased; id, role
-- and place stay for the totals.
CREATE TABLE participants (
    seq INTEGER NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('student_developer', 'promotion_expert', 'attendee', 'team')),
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    city TEXT NOT NULL REFERENCES cities (code),
    name TEXT,
    phone TEXT UNIQUE,
    -- The last four digits: what people say at the door.
    phone_tail TEXT,
    student_no TEXT,
    skills TEXT,
    app_idea TEXT,
    consent_version TEXT,
    consent_at INTEGER,
    -- What the client sent with its own id, to tell a repetition from another request.
    request_sha256 BLOB,
    created_by BLOB REFERENCES users (id),
    created_at INTEGER NOT NULL,
    erased_at INTEGER,
    -- Stands for passes and registrations of the person: bumped before they are read.
    anchor_seq INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CHECK (erased_at IS NOT NULL
        OR (name IS NOT NULL AND phone IS NOT NULL AND phone_tail IS NOT NULL AND skills IS NOT NULL
            AND consent_version IS NOT NULL AND consent_at IS NOT NULL)),
    CHECK (erased_at IS NULL
        OR (name IS NULL AND phone IS NULL AND phone_tail IS NULL AND student_no IS NULL AND skills IS NULL
            AND app_idea IS NULL AND consent_version IS NULL AND consent_at IS NULL
            AND request_sha256 IS NULL AND created_by IS NULL))
) STRICT;
CREATE INDEX participants_by_phone_tail ON participants (phone_tail, seq);
CREATE INDEX participants_by_campus ON participants (campus_id, seq);
CREATE INDEX participants_by_campus_and_role ON participants (campus_id, role, seq);
CREATE INDEX participants_by_city ON participants (city, seq);
CREATE INDEX participants_by_city_and_role ON participants (city, role, seq);
CREATE INDEX participants_by_role ON participants (role, seq);

-- Every id a person was ever named by: the record's own, and for ever the ids that phones
-- gave to people whose phone number was known already.
CREATE TABLE participant_ids (
    id BLOB NOT NULL PRIMARY KEY,
    participant_id BLOB NOT NULL REFERENCES participants (id)
) STRICT;
CREATE INDEX participant_ids_by_participant ON participant_ids (participant_id);

-- The token is shown again until it is revoked, then forgotten; its hash recognises it for ever.
CREATE TABLE passes (
    id BLOB NOT NULL PRIMARY KEY,
    participant_id BLOB NOT NULL REFERENCES participants (id),
    token TEXT,
    token_sha256 BLOB NOT NULL UNIQUE,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    CHECK ((token IS NULL) = (revoked_at IS NOT NULL))
) STRICT;
CREATE INDEX passes_by_participant ON passes (participant_id, issued_at);

-- Where someone stands on an event's list now.
CREATE TABLE registrations (
    id BLOB NOT NULL PRIMARY KEY,
    event_id BLOB NOT NULL REFERENCES events (id),
    participant_id BLOB NOT NULL REFERENCES participants (id),
    state TEXT NOT NULL CHECK (state IN ('registered', 'waitlisted', 'cancelled')),
    -- First come, first served; who cancels and comes back stands at the end.
    position INTEGER NOT NULL,
    registered_at INTEGER NOT NULL,
    promoted_at INTEGER,
    cancelled_at INTEGER,
    UNIQUE (event_id, participant_id),
    UNIQUE (event_id, position),
    CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL))
) STRICT;
CREATE INDEX registrations_by_state ON registrations (event_id, state, position);
CREATE INDEX registrations_by_participant ON registrations (participant_id, event_id);

-- What was so when: a scan is judged by where its person stood at that moment.
CREATE TABLE registration_facts (
    seq INTEGER NOT NULL PRIMARY KEY,
    registration_id BLOB NOT NULL REFERENCES registrations (id),
    at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('registered', 'waitlisted', 'cancelled'))
) STRICT;
CREATE INDEX registration_facts_by_registration ON registration_facts (registration_id, seq);
CREATE TRIGGER registration_facts_no_update BEFORE UPDATE ON registration_facts
BEGIN SELECT RAISE(ABORT, 'registration_facts is append-only'); END;
CREATE TRIGGER registration_facts_no_delete BEFORE DELETE ON registration_facts
BEGIN SELECT RAISE(ABORT, 'registration_facts is append-only'); END;

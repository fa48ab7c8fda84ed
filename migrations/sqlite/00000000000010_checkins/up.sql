-- Stands for all that is said about a scan id, the scan and its annulments: locked before
-- they are read.
CREATE TABLE scan_ids (
    id BLOB NOT NULL PRIMARY KEY
) STRICT;

-- Every scan, let in or not. What is fixed at first receipt never changes; the standing and
-- the phone's own verdict may.
CREATE TABLE scans (
    seq INTEGER NOT NULL PRIMARY KEY,
    scan_id BLOB NOT NULL UNIQUE,
    -- The event it counts for: of the gate, or of the booth if it had one.
    event_id BLOB REFERENCES events (id),
    -- Where it was made; null at the gate of the event.
    booth_id BLOB REFERENCES booths (id),
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    city TEXT NOT NULL REFERENCES cities (code),
    -- Whom the phone named: a pass by its hash, or an id as it was sent.
    pass_sha256 BLOB,
    named_id BLOB,
    -- Who that is; null when nobody is known. The role is the one at first receipt.
    participant_id BLOB REFERENCES participants (id),
    role TEXT CHECK (role IN ('student_developer', 'promotion_expert', 'attendee', 'team')),
    scanned_at INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    effective_at INTEGER NOT NULL,
    -- The local day of effective_at.
    day TEXT NOT NULL,
    -- As the phone claims; the session's device beside it gives the rights.
    device_id BLOB NOT NULL,
    session_device BLOB NOT NULL REFERENCES devices (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    device_seq INTEGER,
    mode TEXT NOT NULL CHECK (mode IN ('online', 'offline')),
    local_verdict TEXT CHECK (local_verdict IN ('admitted', 'denied')),
    walk_in_confirmed INTEGER NOT NULL CHECK (walk_in_confirmed IN (0, 1)),
    -- Received when its event was closed.
    late INTEGER NOT NULL CHECK (late IN (0, 1)),
    -- The first answer, with who held the place then.
    verdict TEXT NOT NULL CHECK (verdict IN ('admitted', 'duplicate', 'denied')),
    reason TEXT,
    first_scan_id BLOB,
    first_effective_at INTEGER,
    first_device_id BLOB,
    first_booth_id BLOB,
    standing TEXT NOT NULL CHECK (standing IN ('admitted', 'duplicate', 'denied', 'annulled', 'quarantined')),
    resolution TEXT CHECK (resolution IN ('accept', 'reject')),
    CHECK (event_id IS NOT NULL OR booth_id IS NOT NULL),
    CHECK ((pass_sha256 IS NULL) <> (named_id IS NULL)),
    CHECK ((participant_id IS NULL) = (role IS NULL)),
    CHECK (participant_id IS NOT NULL OR standing NOT IN ('admitted', 'duplicate')),
    CHECK ((verdict = 'admitted') = (reason IS NULL)),
    CHECK ((first_scan_id IS NULL) = (first_effective_at IS NULL)),
    CHECK ((first_scan_id IS NULL) = (first_device_id IS NULL))
) STRICT;
CREATE INDEX scans_by_event ON scans (event_id, seq);
CREATE INDEX scans_by_event_standing ON scans (event_id, standing, seq);
CREATE INDEX scans_by_event_reason ON scans (event_id, reason, seq);
-- The lines of places.
CREATE INDEX scans_by_gate ON scans (event_id, participant_id, effective_at, scan_id);
CREATE INDEX scans_by_booth ON scans (booth_id, day, participant_id, effective_at, scan_id);
CREATE INDEX scans_by_participant ON scans (participant_id, seq);
CREATE INDEX scans_quarantined ON scans (city, campus_id) WHERE standing = 'quarantined';

-- What coordinators decided about scans that were not let in.
CREATE TABLE scan_resolutions (
    scan_id BLOB NOT NULL PRIMARY KEY REFERENCES scans (scan_id),
    decision TEXT NOT NULL CHECK (decision IN ('accept', 'reject')),
    reason TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER scan_resolutions_no_update BEFORE UPDATE ON scan_resolutions
BEGIN SELECT RAISE(ABORT, 'scan_resolutions is append-only'); END;
CREATE TRIGGER scan_resolutions_no_delete BEFORE DELETE ON scan_resolutions
BEGIN SELECT RAISE(ABORT, 'scan_resolutions is append-only'); END;

-- What came and made no scan, as received, at most 2 KiB of it; once from each device.
CREATE TABLE scan_attempts (
    seq INTEGER NOT NULL PRIMARY KEY,
    session_device BLOB NOT NULL REFERENCES devices (id),
    body_sha256 BLOB NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    scan_id BLOB,
    reason TEXT NOT NULL CHECK (reason IN ('id_reused', 'malformed')),
    received_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (session_device, body_sha256)
) STRICT;
CREATE INDEX scan_attempts_by_scan ON scan_attempts (scan_id, seq);

-- Wishes to take a scan out of the set; it may be older here than the scan.
CREATE TABLE annulments (
    scan_id BLOB NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    session_device BLOB NOT NULL REFERENCES devices (id),
    -- By the phone's clock, or the time of receipt.
    decided_at INTEGER NOT NULL,
    by_phone INTEGER NOT NULL CHECK (by_phone IN (0, 1)),
    device_revoked INTEGER NOT NULL CHECK (device_revoked IN (0, 1)),
    received_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'refused')),
    PRIMARY KEY (scan_id, user_id, session_device, decided_at, by_phone)
) STRICT;

-- What can be held once: a person at the gate of an event (target_id: events.id, day empty),
-- or at a booth on a local day (target_id: booths.id). Stands for the line of the place:
-- locked before the line is read.
CREATE TABLE check_in_places (
    target_id BLOB NOT NULL,
    day TEXT NOT NULL,
    participant_id BLOB NOT NULL REFERENCES participants (id),
    -- Who holds it; null when nobody does.
    scan_id BLOB REFERENCES scans (scan_id),
    PRIMARY KEY (target_id, day, participant_id)
) STRICT;

-- How many scans of the set bring someone in to an event, at its gate and its booths; the
-- person is in while there is one. Locked before it is read.
CREATE TABLE check_in_presence (
    event_id BLOB NOT NULL REFERENCES events (id),
    participant_id BLOB NOT NULL REFERENCES participants (id),
    scans INTEGER NOT NULL CHECK (scans >= 0),
    -- The first of them, and the role it was made in, under which the person is counted; of
    -- nobody who is in they say nothing.
    first_at INTEGER,
    first_scan_id BLOB,
    role TEXT NOT NULL CHECK (role IN ('student_developer', 'promotion_expert', 'attendee', 'team')),
    PRIMARY KEY (event_id, participant_id),
    CHECK ((first_at IS NULL) = (first_scan_id IS NULL)),
    CHECK (scans = 0 OR first_at IS NOT NULL)
) STRICT;
CREATE INDEX check_in_presence_by_participant ON check_in_presence (participant_id, event_id);

-- People in, kept with the scans.
CREATE TABLE event_attendance (
    event_id BLOB NOT NULL REFERENCES events (id),
    role TEXT NOT NULL CHECK (role IN ('student_developer', 'promotion_expert', 'attendee', 'team')),
    people INTEGER NOT NULL CHECK (people >= 0),
    PRIMARY KEY (event_id, role)
) STRICT;

CREATE TABLE booth_attendance (
    booth_id BLOB NOT NULL REFERENCES booths (id),
    day TEXT NOT NULL,
    people INTEGER NOT NULL CHECK (people >= 0),
    PRIMARY KEY (booth_id, day)
) STRICT;

-- Scans about which phone and server did not agree when they were written down.
CREATE TABLE check_in_conflicts (
    seq INTEGER NOT NULL PRIMARY KEY,
    scan_id BLOB NOT NULL UNIQUE REFERENCES scans (scan_id),
    event_id BLOB REFERENCES events (id),
    kind TEXT NOT NULL CHECK (kind IN ('verdict', 'two_devices')),
    local_verdict TEXT NOT NULL CHECK (local_verdict IN ('admitted', 'denied')),
    standing TEXT NOT NULL CHECK (standing IN ('admitted', 'duplicate', 'denied', 'annulled', 'quarantined')),
    -- The scan that held the place, when it was another one.
    other_scan_id BLOB REFERENCES scans (scan_id),
    noted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX check_in_conflicts_by_event ON check_in_conflicts (event_id, seq);

-- Which numbers have come from one claimed device of one session's device.
CREATE TABLE device_queues (
    session_device BLOB NOT NULL REFERENCES devices (id),
    device_id BLOB NOT NULL,
    -- Ranges in order that neither touch nor overlap, as JSON.
    received TEXT NOT NULL,
    -- The highest number the phone says it gave out.
    highest INTEGER NOT NULL CHECK (highest >= 0),
    last_seen_at INTEGER NOT NULL,
    PRIMARY KEY (session_device, device_id)
) STRICT;

CREATE TABLE events (
    id BLOB NOT NULL PRIMARY KEY,
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    city TEXT NOT NULL REFERENCES cities (code),
    season TEXT NOT NULL,
    activity TEXT NOT NULL,
    theme TEXT NOT NULL REFERENCES themes (code),
    facet TEXT NOT NULL REFERENCES facets (code),
    format TEXT NOT NULL,
    venue_id BLOB REFERENCES venues (id),
    title TEXT NOT NULL,
    organiser TEXT,
    plan TEXT NOT NULL,
    kit TEXT NOT NULL,
    starts_at INTEGER,
    ends_at INTEGER,
    starts_day TEXT,
    -- Place in lists: starts_at, or the last day there is (events::model::UNTIMED).
    sort_at INTEGER NOT NULL CHECK (sort_at = COALESCE(starts_at, 253370678400000)),
    capacity INTEGER CHECK (capacity > 0),
    lead_id BLOB REFERENCES users (id),
    admits TEXT NOT NULL,
    walk_in TEXT NOT NULL CHECK (walk_in IN ('deny', 'ask', 'allow')),
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'endorsed', 'changes_requested', 'approved', 'running', 'closed', 'rejected', 'withdrawn', 'cancelled')),
    version INTEGER NOT NULL CHECK (version > 0),
    content_hash TEXT NOT NULL,
    first_submitted_at INTEGER,
    submitted_at INTEGER,
    endorsed_by BLOB REFERENCES users (id),
    approved_by BLOB REFERENCES users (id),
    approved_at INTEGER,
    lead_time_overridden INTEGER NOT NULL CHECK (lead_time_overridden IN (0, 1)),
    closed_at INTEGER,
    -- What booths of the event refer to.
    UNIQUE (id, campus_id, season),
    FOREIGN KEY (season, activity) REFERENCES activities (season, code),
    FOREIGN KEY (season, format) REFERENCES formats (season, code),
    CHECK (starts_at < ends_at),
    CHECK ((starts_at IS NULL) = (starts_day IS NULL)),
    CHECK ((first_submitted_at IS NULL) = (submitted_at IS NULL)),
    CHECK (state IN ('draft', 'withdrawn') OR first_submitted_at IS NOT NULL),
    CHECK (state <> 'endorsed' OR endorsed_by IS NOT NULL),
    CHECK (endorsed_by IS NULL OR state NOT IN ('draft', 'submitted', 'changes_requested')),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK ((approved_by IS NOT NULL) = (state IN ('approved', 'running', 'closed', 'cancelled'))),
    CHECK (endorsed_by <> approved_by),
    CHECK (lead_time_overridden = 0 OR approved_by IS NOT NULL),
    CHECK ((closed_at IS NOT NULL) = (state = 'closed'))
) STRICT;
CREATE INDEX events_by_time ON events (sort_at, id);
CREATE INDEX events_by_city ON events (city, sort_at, id);
CREATE INDEX events_by_campus ON events (campus_id, sort_at, id);
CREATE INDEX events_by_state ON events (state, sort_at, id);
CREATE INDEX events_by_city_state ON events (city, state, sort_at, id);
CREATE INDEX events_by_campus_state ON events (campus_id, state, sort_at, id);
CREATE INDEX events_by_activity ON events (season, activity, sort_at, id);

CREATE TABLE event_publicity (
    event_id BLOB NOT NULL REFERENCES events (id),
    position INTEGER NOT NULL,
    medium TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    PRIMARY KEY (event_id, position),
    CHECK (from_day <= to_day)
) STRICT;

-- Lead and team of an event, one row for a person; sort_at as in events. The lead stands
-- here too; on_team says whether they are in the team's list as well.
CREATE TABLE event_team (
    event_id BLOB NOT NULL REFERENCES events (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    on_team INTEGER NOT NULL CHECK (on_team IN (0, 1)),
    sort_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, user_id)
) STRICT;
CREATE INDEX event_team_by_user ON event_team (user_id, sort_at, event_id);

-- Whoever created, edited or submitted an event so far, with the version they did it first in.
CREATE TABLE event_authors (
    event_id BLOB NOT NULL REFERENCES events (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    since_version INTEGER NOT NULL,
    PRIMARY KEY (event_id, user_id)
) STRICT;
CREATE INDEX event_authors_by_user ON event_authors (user_id, event_id);

-- What others have seen of an event: every change of its state, every amendment.
CREATE TABLE event_history (
    seq INTEGER NOT NULL PRIMARY KEY,
    event_id BLOB NOT NULL REFERENCES events (id),
    at INTEGER NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    action TEXT NOT NULL CHECK (action IN ('edit', 'submit', 'endorse', 'request_changes', 'reject', 'approve', 'withdraw', 'amend', 'start', 'cancel', 'close', 'reopen')),
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    version INTEGER NOT NULL,
    comment TEXT,
    content_hash TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX event_history_by_event ON event_history (event_id, seq);
CREATE TRIGGER event_history_no_update BEFORE UPDATE ON event_history
BEGIN SELECT RAISE(ABORT, 'event_history is append-only'); END;
CREATE TRIGGER event_history_no_delete BEFORE DELETE ON event_history
BEGIN SELECT RAISE(ABORT, 'event_history is append-only'); END;

-- What an event said about its door from a time on: a row for each step, amendment and change
-- of walk_in since its approval. Scans are judged by what held when they were made.
CREATE TABLE event_doors (
    event_id BLOB NOT NULL REFERENCES events (id),
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('shut', 'open', 'closed')),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    admits TEXT NOT NULL,
    walk_in TEXT NOT NULL CHECK (walk_in IN ('deny', 'ask', 'allow')),
    PRIMARY KEY (event_id, version),
    CHECK (starts_at < ends_at)
) STRICT;
CREATE TRIGGER event_doors_no_update BEFORE UPDATE ON event_doors
BEGIN SELECT RAISE(ABORT, 'event_doors is append-only'); END;
CREATE TRIGGER event_doors_no_delete BEFORE DELETE ON event_doors
BEGIN SELECT RAISE(ABORT, 'event_doors is append-only'); END;

-- What an event is found by, with its scope and place in lists: a search walks the index of
-- its rarest term in the order of the list.
CREATE TABLE event_terms (
    term TEXT NOT NULL,
    event_id BLOB NOT NULL REFERENCES events (id),
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    city TEXT NOT NULL REFERENCES cities (code),
    sort_at INTEGER NOT NULL,
    PRIMARY KEY (term, event_id)
) STRICT;
CREATE INDEX event_terms_by_event ON event_terms (event_id);
CREATE INDEX event_terms_by_time ON event_terms (term, sort_at, event_id);
CREATE INDEX event_terms_by_city ON event_terms (term, city, sort_at, event_id);
CREATE INDEX event_terms_by_campus ON event_terms (term, campus_id, sort_at, event_id);

-- The times for which events keep a venue (holder: venues.id) or a person (users.id).
CREATE TABLE event_slots (
    kind TEXT NOT NULL CHECK (kind IN ('venue', 'person')),
    holder_id BLOB NOT NULL,
    event_id BLOB NOT NULL REFERENCES events (id),
    hold TEXT NOT NULL CHECK (hold IN ('soft', 'hard')),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (kind, holder_id, event_id),
    CHECK (starts_at < ends_at)
) STRICT;
CREATE INDEX event_slots_by_event ON event_slots (event_id);
CREATE INDEX event_slots_by_time ON event_slots (kind, holder_id, starts_at, ends_at);

-- The row that stands for the people of an event: change_seq is bumped before they are read.
CREATE TABLE event_counters (
    event_id BLOB NOT NULL PRIMARY KEY REFERENCES events (id),
    change_seq INTEGER NOT NULL DEFAULT 0,
    registered INTEGER NOT NULL DEFAULT 0 CHECK (registered >= 0),
    waitlisted INTEGER NOT NULL DEFAULT 0 CHECK (waitlisted >= 0)
) STRICT;

-- The end report of each closing, with the figures as they were signed.
CREATE TABLE event_reports (
    event_id BLOB NOT NULL REFERENCES events (id),
    at INTEGER NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    summary TEXT NOT NULL,
    attendance_note TEXT,
    waive_reason TEXT,
    figures TEXT NOT NULL,
    PRIMARY KEY (event_id, at)
) STRICT;
CREATE TRIGGER event_reports_no_update BEFORE UPDATE ON event_reports
BEGIN SELECT RAISE(ABORT, 'event_reports is append-only'); END;
CREATE TRIGGER event_reports_no_delete BEFORE DELETE ON event_reports
BEGIN SELECT RAISE(ABORT, 'event_reports is append-only'); END;

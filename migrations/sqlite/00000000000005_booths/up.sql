-- Stands for all booths of one spot of a campus: bumped before they are read.
CREATE TABLE booth_spots (
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    spot TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (campus_id, spot)
) STRICT;

CREATE TABLE booths (
    id BLOB NOT NULL PRIMARY KEY,
    season TEXT NOT NULL REFERENCES seasons (code),
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    city TEXT NOT NULL REFERENCES cities (code),
    event_id BLOB,
    kind TEXT NOT NULL CHECK (kind IN ('tent', 'desk', 'campus_hall', 'pick_up_point')),
    spot TEXT NOT NULL,
    latitude REAL,
    longitude REAL,
    opens_on TEXT NOT NULL,
    closes_on TEXT NOT NULL,
    -- Minutes of the local day; the end of the day is 1440.
    opens_at INTEGER NOT NULL,
    closes_at INTEGER NOT NULL,
    permit_no TEXT,
    -- Stands for what is recorded at the booth: bumped before it is written or counted.
    record_seq INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    FOREIGN KEY (campus_id, spot) REFERENCES booth_spots (campus_id, spot),
    -- Its event is one of its campus and its season, and stays that.
    FOREIGN KEY (event_id, campus_id, season) REFERENCES events (id, campus_id, season),
    CHECK (opens_on <= closes_on),
    CHECK (opens_at >= 0 AND opens_at < closes_at AND closes_at <= 1440),
    CHECK ((latitude IS NULL) = (longitude IS NULL))
) STRICT;
CREATE INDEX booths_by_day ON booths (opens_on, id);
CREATE INDEX booths_by_city ON booths (city, opens_on, id);
CREATE INDEX booths_by_campus ON booths (campus_id, opens_on, id);
CREATE INDEX booths_by_season ON booths (season, opens_on, id);
CREATE INDEX booths_by_event ON booths (event_id, opens_on, id);
CREATE INDEX booths_by_spot ON booths (campus_id, spot, opens_on);

-- What each booth said about its event and its hours, from `at` until the next version:
-- check-ins are judged by what held when they were made. Goes with its booth, never changes.
CREATE TABLE booth_doors (
    booth_id BLOB NOT NULL REFERENCES booths (id),
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- Of events; a draft may have been deleted since.
    event_id BLOB,
    opens_on TEXT NOT NULL,
    closes_on TEXT NOT NULL,
    opens_at INTEGER NOT NULL,
    closes_at INTEGER NOT NULL,
    PRIMARY KEY (booth_id, version),
    CHECK (opens_on <= closes_on),
    CHECK (opens_at >= 0 AND opens_at < closes_at AND closes_at <= 1440)
) STRICT;

-- What one person counted at one booth on one day.
CREATE TABLE booth_tallies (
    booth_id BLOB NOT NULL REFERENCES booths (id),
    day TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    season TEXT NOT NULL REFERENCES seasons (code),
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    city TEXT NOT NULL REFERENCES cities (code),
    visitors INTEGER NOT NULL CHECK (visitors >= 0),
    installs INTEGER NOT NULL CHECK (installs >= 0),
    purchases INTEGER NOT NULL CHECK (purchases >= 0),
    cards INTEGER NOT NULL CHECK (cards >= 0),
    note TEXT,
    written_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (booth_id, day, user_id)
) STRICT;
CREATE INDEX booth_tallies_by_season ON booth_tallies (season, day);
CREATE INDEX booth_tallies_by_city ON booth_tallies (city, day);
CREATE INDEX booth_tallies_by_campus ON booth_tallies (campus_id, day);

-- Stands for all booths of one spot of a campus: bumped before they are read.
CREATE TABLE booth_spots (
    campus_id uuid NOT NULL REFERENCES campuses (id),
    spot text NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (campus_id, spot)
);

CREATE TABLE booths (
    id uuid NOT NULL PRIMARY KEY,
    season text NOT NULL REFERENCES seasons (code),
    campus_id uuid NOT NULL REFERENCES campuses (id),
    city text NOT NULL REFERENCES cities (code),
    event_id uuid,
    kind text NOT NULL CHECK (kind IN ('tent', 'desk', 'campus_hall', 'pick_up_point')),
    spot text NOT NULL,
    latitude double precision,
    longitude double precision,
    opens_on text NOT NULL,
    closes_on text NOT NULL,
    -- Minutes of the local day; the end of the day is 1440.
    opens_at bigint NOT NULL,
    closes_at bigint NOT NULL,
    permit_no text,
    -- Stands for what is recorded at the booth: bumped before it is written or counted.
    record_seq bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES users (id),
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    FOREIGN KEY (campus_id, spot) REFERENCES booth_spots (campus_id, spot),
    -- Its event is one of its campus and its season, and stays that.
    FOREIGN KEY (event_id, campus_id, season) REFERENCES events (id, campus_id, season),
    CHECK (opens_on <= closes_on),
    CHECK (opens_at >= 0 AND opens_at < closes_at AND closes_at <= 1440),
    CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX booths_by_day ON booths (opens_on, id);
CREATE INDEX booths_by_city ON booths (city, opens_on, id);
CREATE INDEX booths_by_campus ON booths (campus_id, opens_on, id);
CREATE INDEX booths_by_season ON booths (season, opens_on, id);
CREATE INDEX booths_by_event ON booths (event_id, opens_on, id);
CREATE INDEX booths_by_spot ON booths (campus_id, spot, opens_on);

-- What each booth said about its event and its hours, from `at` until the next version:
-- check-ins are judged by what held when they were made. Goes with its booth, never changes.
CREATE TABLE booth_doors (
    booth_id uuid NOT NULL REFERENCES booths (id),
    version bigint NOT NULL,
    at bigint NOT NULL,
    -- Of events; a draft may have been deleted since.
    event_id uuid,
    opens_on text NOT NULL,
    closes_on text NOT NULL,
    opens_at bigint NOT NULL,
    closes_at bigint NOT NULL,
    PRIMARY KEY (booth_id, version),
    CHECK (opens_on <= closes_on),
    CHECK (opens_at >= 0 AND opens_at < closes_at AND closes_at <= 1440)
);

-- What one person counted at one booth on one day.
CREATE TABLE booth_tallies (
    booth_id uuid NOT NULL REFERENCES booths (id),
    day text NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    season text NOT NULL REFERENCES seasons (code),
    campus_id uuid NOT NULL REFERENCES campuses (id),
    city text NOT NULL REFERENCES cities (code),
    visitors bigint NOT NULL CHECK (visitors >= 0),
    installs bigint NOT NULL CHECK (installs >= 0),
    purchases bigint NOT NULL CHECK (purchases >= 0),
    cards bigint NOT NULL CHECK (cards >= 0),
    note text,
    written_at bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (booth_id, day, user_id)
);
CREATE INDEX booth_tallies_by_season ON booth_tallies (season, day);
CREATE INDEX booth_tallies_by_city ON booth_tallies (city, day);
CREATE INDEX booth_tallies_by_campus ON booth_tallies (campus_id, day);

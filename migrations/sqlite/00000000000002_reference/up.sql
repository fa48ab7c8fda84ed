CREATE TABLE seasons (
    code TEXT NOT NULL PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    preparation_deadline TEXT NOT NULL,
    lead_time_days INTEGER NOT NULL,
    -- Stands for the season's handset models: bumped before they are counted.
    handset_seq INTEGER NOT NULL DEFAULT 0,
    CHECK (starts <= ends)
) STRICT;

CREATE TABLE themes (
    code TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL
) STRICT;

CREATE TABLE facets (
    code TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL
) STRICT;

CREATE TABLE formats (
    season TEXT NOT NULL REFERENCES seasons (code),
    code TEXT NOT NULL,
    position INTEGER NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    needs_venue INTEGER NOT NULL CHECK (needs_venue IN (0, 1)),
    occupies_team INTEGER NOT NULL CHECK (occupies_team IN (0, 1)),
    check_in INTEGER NOT NULL CHECK (check_in IN (0, 1)),
    PRIMARY KEY (season, code)
) STRICT;

CREATE TABLE media (
    season TEXT NOT NULL REFERENCES seasons (code),
    code TEXT NOT NULL,
    position INTEGER NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    PRIMARY KEY (season, code)
) STRICT;

CREATE TABLE activities (
    season TEXT NOT NULL REFERENCES seasons (code),
    code TEXT NOT NULL,
    position INTEGER NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    theme TEXT NOT NULL REFERENCES themes (code),
    facet TEXT NOT NULL REFERENCES facets (code),
    window_start TEXT NOT NULL,
    window_end TEXT NOT NULL,
    window_source TEXT NOT NULL,
    formats TEXT NOT NULL,
    default_kit TEXT NOT NULL,
    summary_zh TEXT NOT NULL,
    summary_en TEXT NOT NULL,
    rules TEXT NOT NULL,
    also_written TEXT NOT NULL,
    PRIMARY KEY (season, code),
    UNIQUE (season, position),
    CHECK (window_start <= window_end)
) STRICT;

CREATE TABLE handset_models (
    id BLOB NOT NULL PRIMARY KEY,
    season TEXT NOT NULL REFERENCES seasons (code),
    brand TEXT NOT NULL,
    model TEXT NOT NULL,
    os TEXT,
    note TEXT,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (season, brand, model)
) STRICT;
CREATE INDEX handset_models_by_season ON handset_models (season, id);

CREATE TABLE cities (
    code TEXT NOT NULL PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    latitude REAL NOT NULL,
    longitude REAL NOT NULL
) STRICT;

CREATE TABLE campuses (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    moe_code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    city TEXT NOT NULL REFERENCES cities (code),
    level TEXT NOT NULL CHECK (level IN ('undergraduate', 'vocational')),
    ownership TEXT NOT NULL CHECK (ownership IN ('public', 'private', 'sino_foreign', 'mainland_hk_macao_taiwan')),
    is_211 INTEGER NOT NULL CHECK (is_211 IN (0, 1)),
    startup_focus INTEGER NOT NULL CHECK (startup_focus IN (0, 1)),
    latitude REAL,
    longitude REAL,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK ((latitude IS NULL) = (longitude IS NULL))
) STRICT;
CREATE INDEX campuses_by_moe_code ON campuses (moe_code);
CREATE INDEX campuses_by_city ON campuses (city, code);
CREATE INDEX campuses_by_211 ON campuses (is_211, code);
CREATE INDEX campuses_by_startup_focus ON campuses (startup_focus, code);

-- What a campus is found by: see platform/terms.rs.
CREATE TABLE campus_terms (
    term TEXT NOT NULL,
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    PRIMARY KEY (term, campus_id)
) STRICT;
CREATE INDEX campus_terms_by_campus ON campus_terms (campus_id);

CREATE TABLE campus_dates (
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    kind TEXT NOT NULL CHECK (kind IN ('registration', 'exams')),
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    PRIMARY KEY (campus_id, kind, starts_on),
    CHECK (starts_on <= ends_on)
) STRICT;

CREATE TABLE venues (
    id BLOB NOT NULL PRIMARY KEY,
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    city TEXT NOT NULL REFERENCES cities (code),
    name TEXT NOT NULL,
    capacity INTEGER NOT NULL CHECK (capacity > 0),
    -- Stands for all slots of the venue: bumped before they are read.
    slot_seq INTEGER NOT NULL DEFAULT 0,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (campus_id, name)
) STRICT;
CREATE INDEX venues_by_campus ON venues (campus_id, id);

CREATE TABLE calendar_days (
    date TEXT NOT NULL PRIMARY KEY,
    day_type TEXT NOT NULL CHECK (day_type IN ('workday', 'weekend', 'holiday', 'makeup_workday')),
    is_working_day INTEGER NOT NULL CHECK (is_working_day IN (0, 1)),
    name_zh TEXT,
    name_en TEXT
) STRICT;

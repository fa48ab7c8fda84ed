CREATE TABLE seasons (
    code text NOT NULL PRIMARY KEY,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    time_zone text NOT NULL,
    starts text NOT NULL,
    ends text NOT NULL,
    preparation_deadline text NOT NULL,
    lead_time_days bigint NOT NULL,
    -- Stands for the season's handset models: bumped before they are counted.
    handset_seq bigint NOT NULL DEFAULT 0,
    CHECK (starts <= ends)
);

CREATE TABLE themes (
    code text NOT NULL PRIMARY KEY,
    position bigint NOT NULL UNIQUE,
    name_zh text NOT NULL,
    name_en text NOT NULL
);

CREATE TABLE facets (
    code text NOT NULL PRIMARY KEY,
    position bigint NOT NULL UNIQUE,
    name_zh text NOT NULL,
    name_en text NOT NULL
);

CREATE TABLE formats (
    season text NOT NULL REFERENCES seasons (code),
    code text NOT NULL,
    position bigint NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    needs_venue boolean NOT NULL,
    occupies_team boolean NOT NULL,
    check_in boolean NOT NULL,
    PRIMARY KEY (season, code)
);

CREATE TABLE media (
    season text NOT NULL REFERENCES seasons (code),
    code text NOT NULL,
    position bigint NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    PRIMARY KEY (season, code)
);

CREATE TABLE activities (
    season text NOT NULL REFERENCES seasons (code),
    code text NOT NULL,
    position bigint NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    theme text NOT NULL REFERENCES themes (code),
    facet text NOT NULL REFERENCES facets (code),
    window_start text NOT NULL,
    window_end text NOT NULL,
    window_source text NOT NULL,
    formats text NOT NULL,
    default_kit text NOT NULL,
    summary_zh text NOT NULL,
    summary_en text NOT NULL,
    rules text NOT NULL,
    also_written text NOT NULL,
    PRIMARY KEY (season, code),
    UNIQUE (season, position),
    CHECK (window_start <= window_end)
);

CREATE TABLE handset_models (
    id uuid NOT NULL PRIMARY KEY,
    season text NOT NULL REFERENCES seasons (code),
    brand text NOT NULL,
    model text NOT NULL,
    os text,
    note text,
    active boolean NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (season, brand, model)
);
CREATE INDEX handset_models_by_season ON handset_models (season, id);

CREATE TABLE cities (
    code text NOT NULL PRIMARY KEY,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL
);

CREATE TABLE campuses (
    id uuid NOT NULL PRIMARY KEY,
    code text COLLATE "C" NOT NULL UNIQUE,
    moe_code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    city text NOT NULL REFERENCES cities (code),
    level text NOT NULL CHECK (level IN ('undergraduate', 'vocational')),
    ownership text NOT NULL CHECK (ownership IN ('public', 'private', 'sino_foreign', 'mainland_hk_macao_taiwan')),
    is_211 boolean NOT NULL,
    startup_focus boolean NOT NULL,
    latitude double precision,
    longitude double precision,
    version bigint NOT NULL DEFAULT 1,
    CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX campuses_by_moe_code ON campuses (moe_code);
CREATE INDEX campuses_by_city ON campuses (city, code);
CREATE INDEX campuses_by_211 ON campuses (is_211, code);
CREATE INDEX campuses_by_startup_focus ON campuses (startup_focus, code);

-- What a campus is found by: see platform/terms.rs.
CREATE TABLE campus_terms (
    term text COLLATE "C" NOT NULL,
    campus_id uuid NOT NULL REFERENCES campuses (id),
    PRIMARY KEY (term, campus_id)
);
CREATE INDEX campus_terms_by_campus ON campus_terms (campus_id);

CREATE TABLE campus_dates (
    campus_id uuid NOT NULL REFERENCES campuses (id),
    kind text NOT NULL CHECK (kind IN ('registration', 'exams')),
    starts_on text NOT NULL,
    ends_on text NOT NULL,
    PRIMARY KEY (campus_id, kind, starts_on),
    CHECK (starts_on <= ends_on)
);

CREATE TABLE venues (
    id uuid NOT NULL PRIMARY KEY,
    campus_id uuid NOT NULL REFERENCES campuses (id),
    city text NOT NULL REFERENCES cities (code),
    name text NOT NULL,
    capacity bigint NOT NULL CHECK (capacity > 0),
    -- Stands for all slots of the venue: bumped before they are read.
    slot_seq bigint NOT NULL DEFAULT 0,
    active boolean NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (campus_id, name)
);
CREATE INDEX venues_by_campus ON venues (campus_id, id);

CREATE TABLE calendar_days (
    date text NOT NULL PRIMARY KEY,
    day_type text NOT NULL CHECK (day_type IN ('workday', 'weekend', 'holiday', 'makeup_workday')),
    is_working_day boolean NOT NULL,
    name_zh text,
    name_en text
);

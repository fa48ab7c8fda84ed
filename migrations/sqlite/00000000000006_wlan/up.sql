-- Stands for the approved promotions of one SSID of a campus: bumped before they are read.
CREATE TABLE wlan_networks (
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    ssid TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (campus_id, ssid)
) STRICT;

CREATE TABLE wlan_promotions (
    id BLOB NOT NULL PRIMARY KEY,
    season TEXT NOT NULL REFERENCES seasons (code),
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    city TEXT NOT NULL REFERENCES cities (code),
    ssid TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    minutes_per_day INTEGER NOT NULL CHECK (minutes_per_day > 0),
    bytes_per_day INTEGER NOT NULL CHECK (bytes_per_day > 0),
    creative TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'approved', 'changes_requested', 'rejected', 'withdrawn', 'cancelled')),
    -- SHA-256 of what was approved.
    content_hash TEXT,
    -- Stands for the access points of the promotion: bumped before they are written.
    access_point_seq INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CHECK (starts_on <= ends_on),
    CHECK ((state IN ('approved', 'cancelled')) = (content_hash IS NOT NULL))
) STRICT;
CREATE INDEX wlan_promotions_by_city ON wlan_promotions (city, id);
CREATE INDEX wlan_promotions_by_campus ON wlan_promotions (campus_id, id);
CREATE INDEX wlan_promotions_by_season ON wlan_promotions (season, id);
CREATE INDEX wlan_promotions_by_state ON wlan_promotions (state, id);
CREATE INDEX wlan_promotions_by_network ON wlan_promotions (campus_id, ssid, starts_on);

-- Whoever created, edited or submitted a promotion so far.
CREATE TABLE wlan_authors (
    promotion_id BLOB NOT NULL REFERENCES wlan_promotions (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    PRIMARY KEY (promotion_id, user_id)
) STRICT;
CREATE INDEX wlan_authors_by_user ON wlan_authors (user_id, promotion_id);

-- What happened to a promotion; stays when a draft is deleted.
CREATE TABLE wlan_history (
    promotion_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('create', 'edit', 'submit', 'withdraw', 'approve', 'request_changes', 'reject', 'cancel')),
    from_state TEXT,
    to_state TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL,
    comment TEXT,
    content_hash TEXT NOT NULL,
    PRIMARY KEY (promotion_id, version)
) STRICT;
CREATE TRIGGER wlan_history_no_update BEFORE UPDATE ON wlan_history
BEGIN SELECT RAISE(ABORT, 'wlan_history is append-only'); END;
CREATE TRIGGER wlan_history_no_delete BEFORE DELETE ON wlan_history
BEGIN SELECT RAISE(ABORT, 'wlan_history is append-only'); END;

CREATE TABLE wlan_access_points (
    id BLOB NOT NULL PRIMARY KEY,
    promotion_id BLOB NOT NULL REFERENCES wlan_promotions (id),
    campus_id BLOB NOT NULL REFERENCES campuses (id),
    city TEXT NOT NULL REFERENCES cities (code),
    name TEXT NOT NULL,
    mac TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (promotion_id, mac)
) STRICT;
CREATE INDEX wlan_access_points_by_promotion ON wlan_access_points (promotion_id, id);

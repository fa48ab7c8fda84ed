-- Stands for the approved promotions of one SSID of a campus: bumped before they are read.
CREATE TABLE wlan_networks (
    campus_id uuid NOT NULL REFERENCES campuses (id),
    ssid text NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (campus_id, ssid)
);

CREATE TABLE wlan_promotions (
    id uuid NOT NULL PRIMARY KEY,
    season text NOT NULL REFERENCES seasons (code),
    campus_id uuid NOT NULL REFERENCES campuses (id),
    city text NOT NULL REFERENCES cities (code),
    ssid text NOT NULL,
    starts_on text NOT NULL,
    ends_on text NOT NULL,
    minutes_per_day bigint NOT NULL CHECK (minutes_per_day > 0),
    bytes_per_day bigint NOT NULL CHECK (bytes_per_day > 0),
    creative text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'submitted', 'approved', 'changes_requested', 'rejected', 'withdrawn', 'cancelled')),
    -- SHA-256 of what was approved.
    content_hash text,
    -- Stands for the access points of the promotion: bumped before they are written.
    access_point_seq bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES users (id),
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    CHECK (starts_on <= ends_on),
    CHECK ((state IN ('approved', 'cancelled')) = (content_hash IS NOT NULL))
);
CREATE INDEX wlan_promotions_by_city ON wlan_promotions (city, id);
CREATE INDEX wlan_promotions_by_campus ON wlan_promotions (campus_id, id);
CREATE INDEX wlan_promotions_by_season ON wlan_promotions (season, id);
CREATE INDEX wlan_promotions_by_state ON wlan_promotions (state, id);
CREATE INDEX wlan_promotions_by_network ON wlan_promotions (campus_id, ssid, starts_on);

-- Whoever created, edited or submitted a promotion so far.
CREATE TABLE wlan_authors (
    promotion_id uuid NOT NULL REFERENCES wlan_promotions (id),
    user_id uuid NOT NULL REFERENCES users (id),
    PRIMARY KEY (promotion_id, user_id)
);
CREATE INDEX wlan_authors_by_user ON wlan_authors (user_id, promotion_id);

-- What happened to a promotion; stays when a draft is deleted.
CREATE TABLE wlan_history (
    promotion_id uuid NOT NULL,
    version bigint NOT NULL,
    action text NOT NULL CHECK (action IN ('create', 'edit', 'submit', 'withdraw', 'approve', 'request_changes', 'reject', 'cancel')),
    from_state text,
    to_state text NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    at bigint NOT NULL,
    comment text,
    content_hash text NOT NULL,
    PRIMARY KEY (promotion_id, version)
);
CREATE TRIGGER wlan_history_append_only BEFORE UPDATE OR DELETE ON wlan_history
    FOR EACH ROW EXECUTE FUNCTION refuse_rewrite();

CREATE TABLE wlan_access_points (
    id uuid NOT NULL PRIMARY KEY,
    promotion_id uuid NOT NULL REFERENCES wlan_promotions (id),
    campus_id uuid NOT NULL REFERENCES campuses (id),
    city text NOT NULL REFERENCES cities (code),
    name text NOT NULL,
    mac text NOT NULL,
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    UNIQUE (promotion_id, mac)
);
CREATE INDEX wlan_access_points_by_promotion ON wlan_access_points (promotion_id, id);

CREATE TABLE materials (
    sku TEXT NOT NULL PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('reusable', 'consumable', 'gift')),
    serialised INTEGER NOT NULL CHECK (serialised IN (0, 1)),
    -- How many a participant may be given at most, of all materials of the group together.
    limit_per_person INTEGER CHECK (limit_per_person > 0),
    limit_group TEXT,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX materials_by_limit_group ON materials (limit_group);

-- What somebody set out to move. Never changes; what became of it is in ledger and custody.
CREATE TABLE movements (
    seq INTEGER NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    content_sha256 BLOB NOT NULL,
    sku TEXT NOT NULL REFERENCES materials (sku),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    kind TEXT NOT NULL CHECK (kind IN ('produce', 'allocate', 'transfer', 'issue', 'use', 'give', 'lose', 'damage', 'return', 'find', 'count', 'reverse')),
    -- The kind whose figures it moves: for a reverse that of the reversed one.
    counts_as TEXT NOT NULL CHECK (counts_as IN ('produce', 'allocate', 'transfer', 'issue', 'use', 'give', 'lose', 'damage', 'return', 'find', 'count')),
    from_place TEXT NOT NULL,
    from_campus BLOB REFERENCES campuses (id),
    from_city TEXT REFERENCES cities (code),
    to_place TEXT NOT NULL,
    to_campus BLOB REFERENCES campuses (id),
    to_city TEXT REFERENCES cities (code),
    day TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES users (id),
    reason TEXT,
    reverses BLOB REFERENCES movements (id),
    CHECK ((kind = 'reverse') = (reverses IS NOT NULL)),
    CHECK (from_place <> to_place)
) STRICT;
CREATE INDEX movements_by_sku ON movements (sku, seq);
CREATE INDEX movements_by_kind ON movements (kind, seq);
CREATE INDEX movements_from_place ON movements (from_place, seq);
CREATE INDEX movements_to_place ON movements (to_place, seq);
CREATE INDEX movements_from_campus ON movements (from_campus, seq);
CREATE INDEX movements_to_campus ON movements (to_campus, seq);
CREATE INDEX movements_from_city ON movements (from_city, seq);
CREATE INDEX movements_to_city ON movements (to_city, seq);
CREATE TRIGGER movements_no_update BEFORE UPDATE ON movements
BEGIN SELECT RAISE(ABORT, 'movements is append-only'); END;
CREATE TRIGGER movements_no_delete BEFORE DELETE ON movements
BEGIN SELECT RAISE(ABORT, 'movements is append-only'); END;

CREATE TABLE movement_serials (
    movement_id BLOB NOT NULL REFERENCES movements (id),
    serial TEXT NOT NULL,
    PRIMARY KEY (movement_id, serial)
) STRICT;
CREATE TRIGGER movement_serials_no_update BEFORE UPDATE ON movement_serials
BEGIN SELECT RAISE(ABORT, 'movement_serials is append-only'); END;
CREATE TRIGGER movement_serials_no_delete BEFORE DELETE ON movement_serials
BEGIN SELECT RAISE(ABORT, 'movement_serials is append-only'); END;

-- Double entry: each step of a movement takes from one place and adds to another.
CREATE TABLE ledger (
    seq INTEGER NOT NULL PRIMARY KEY,
    movement_id BLOB NOT NULL REFERENCES movements (id),
    step TEXT NOT NULL CHECK (step IN ('done', 'sent', 'accepted', 'rejected', 'returned')),
    sku TEXT NOT NULL REFERENCES materials (sku),
    counts_as TEXT NOT NULL,
    place TEXT NOT NULL,
    place_kind TEXT NOT NULL,
    campus_id BLOB REFERENCES campuses (id),
    city TEXT REFERENCES cities (code),
    delta INTEGER NOT NULL CHECK (delta <> 0),
    day TEXT NOT NULL,
    UNIQUE (movement_id, step, place)
) STRICT;
CREATE INDEX ledger_by_place ON ledger (place, sku);
CREATE INDEX ledger_by_day ON ledger (day, place_kind);
CREATE INDEX ledger_by_campus ON ledger (campus_id, day);
CREATE INDEX ledger_by_city ON ledger (city, day);
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END;

-- Goods that change keeper: where the handing over stands.
CREATE TABLE custody (
    movement_id BLOB NOT NULL PRIMARY KEY REFERENCES movements (id),
    state TEXT NOT NULL CHECK (state IN ('sent', 'accepted', 'rejected', 'returned')),
    sent_by BLOB NOT NULL REFERENCES users (id),
    to_place TEXT NOT NULL,
    to_campus BLOB REFERENCES campuses (id),
    to_city TEXT REFERENCES cities (code),
    sent_at INTEGER NOT NULL,
    decided_by BLOB REFERENCES users (id),
    decided_at INTEGER,
    CHECK ((state = 'sent') = (decided_at IS NULL))
) STRICT;
CREATE INDEX custody_by_state ON custody (state, sent_at);
CREATE INDEX custody_waiting_place ON custody (to_place) WHERE state = 'sent';
CREATE INDEX custody_waiting_campus ON custody (to_campus) WHERE state = 'sent';
CREATE INDEX custody_waiting_city ON custody (to_city) WHERE state = 'sent';

-- A movement is reversed once; a rejected reverse gives the right back.
CREATE TABLE reversals (
    reversed_id BLOB NOT NULL PRIMARY KEY REFERENCES movements (id),
    movement_id BLOB NOT NULL UNIQUE REFERENCES movements (id)
) STRICT;

-- What is where now: the sums of the ledger over real places and participants.
CREATE TABLE balances (
    place TEXT NOT NULL,
    sku TEXT NOT NULL REFERENCES materials (sku),
    place_kind TEXT NOT NULL CHECK (place_kind IN ('province', 'city', 'campus', 'event', 'booth', 'user', 'transit', 'participant')),
    campus_id BLOB REFERENCES campuses (id),
    city TEXT REFERENCES cities (code),
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    PRIMARY KEY (place, sku)
) STRICT;
CREATE INDEX balances_by_sku ON balances (sku, place);
CREATE INDEX balances_by_campus ON balances (campus_id, place, sku);
CREATE INDEX balances_by_city ON balances (city, place, sku);
-- What events and booths still hold.
CREATE INDEX balances_at_work ON balances (city, campus_id) WHERE quantity > 0 AND place_kind IN ('event', 'booth');

-- Every serialised piece stands in one place.
CREATE TABLE serials (
    sku TEXT NOT NULL REFERENCES materials (sku),
    serial TEXT NOT NULL,
    place TEXT NOT NULL,
    PRIMARY KEY (sku, serial)
) STRICT;
CREATE INDEX serials_by_place ON serials (place, sku, serial);

-- What was lost out of whose keeping (a place: province, city, campus, user) and has not been
-- found again: as much may be found there.
CREATE TABLE losses (
    keeper TEXT NOT NULL,
    sku TEXT NOT NULL REFERENCES materials (sku),
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    PRIMARY KEY (keeper, sku)
) STRICT;

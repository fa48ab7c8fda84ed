//! The tables as both databases have them, written by hand and checked by `tests/schema.rs`.
//! Ids are `Uid`, instants `BigInt` milliseconds, days and words `Text`.

use diesel::table;

// ---- platform ----
table! {
    facts (name) {
        name -> Text,
        value -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    audit (seq) {
        seq -> BigInt,
        at -> BigInt,
        user_id -> Nullable<Uid>,
        request_id -> Nullable<Uid>,
        action -> Text,
        kind -> Text,
        entity_id -> Text,
        city -> Nullable<Text>,
        campus_id -> Nullable<Uid>,
        detail -> Text,
    }
}

table! {
    outbox (seq) {
        seq -> BigInt,
        at -> BigInt,
        topic -> Text,
        payload -> Text,
        sent_at -> Nullable<BigInt>,
    }
}

table! {
    change_seq (id) {
        id -> BigInt,
        seq -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    changes (seq) {
        seq -> BigInt,
        at -> BigInt,
        kind -> Text,
        entity_id -> Uid,
        campus_id -> Nullable<Uid>,
        city -> Nullable<Text>,
        deleted -> Bool,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    idempotency_keys (user_id, target, key) {
        user_id -> Uid,
        target -> Text,
        key -> Text,
        body_sha256 -> Binary,
        answer -> Text,
        created_at -> BigInt,
    }
}

// ---- accounts ----
table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    users (id) {
        id -> Uid,
        phone -> Text,
        name -> Text,
        role -> Text,
        city -> Nullable<Text>,
        password_hash -> Text,
        must_change_password -> Bool,
        active -> Bool,
        slot_seq -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    user_campuses (user_id, campus_id) {
        user_id -> Uid,
        campus_id -> Uid,
        city -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    devices (id) {
        id -> Uid,
        name -> Text,
        created_at -> BigInt,
        last_seen_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    sessions (id) {
        id -> Uid,
        user_id -> Uid,
        device_id -> Uid,
        generation -> BigInt,
        rotated_at -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

table! {
    sign_in_failures (phone_key) {
        phone_key -> Binary,
        since -> BigInt,
        count -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    calendar_tokens (user_id) {
        user_id -> Uid,
        token_hash -> Binary,
        made_at -> BigInt,
    }
}

diesel::joinable!(calendar_tokens -> users (user_id));
diesel::joinable!(user_campuses -> users (user_id));
diesel::joinable!(sessions -> devices (device_id));
diesel::joinable!(sessions -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(calendar_tokens, users);
diesel::allow_tables_to_appear_in_same_query!(users, user_campuses);
diesel::allow_tables_to_appear_in_same_query!(sessions, devices, users);

// ---- catalogue ----
table! {
    seasons (code) {
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        time_zone -> Text,
        starts -> Text,
        ends -> Text,
        preparation_deadline -> Text,
        lead_time_days -> BigInt,
        handset_seq -> BigInt,
    }
}

table! {
    themes (code) {
        code -> Text,
        position -> BigInt,
        name_zh -> Text,
        name_en -> Text,
    }
}

table! {
    facets (code) {
        code -> Text,
        position -> BigInt,
        name_zh -> Text,
        name_en -> Text,
    }
}

table! {
    formats (season, code) {
        season -> Text,
        code -> Text,
        position -> BigInt,
        name_zh -> Text,
        name_en -> Text,
        needs_venue -> Bool,
        occupies_team -> Bool,
        check_in -> Bool,
    }
}

table! {
    media (season, code) {
        season -> Text,
        code -> Text,
        position -> BigInt,
        name_zh -> Text,
        name_en -> Text,
    }
}

table! {
    activities (season, code) {
        season -> Text,
        code -> Text,
        position -> BigInt,
        name_zh -> Text,
        name_en -> Text,
        theme -> Text,
        facet -> Text,
        window_start -> Text,
        window_end -> Text,
        window_source -> Text,
        formats -> Text,
        default_kit -> Text,
        summary_zh -> Text,
        summary_en -> Text,
        rules -> Text,
        also_written -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    handset_models (id) {
        id -> Uid,
        season -> Text,
        brand -> Text,
        model -> Text,
        os -> Nullable<Text>,
        note -> Nullable<Text>,
        active -> Bool,
        version -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(seasons, handset_models);

// ---- campuses ----
table! {
    cities (code) {
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        latitude -> Double,
        longitude -> Double,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    campuses (id) {
        id -> Uid,
        code -> Text,
        moe_code -> Text,
        name_zh -> Text,
        name_en -> Text,
        city -> Text,
        level -> Text,
        ownership -> Text,
        is_211 -> Bool,
        startup_focus -> Bool,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    campus_terms (term, campus_id) {
        term -> Text,
        campus_id -> Uid,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    campus_dates (campus_id, kind, starts_on) {
        campus_id -> Uid,
        kind -> Text,
        starts_on -> Text,
        ends_on -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    venues (id) {
        id -> Uid,
        campus_id -> Uid,
        city -> Text,
        name -> Text,
        capacity -> BigInt,
        slot_seq -> BigInt,
        active -> Bool,
        version -> BigInt,
    }
}

table! {
    calendar_days (date) {
        date -> Text,
        day_type -> Text,
        is_working_day -> Bool,
        name_zh -> Nullable<Text>,
        name_en -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(campuses, campus_terms);

// ---- events ----
table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    events (id) {
        id -> Uid,
        campus_id -> Uid,
        city -> Text,
        season -> Text,
        activity -> Text,
        theme -> Text,
        facet -> Text,
        format -> Text,
        venue_id -> Nullable<Uid>,
        title -> Text,
        organiser -> Nullable<Text>,
        plan -> Text,
        kit -> Text,
        starts_at -> Nullable<BigInt>,
        ends_at -> Nullable<BigInt>,
        starts_day -> Nullable<Text>,
        sort_at -> BigInt,
        capacity -> Nullable<BigInt>,
        lead_id -> Nullable<Uid>,
        admits -> Text,
        walk_in -> Text,
        state -> Text,
        version -> BigInt,
        content_hash -> Text,
        first_submitted_at -> Nullable<BigInt>,
        submitted_at -> Nullable<BigInt>,
        endorsed_by -> Nullable<Uid>,
        approved_by -> Nullable<Uid>,
        approved_at -> Nullable<BigInt>,
        lead_time_overridden -> Bool,
        closed_at -> Nullable<BigInt>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    event_publicity (event_id, position) {
        event_id -> Uid,
        position -> BigInt,
        medium -> Text,
        from_day -> Text,
        to_day -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    event_team (event_id, user_id) {
        event_id -> Uid,
        user_id -> Uid,
        on_team -> Bool,
        sort_at -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    event_authors (event_id, user_id) {
        event_id -> Uid,
        user_id -> Uid,
        since_version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    event_history (seq) {
        seq -> BigInt,
        event_id -> Uid,
        at -> BigInt,
        user_id -> Uid,
        action -> Text,
        from_state -> Text,
        to_state -> Text,
        version -> BigInt,
        comment -> Nullable<Text>,
        content_hash -> Text,
        data -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    event_doors (event_id, version) {
        event_id -> Uid,
        version -> BigInt,
        at -> BigInt,
        phase -> Text,
        starts_at -> BigInt,
        ends_at -> BigInt,
        admits -> Text,
        walk_in -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    event_terms (term, event_id) {
        term -> Text,
        event_id -> Uid,
        campus_id -> Uid,
        city -> Text,
        sort_at -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    event_slots (kind, holder_id, event_id) {
        kind -> Text,
        holder_id -> Uid,
        event_id -> Uid,
        hold -> Text,
        starts_at -> BigInt,
        ends_at -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    event_counters (event_id) {
        event_id -> Uid,
        change_seq -> BigInt,
        registered -> BigInt,
        waitlisted -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    event_reports (event_id, at) {
        event_id -> Uid,
        at -> BigInt,
        user_id -> Uid,
        summary -> Text,
        attendance_note -> Nullable<Text>,
        waive_reason -> Nullable<Text>,
        figures -> Text,
    }
}

diesel::joinable!(event_team -> events (event_id));
diesel::joinable!(event_terms -> events (event_id));
diesel::joinable!(event_slots -> events (event_id));
diesel::joinable!(event_counters -> events (event_id));
diesel::allow_tables_to_appear_in_same_query!(
    events,
    event_team,
    event_authors,
    event_terms,
    event_slots,
    event_counters,
);

// ---- participants ----
table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    participants (seq) {
        seq -> BigInt,
        id -> Uid,
        role -> Text,
        campus_id -> Uid,
        city -> Text,
        name -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone_tail -> Nullable<Text>,
        student_no -> Nullable<Text>,
        skills -> Nullable<Text>,
        app_idea -> Nullable<Text>,
        consent_version -> Nullable<Text>,
        consent_at -> Nullable<BigInt>,
        request_sha256 -> Nullable<Binary>,
        created_by -> Nullable<Uid>,
        created_at -> BigInt,
        erased_at -> Nullable<BigInt>,
        anchor_seq -> BigInt,
        version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    participant_ids (id) {
        id -> Uid,
        participant_id -> Uid,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    passes (id) {
        id -> Uid,
        participant_id -> Uid,
        token -> Nullable<Text>,
        token_sha256 -> Binary,
        issued_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(participants, participant_ids);

// ---- registrations ----
table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    registrations (id) {
        id -> Uid,
        event_id -> Uid,
        participant_id -> Uid,
        state -> Text,
        position -> BigInt,
        registered_at -> BigInt,
        promoted_at -> Nullable<BigInt>,
        cancelled_at -> Nullable<BigInt>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    registration_facts (seq) {
        seq -> BigInt,
        registration_id -> Uid,
        at -> BigInt,
        state -> Text,
    }
}

diesel::joinable!(registration_facts -> registrations (registration_id));
diesel::allow_tables_to_appear_in_same_query!(registrations, registration_facts);

// ---- booths ----
table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    booth_spots (campus_id, spot) {
        campus_id -> Uid,
        spot -> Text,
        seq -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    booths (id) {
        id -> Uid,
        season -> Text,
        campus_id -> Uid,
        city -> Text,
        event_id -> Nullable<Uid>,
        kind -> Text,
        spot -> Text,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        opens_on -> Text,
        closes_on -> Text,
        opens_at -> BigInt,
        closes_at -> BigInt,
        permit_no -> Nullable<Text>,
        record_seq -> BigInt,
        created_by -> Uid,
        created_at -> BigInt,
        version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    booth_doors (booth_id, version) {
        booth_id -> Uid,
        version -> BigInt,
        at -> BigInt,
        event_id -> Nullable<Uid>,
        opens_on -> Text,
        closes_on -> Text,
        opens_at -> BigInt,
        closes_at -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    booth_tallies (booth_id, day, user_id) {
        booth_id -> Uid,
        day -> Text,
        user_id -> Uid,
        season -> Text,
        campus_id -> Uid,
        city -> Text,
        visitors -> BigInt,
        installs -> BigInt,
        purchases -> BigInt,
        cards -> BigInt,
        note -> Nullable<Text>,
        written_at -> BigInt,
        version -> BigInt,
    }
}

diesel::joinable!(booth_tallies -> booths (booth_id));
diesel::allow_tables_to_appear_in_same_query!(booth_tallies, booths);

// ---- wlan ----
table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    wlan_networks (campus_id, ssid) {
        campus_id -> Uid,
        ssid -> Text,
        seq -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    wlan_promotions (id) {
        id -> Uid,
        season -> Text,
        campus_id -> Uid,
        city -> Text,
        ssid -> Text,
        starts_on -> Text,
        ends_on -> Text,
        minutes_per_day -> BigInt,
        bytes_per_day -> BigInt,
        creative -> Text,
        state -> Text,
        content_hash -> Nullable<Text>,
        access_point_seq -> BigInt,
        created_by -> Uid,
        created_at -> BigInt,
        version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    wlan_authors (promotion_id, user_id) {
        promotion_id -> Uid,
        user_id -> Uid,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    wlan_history (promotion_id, version) {
        promotion_id -> Uid,
        version -> BigInt,
        action -> Text,
        from_state -> Nullable<Text>,
        to_state -> Text,
        user_id -> Uid,
        at -> BigInt,
        comment -> Nullable<Text>,
        content_hash -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    wlan_access_points (id) {
        id -> Uid,
        promotion_id -> Uid,
        campus_id -> Uid,
        city -> Text,
        name -> Text,
        mac -> Text,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(wlan_promotions, wlan_authors);

// ---- materials ----
table! {
    materials (sku) {
        sku -> Text,
        name_zh -> Text,
        name_en -> Text,
        unit -> Text,
        kind -> Text,
        serialised -> Bool,
        limit_per_person -> Nullable<BigInt>,
        limit_group -> Nullable<Text>,
        version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    movements (seq) {
        seq -> BigInt,
        id -> Uid,
        content_sha256 -> Binary,
        sku -> Text,
        quantity -> BigInt,
        kind -> Text,
        counts_as -> Text,
        from_place -> Text,
        from_campus -> Nullable<Uid>,
        from_city -> Nullable<Text>,
        to_place -> Text,
        to_campus -> Nullable<Uid>,
        to_city -> Nullable<Text>,
        day -> Text,
        occurred_at -> BigInt,
        recorded_at -> BigInt,
        recorded_by -> Uid,
        reason -> Nullable<Text>,
        reverses -> Nullable<Uid>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    movement_serials (movement_id, serial) {
        movement_id -> Uid,
        serial -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    ledger (seq) {
        seq -> BigInt,
        movement_id -> Uid,
        step -> Text,
        sku -> Text,
        counts_as -> Text,
        place -> Text,
        place_kind -> Text,
        campus_id -> Nullable<Uid>,
        city -> Nullable<Text>,
        delta -> BigInt,
        day -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    custody (movement_id) {
        movement_id -> Uid,
        state -> Text,
        sent_by -> Uid,
        to_place -> Text,
        to_campus -> Nullable<Uid>,
        to_city -> Nullable<Text>,
        sent_at -> BigInt,
        decided_by -> Nullable<Uid>,
        decided_at -> Nullable<BigInt>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    reversals (reversed_id) {
        reversed_id -> Uid,
        movement_id -> Uid,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    balances (place, sku) {
        place -> Text,
        sku -> Text,
        place_kind -> Text,
        campus_id -> Nullable<Uid>,
        city -> Nullable<Text>,
        quantity -> BigInt,
    }
}

table! {
    serials (sku, serial) {
        sku -> Text,
        serial -> Text,
        place -> Text,
    }
}

table! {
    losses (keeper, sku) {
        keeper -> Text,
        sku -> Text,
        quantity -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(movements, custody);
diesel::allow_tables_to_appear_in_same_query!(movement_serials, ledger);
diesel::allow_columns_to_appear_in_same_group_by_clause!(
    ledger::sku,
    ledger::place,
    movement_serials::serial,
);

// ---- checkins ----
table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    scan_ids (id) {
        id -> Uid,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    scans (seq) {
        seq -> BigInt,
        scan_id -> Uid,
        event_id -> Nullable<Uid>,
        booth_id -> Nullable<Uid>,
        campus_id -> Uid,
        city -> Text,
        pass_sha256 -> Nullable<Binary>,
        named_id -> Nullable<Uid>,
        participant_id -> Nullable<Uid>,
        role -> Nullable<Text>,
        scanned_at -> BigInt,
        sent_at -> BigInt,
        received_at -> BigInt,
        effective_at -> BigInt,
        day -> Text,
        device_id -> Uid,
        session_device -> Uid,
        user_id -> Uid,
        device_seq -> Nullable<BigInt>,
        mode -> Text,
        local_verdict -> Nullable<Text>,
        walk_in_confirmed -> Bool,
        late -> Bool,
        verdict -> Text,
        reason -> Nullable<Text>,
        first_scan_id -> Nullable<Uid>,
        first_effective_at -> Nullable<BigInt>,
        first_device_id -> Nullable<Uid>,
        first_booth_id -> Nullable<Uid>,
        standing -> Text,
        resolution -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    scan_resolutions (scan_id) {
        scan_id -> Uid,
        decision -> Text,
        reason -> Text,
        user_id -> Uid,
        at -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    scan_attempts (seq) {
        seq -> BigInt,
        session_device -> Uid,
        body_sha256 -> Binary,
        user_id -> Uid,
        scan_id -> Nullable<Uid>,
        reason -> Text,
        received_at -> BigInt,
        body -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    annulments (scan_id, user_id, session_device, decided_at, by_phone) {
        scan_id -> Uid,
        user_id -> Uid,
        session_device -> Uid,
        decided_at -> BigInt,
        by_phone -> Bool,
        device_revoked -> Bool,
        received_at -> BigInt,
        reason -> Text,
        state -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    check_in_places (target_id, day, participant_id) {
        target_id -> Uid,
        day -> Text,
        participant_id -> Uid,
        scan_id -> Nullable<Uid>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    check_in_presence (event_id, participant_id) {
        event_id -> Uid,
        participant_id -> Uid,
        scans -> BigInt,
        first_at -> Nullable<BigInt>,
        first_scan_id -> Nullable<Uid>,
        role -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    event_attendance (event_id, role) {
        event_id -> Uid,
        role -> Text,
        people -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    booth_attendance (booth_id, day) {
        booth_id -> Uid,
        day -> Text,
        people -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    check_in_conflicts (seq) {
        seq -> BigInt,
        scan_id -> Uid,
        event_id -> Nullable<Uid>,
        kind -> Text,
        local_verdict -> Text,
        standing -> Text,
        other_scan_id -> Nullable<Uid>,
        noted_at -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::Uid;
    device_queues (session_device, device_id) {
        session_device -> Uid,
        device_id -> Uid,
        received -> Text,
        highest -> BigInt,
        last_seen_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(scans, check_in_places, check_in_conflicts);

// Reports look from a season to what happened in it.
diesel::allow_tables_to_appear_in_same_query!(booth_attendance, booths);
diesel::allow_tables_to_appear_in_same_query!(check_in_presence, events);
diesel::allow_tables_to_appear_in_same_query!(scans, events);
diesel::allow_tables_to_appear_in_same_query!(registrations, events);

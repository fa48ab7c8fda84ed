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

diesel::joinable!(user_campuses -> users (user_id));
diesel::joinable!(sessions -> devices (device_id));
diesel::joinable!(sessions -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(users, user_campuses);
diesel::allow_tables_to_appear_in_same_query!(sessions, devices, users);

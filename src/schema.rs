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

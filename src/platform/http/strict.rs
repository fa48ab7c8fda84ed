//! How JSON from outside is read: as `serde_json` does, but stricter in two things.
//!
//! * An object is an object. Serde would take an array for any struct, by the order of its
//!   members, which nobody promised to keep.
//! * Text holds no U+0000. PostgreSQL cannot store it and SQLite can, so a text with it would
//!   be a defect on one database and a row on the other.
//!
//! A [`RawValue`](serde_json::value::RawValue) passes unseen; whoever reads it comes here again.

use std::fmt;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};

/// Whether a text from outside, wherever it stood, can be kept.
pub fn is_text(text: &str) -> bool {
    !text.contains('\0')
}

/// What [`is_text`] says no to, in words that stand in a refusal.
pub const NO_TEXT: &str = "U+0000 is not allowed in text";

/// Reads one JSON value.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    let mut json = serde_json::Deserializer::from_slice(json);
    let value = T::deserialize(Strict(&mut json))?;
    json.end()?;
    Ok(value)
}

/// A deserializer that is asked in place of the one within.
pub struct Strict<D>(pub D);

/// A visitor that looks at what comes before the one within sees it.
struct Look<V> {
    visitor: V,
    /// Whether a struct is wanted.
    object: bool,
}

/// Access to parts, or a seed of them, that keeps to the same.
struct Parts<A>(A);

fn look<V>(visitor: V) -> Look<V> {
    Look { visitor, object: false }
}

fn object<V>(visitor: V) -> Look<V> {
    Look { visitor, object: true }
}

fn kept<E: Error>(text: &str) -> Result<(), E> {
    if is_text(text) { Ok(()) } else { Err(E::custom(NO_TEXT)) }
}

macro_rules! ask {
    ($($method:ident($($name:ident: $type:ty),*);)+) => {$(
        fn $method<V: Visitor<'de>>(
            self,
            $($name: $type,)*
            visitor: V,
        ) -> Result<V::Value, D::Error> {
            self.0.$method($($name,)* look(visitor))
        }
    )+};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<D> {
    type Error = D::Error;

    ask! {
        deserialize_any();
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_i128();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_u128();
        deserialize_f32();
        deserialize_f64();
        deserialize_char();
        deserialize_str();
        deserialize_string();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_option();
        deserialize_unit();
        deserialize_unit_struct(name: &'static str);
        deserialize_newtype_struct(name: &'static str);
        deserialize_seq();
        deserialize_tuple(len: usize);
        deserialize_tuple_struct(name: &'static str, len: usize);
        deserialize_map();
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
        deserialize_identifier();
        deserialize_ignored_any();
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct(name, fields, object(visitor))
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

macro_rules! show {
    ($($method:ident: $type:ty;)+) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.visitor.$method(value)
        }
    )+};
}

macro_rules! show_text {
    ($($method:ident: $type:ty;)+) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            kept(&value)?;
            self.visitor.$method(value)
        }
    )+};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Look<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    show! {
        visit_bool: bool;
        visit_i64: i64;
        visit_i128: i128;
        visit_u64: u64;
        visit_u128: u128;
        visit_f64: f64;
        visit_bytes: &[u8];
        visit_borrowed_bytes: &'de [u8];
        visit_byte_buf: Vec<u8>;
    }

    show_text! {
        visit_str: &str;
        visit_borrowed_str: &'de str;
        visit_string: String;
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_some(Strict(from))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_newtype_struct(Strict(from))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, parts: A) -> Result<V::Value, A::Error> {
        if self.object {
            return Err(A::Error::invalid_type(Unexpected::Seq, &self));
        }
        self.visitor.visit_seq(Parts(parts))
    }

    fn visit_map<A: MapAccess<'de>>(self, parts: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Parts(parts))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, parts: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_enum(Parts(parts))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Parts<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Strict(from))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Parts<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Parts(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Parts<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(Parts(seed))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Parts(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Parts<A> {
    type Error = A::Error;
    type Variant = Parts<A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        self.0.variant_seed(Parts(seed)).map(|(value, variant)| (value, Parts(variant)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Parts<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(Parts(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(len, look(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.struct_variant(fields, object(visitor))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::value::RawValue;

    use super::*;

    #[derive(Deserialize)]
    struct Outer {
        name: String,
        inner: Option<Inner>,
        #[serde(default)]
        pairs: Vec<(i64, i64)>,
        #[serde(default)]
        more: BTreeMap<String, serde_json::Value>,
        raw: Option<Box<RawValue>>,
    }

    #[derive(Deserialize)]
    struct Inner {
        id: Wrapped,
    }

    #[derive(Deserialize)]
    struct Wrapped(String);

    fn refused(json: &str) -> String {
        let refused = read::<Outer>(json.as_bytes()).map(|_| ()).unwrap_err();
        assert!(refused.is_data(), "{refused}");
        refused.to_string()
    }

    #[test]
    fn what_is_well_formed_is_read() {
        let json = r#"{"name": "\\u0000 王", "inner": {"id": "x"}, "pairs": [[1, 2]],
            "more": {"a": [{"b": null}, 1.5, -3]}, "raw": {"c": "\u0000"}}"#;
        let outer: Outer = read(json.as_bytes()).unwrap();
        assert_eq!(outer.name, "\\u0000 王");
        assert_eq!(outer.pairs, [(1, 2)]);
        assert_eq!(outer.more["a"], serde_json::json!([{"b": null}, 1.5, -3]));
        assert_eq!(outer.raw.unwrap().get(), r#"{"c": "\u0000"}"#);
        assert_eq!(outer.inner.unwrap().id.0, "x");
    }

    #[test]
    fn an_array_is_no_object() {
        assert!(refused(r#"["x", null, [], {}, null]"#).contains("sequence"));
        assert!(refused(r#"{"name": "x", "inner": ["y"]}"#).contains("sequence"));
    }

    #[test]
    fn nul_is_no_text_wherever_it_stands() {
        for json in [
            r#"{"name": "a\u0000b"}"#,
            r#"{"name": "x", "inner": {"id": "\u0000"}}"#,
            r#"{"name": "x", "more": {"\u0000": 1}}"#,
            r#"{"name": "x", "more": {"a": ["\u0000"]}}"#,
        ] {
            assert!(refused(json).contains(NO_TEXT), "{json}");
        }
        assert!(read::<Outer>(b"{} x").is_err());
    }
}

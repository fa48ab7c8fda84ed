//! JSON merge patch (RFC 7396): a member that is absent stays, null clears, a value sets.

use serde::{Deserialize, Deserializer};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, OneOfBuilder, RefOr, Schema, Type},
};

use super::codes::Refusal;
use crate::platform::fault::{Fault, FieldError, Refuse, Words};

/// One member of a patch. Give it `#[serde(default)]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    #[default]
    Absent,
    Null,
    Set(T),
}

impl<T> Field<T> {
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The new value of a member that may be null.
    pub fn or(self, old: Option<T>) -> Option<T> {
        match self {
            Self::Absent => old,
            Self::Null => None,
            Self::Set(new) => Some(new),
        }
    }

    /// The new value of a member that cannot be null; 422 when it is, naming the member.
    pub fn or_keep(self, member: &str, old: T) -> Result<T, Fault> {
        match self {
            Self::Absent => Ok(old),
            Self::Set(new) => Ok(new),
            Self::Null => {
                let words = Words::new("不能为空", "It must not be null");
                let error = FieldError::new(format!("/{member}"), "field.rule", words);
                Err(Refusal::Invalid.problem().error(error).into())
            }
        }
    }

    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            _ => None,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(from)?.map_or(Self::Null, Self::Set))
    }
}

/// How utoipa's derive asks a generic type for its schema.
impl<T: PartialSchema> utoipa::__dev::ComposeSchema for Field<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let null = ObjectBuilder::new().schema_type(Type::Null);
        OneOfBuilder::new().item(T::schema()).item(null).into()
    }
}

impl<T: ToSchema> ToSchema for Field<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        T::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

//! Value types of everyday texts that are valid once they exist.

use std::{fmt, str::FromStr};

use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Text};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// The six digits of a city (GB/T 2260), as 440100 for Guangzhou.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct CityCode(u32);

/// A mobile number of mainland China: eleven digits beginning with 1.
#[derive(Clone, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Phone(String);

/// The last four digits of a mobile number: what people say at a door.
#[derive(Clone, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct PhoneTail(String);

/// A text that is none of what its type stands for.
#[derive(Debug, thiserror::Error)]
#[error("expected {0}")]
pub struct BadName(&'static str);

impl FromStr for CityCode {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let digits = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        let code = if digits { text.parse().ok() } else { None };
        code.map(Self).ok_or(BadName("the six digits of a city, as 440100"))
    }
}

impl FromStr for Phone {
    type Err = BadName;

    /// Spaces, hyphens and the prefixes `+86` and `86` are dropped.
    fn from_str(text: &str) -> Result<Self, BadName> {
        let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let digits = plain.strip_prefix("+86").unwrap_or(&plain);
        let digits =
            if digits.len() == 13 { digits.strip_prefix("86").unwrap_or(digits) } else { digits };
        let valid = digits.len() == 11
            && digits.starts_with('1')
            && digits.bytes().all(|b| b.is_ascii_digit());
        if valid {
            Ok(Self(digits.to_owned()))
        } else {
            Err(BadName("a mobile number of eleven digits"))
        }
    }
}

impl FromStr for PhoneTail {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let valid = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
        if valid { Ok(Self(text.to_owned())) } else { Err(BadName("the last four digits")) }
    }
}

impl Phone {
    pub fn tail(&self) -> PhoneTail {
        PhoneTail(self.0[7..].to_owned())
    }

    pub fn digits(&self) -> &str {
        &self.0
    }

    /// As `138****8000`.
    pub fn masked(&self) -> String {
        format!("{}****{}", &self.0[..3], &self.0[7..])
    }
}

impl fmt::Display for CityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Debug for CityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CityCode({self})")
    }
}

/// The whole number: for storing and for those who may see it. Logs get `Debug`.
impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PhoneTail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Never shows the digits.
impl fmt::Debug for PhoneTail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneTail(…)")
    }
}

/// Never shows the number.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

/// JSON and OpenAPI forms of a checked text.
macro_rules! checked_text {
    ($name:ident, $pattern:literal, $example:literal) => {
        $crate::text_column!($name);

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(D::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .pattern(Some($pattern))
                    .examples([$example])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}

checked_text!(CityCode, "^[0-9]{6}$", "440100");
checked_text!(PhoneTail, "^[0-9]{4}$", "8000");
checked_text!(Phone, "^(\\+?86)?[ -]?1[0-9 -]{10,}$", "13800138000");

/// A person's name as those see it who may not know it: `王**`, however long it is.
pub fn masked_name(name: &str) -> String {
    let first: String = name.chars().take(1).collect();
    first + "**"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_does_not_tell_how_long_a_name_is() {
        for name in ["王", "王明", "王小明", "王·阿卜杜拉"] {
            assert_eq!(masked_name(name), "王**");
        }
    }
}

//! From the bytes of a body to a value of a known shape. First it must be JSON at all, then
//! an object, then have the members that are asked for: whoever sends it is told which of
//! the three it is not, and at what place.

use serde::de::{DeserializeOwned, IgnoredAny};

use super::{codes::Refusal, strict::Strict};
use crate::platform::fault::{Fault, FieldError, Problem, Refuse, Words};

/// Reads a body; nothing at all is the empty object. Refuses with 400.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    let text = std::str::from_utf8(if bytes.is_empty() { b"{}" } else { bytes });
    let text = text.map_err(|_| Refusal::Malformed)?;
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| malformed(&error))?;
    if !text.trim_start().starts_with('{') {
        return Err(shape("", "须为 JSON 对象", "It must be an object").into());
    }
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(Strict(&mut json)).map_err(|error| {
        let (said, pointer) = (said(error.inner()), pointer(error.path()));
        match said.split_once("missing field `").and_then(|(_, rest)| rest.split_once('`')) {
            Some((name, _)) => shape(&format!("{pointer}/{name}"), "缺少此项", "It is missing"),
            None => shape(&pointer, &format!("无法识别：{said}"), &said),
        }
        .into()
    })
}

/// 400 about the member at this place.
pub fn shape(pointer: &str, zh: &str, en: &str) -> Problem {
    Refusal::BadBody.problem().error(FieldError::new(pointer, "field.shape", Words::new(zh, en)))
}

/// What the reader says of a value, without the names of our types.
fn said(cause: &serde_json::Error) -> String {
    if cause.is_syntax() {
        return "expected a value of another type".to_owned();
    }
    let text = cause.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    for kind in ["struct ", "tuple ", "enum ", "unit ", "newtype "] {
        if let Some((before, _)) = text.split_once(&format!("expected {kind}")) {
            return format!("{before}expected an object");
        }
    }
    if text.starts_with("data did not match any variant") {
        return "expected a value of another shape".to_owned();
    }
    text.to_owned()
}

fn malformed(cause: &serde_json::Error) -> Fault {
    let (line, column) = (cause.line(), cause.column());
    Refusal::Malformed
        .problem()
        .detail(format!("第 {line} 行第 {column} 列有误"), format!("Line {line}, column {column}"))
        .into()
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut text = String::new();
    for segment in path {
        text.push('/');
        match segment {
            Segment::Seq { index } => text.push_str(&index.to_string()),
            Segment::Map { key } => text.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => text.push_str(variant),
            Segment::Unknown => text.push('?'),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Red,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Inner {
        many: u8,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Outer {
        colour: Colour,
        inner: Vec<Inner>,
    }

    fn refused(text: &str) -> (&'static str, String, String) {
        let Err(Fault::Refused(problem)) = parse::<Outer>(text.as_bytes()) else {
            panic!("{text} was not refused");
        };
        let (pointer, said) = match problem.errors.first() {
            Some(error) => (error.pointer.clone(), error.message.en.clone()),
            None => (String::new(), String::new()),
        };
        (problem.code.name, pointer, said)
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_without_our_names() {
        for text in ["{", "{\"colour\":1,}", "{} {}", "\u{feff}{}", "nothing"] {
            assert_eq!(refused(text).0, "request.malformed", "{text}");
        }
        let told = |text: &str, pointer: &str, said: &str| {
            let want = ("request.body", pointer.to_owned(), said.to_owned());
            assert_eq!(refused(text), want, "{text}");
        };
        told("[]", "", "It must be an object");
        told("7", "", "It must be an object");
        told("{}", "/colour", "It is missing");
        told("{\"colour\":[[7]]}", "/colour", "expected a value of another type");
        let inner = |list: &str| format!("{{\"colour\":\"red\",\"inner\":[{list}]}}");
        told(&inner("7"), "/inner/0", "invalid type: integer `7`, expected an object");
        told(&inner("{}"), "/inner/0/many", "It is missing");
        told(&inner("{\"x\":1}"), "/inner/0/x", "unknown field `x`, expected `many`");
    }
}

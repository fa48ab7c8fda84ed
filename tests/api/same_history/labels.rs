//! Two runs make their own ids and hashes: what they say is the same when every id is
//! replaced by a label in the order in which it was first seen.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// What one side's ids are called.
#[derive(Default)]
pub struct Labels {
    known: HashMap<String, String>,
    texts: Vec<(String, String)>,
}

impl Labels {
    /// Calls an id by this name.
    pub fn name(&mut self, id: String, label: String) {
        self.known.insert(id, label);
    }

    /// Puts one text for another wherever it stands.
    pub fn replace(&mut self, text: String, by: String) {
        self.texts.push((text, by));
    }

    pub fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(members) => {
                let mut named = Map::new();
                let seed = members.get("action").and_then(Value::as_str);
                let seed = seed.is_some_and(|action| action.ends_with(".seed"));
                let problem = members.contains_key("type") && members.contains_key("code");
                for (name, member) in members {
                    let shown = match &**name {
                        // Signed with keys of this side's own.
                        "pass" if member.is_string() => Value::from("a pass"),
                        "next_cursor" if member.is_string() => Value::from("more"),
                        // A refused write leaves a gap in PostgreSQL's numbers.
                        "seq" if member.is_number() => Value::from("a number"),
                        // When the template was made, before the history.
                        "at" if seed => Value::from("before"),
                        "request_id" if problem => Value::from("a request"),
                        _ => self.value(member),
                    };
                    named.insert(self.text(name), shown);
                }
                Value::Object(named)
            }
            other => other.clone(),
        }
    }

    pub fn text(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let word = [64, 36].into_iter().filter_map(|length| rest.get(..length));
            match word.into_iter().find(|word| is_id(word) || is_hash(word)) {
                Some(word) => {
                    out.push_str(self.label(word));
                    rest = &rest[word.len()..];
                }
                None => {
                    out.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        for (text, by) in &self.texts {
            out = out.replace(text, by);
        }
        out
    }

    /// A version as it is; what is a hash of the content, by a label.
    pub fn tag(&mut self, tag: &str) -> String {
        let version = tag.trim_matches('"').parse::<i64>().is_ok();
        if version { tag.to_owned() } else { self.label(tag).to_owned() }
    }

    fn label(&mut self, id: &str) -> &str {
        let next = self.known.len();
        self.known.entry(id.to_owned()).or_insert_with(|| format!("#{next}"))
    }
}

fn is_id(text: &str) -> bool {
    let fits = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[test]
fn ids_are_labelled_as_they_come() {
    let (one, other) =
        ("0190a3f0-0000-7000-8000-000000000001", "0190a3f0-0000-7000-8000-000000000002");
    let mut labels = Labels::default();
    labels.name(other.to_owned(), "lin".to_owned());
    let told = serde_json::json!({ "to": format!("event:{one}"), "by": other, "again": one });
    let want = serde_json::json!({ "to": "event:#1", "by": "lin", "again": "#1" });
    assert_eq!(labels.value(&told), want);
}

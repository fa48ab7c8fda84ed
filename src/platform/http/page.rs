//! Lists by key: `?limit=&cursor=` and filters in, `{"items", "next_cursor"}` out. A cursor
//! carries the key of the last row and the filters it was made with, never the scope.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    future::{Ready, ready},
};

use actix_web::{
    Error, FromRequest, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    middleware::Next,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema, Type, path::ParameterBuilder,
        path::ParameterIn, schema::SchemaType,
    },
};

use super::{
    codes::Refusal,
    draft::{Draft, Input},
    strict::{self, NO_TEXT, is_text},
};
use crate::platform::fault::{Fault, FieldError, Refuse, Words};

const DEFAULT_LIMIT: i64 = 50;
const MAX_LIMIT: i64 = 200;

type Pairs = BTreeMap<String, String>;

/// A request for one page of a list with filters `F` and keys `K`.
pub struct PageQuery<F, K> {
    pub filters: F,
    pub limit: i64,
    /// Key of the last row of the page before.
    pub after: Option<K>,
    pairs: Pairs,
}

/// One page of a list.
#[derive(Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it back as `cursor` for the next page; null on the last one.
    pub next_cursor: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Cursor<K> {
    k: K,
    f: Pairs,
}

impl<F, K: Serialize> PageQuery<F, K> {
    /// How many rows to load: one more than the page, to know whether another follows.
    pub fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// Cuts what was fetched into a page; `key` names a row's place in the order.
    pub fn page<R>(self, mut rows: Vec<R>, key: impl Fn(&R) -> K) -> Page<R> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = if more { rows.last() } else { None };
        let next_cursor = last.map(|row| encode(&Cursor { k: key(row), f: self.pairs }));
        Page { items: rows, next_cursor }
    }
}

impl<T> Page<T> {
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        let items = self.items.into_iter().map(change).collect();
        Page { items, next_cursor: self.next_cursor }
    }
}

/// Each kind of list has a schema of its own: the derive would call them all `Page`.
impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        let items = ArrayBuilder::new().items(Ref::from_schema_name(T::name()));
        let cursor = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some("Give it back as `cursor` for the next page; null on the last one"));
        ObjectBuilder::new()
            .description(Some("One page of a list"))
            .property("items", items)
            .property("next_cursor", cursor)
            .required("items")
            .required("next_cursor")
            .into()
    }
}

impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

fn encode<K: Serialize>(cursor: &Cursor<K>) -> String {
    // A cursor is made of texts and numbers; these always have a JSON form.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(cursor).expect("cursors are plain values"))
}

fn decode<K: DeserializeOwned>(text: &str) -> Result<Cursor<K>, Fault> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Refusal::BadCursor)?;
    Ok(strict::read(&bytes).map_err(|_| Refusal::BadCursor)?)
}

impl<F: DeserializeOwned, K: DeserializeOwned> PageQuery<F, K> {
    fn read(query: &str) -> Result<Self, Fault> {
        let mut pairs = pairs(query)?;
        let limit = limit(pairs.remove("limit"))?;
        let mut after = None;
        if let Some(text) = pairs.remove("cursor") {
            let cursor: Cursor<K> = decode(&text)?;
            if !pairs.is_empty() && pairs != cursor.f {
                return Err(Refusal::BadCursor
                    .problem()
                    .detail("游标属于另一组筛选条件", "The cursor belongs to other filters")
                    .into());
            }
            pairs = cursor.f;
            after = Some(cursor.k);
        }
        let filters = filters(&pairs)?;
        Ok(Self { filters, limit, after, pairs })
    }
}

fn pairs(query: &str) -> Result<Pairs, Fault> {
    let list: Vec<(String, String)> =
        serde_urlencoded::from_str(query).map_err(|e| bad("?", &e.to_string()))?;
    let mut pairs = Pairs::new();
    for (name, value) in list {
        if !is_text(&name) || !is_text(&value) {
            return Err(bad(name.trim_matches('\0'), NO_TEXT));
        }
        if pairs.insert(name.clone(), value).is_some() {
            return Err(bad(&name, "given twice"));
        }
    }
    Ok(pairs)
}

fn limit(text: Option<String>) -> Result<i64, Fault> {
    let Some(text) = text else { return Ok(DEFAULT_LIMIT) };
    match text.parse() {
        Ok(limit @ 1..=MAX_LIMIT) => Ok(limit),
        _ => Err(bad("limit", "expected a whole number from 1 to 200")),
    }
}

fn filters<F: DeserializeOwned>(pairs: &Pairs) -> Result<F, Fault> {
    // A pair at a time would lose the name of the wrong one; serde's message has it.
    let text = serde_urlencoded::to_string(pairs).map_err(Fault::bug)?;
    let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(reader).map_err(|e: serde_path_to_error::Error<_>| {
        let name = e.path().to_string();
        bad(if name == "." { "" } else { &name }, &e.inner().to_string())
    })
}

/// 400 that names the query parameter.
pub fn bad(name: &str, why: &str) -> Fault {
    let words = Words::new(format!("无法识别：{why}"), why);
    Refusal::BadQuery
        .problem()
        .error(FieldError::new(format!("?{name}"), "field.query", words))
        .into()
}

/// Middleware of an endpoint without query parameters: refuses any, so that a typing error
/// is not a silence.
pub async fn none_taken(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match form_urlencoded::parse(req.query_string().as_bytes()).next() {
        None => next.call(req).await.map(ServiceResponse::map_into_boxed_body),
        Some((name, _)) => {
            let fault = bad(&name, "there is no such parameter");
            Ok(req.error_response(fault))
        }
    }
}

impl<F: DeserializeOwned, K: DeserializeOwned> FromRequest for PageQuery<F, K> {
    type Error = Fault;
    type Future = Ready<Result<Self, Fault>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(req.query_string()))
    }
}

/// Query parameters of a look-up that is no list.
pub struct Query<F>(pub F);

impl<F: DeserializeOwned> FromRequest for Query<F> {
    type Error = Fault;
    type Future = Ready<Result<Self, Fault>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(pairs(req.query_string()).and_then(|pairs| filters(&pairs)).map(Self))
    }
}

impl<F: IntoParams> Input for Query<F> {
    fn describe(draft: &mut Draft) {
        draft.query::<F>();
    }
}

impl<F: IntoParams, K> Input for PageQuery<F, K> {
    fn describe(draft: &mut Draft) {
        draft.query::<F>();
        let limit = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(MAX_LIMIT))
            .default(Some(DEFAULT_LIMIT.into()));
        for (name, schema, text) in [
            ("limit", limit, "How many items at most"),
            (
                "cursor",
                ObjectBuilder::new().schema_type(Type::String),
                "`next_cursor` of the page before; it carries the filters",
            ),
        ] {
            draft.parameter(
                ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Query)
                    .required(utoipa::openapi::Required::False)
                    .description(Some(text))
                    .schema(Some(schema))
                    .build(),
            );
        }
    }
}

/// No filters.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct NoFilters {}

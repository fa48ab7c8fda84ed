//! The OpenAPI 3.1 document, made from the endpoint table: what every operation takes and
//! gives it says itself; what all of a kind may answer is added here.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder,
        PathsBuilder, Ref, RefOr, Response, ResponseBuilder, SecurityRequirement,
        path::{HttpMethod, PathItem},
        security::{Http, HttpAuthScheme, SecurityScheme},
        tag::TagBuilder,
    },
};

use crate::{
    accounts::Refusal as Account,
    platform::{
        fault::{Code, Refuse},
        http::{codes::Refusal, draft::Guard, endpoint::Endpoint},
    },
};

/// The document as text, made once.
pub struct Document {
    pub json: String,
}

/// What every 4xx and 5xx answers (RFC 9457), as `application/problem+json`.
#[derive(Serialize, ToSchema)]
pub struct ProblemOut {
    /// `urn:campus-ops:problem:` and the code.
    pub r#type: String,
    pub title: String,
    pub status: u16,
    /// What happened here, in the language of the request.
    pub detail: String,
    /// Stable, `area.reason`.
    pub code: String,
    /// Say it when you ask for help.
    pub request_id: String,
    pub errors: Vec<FieldErrorOut>,
}

/// What is wrong with one member.
#[derive(Serialize, ToSchema)]
pub struct FieldErrorOut {
    /// JSON pointer into the body, or `?name` for a query parameter.
    pub pointer: String,
    pub code: String,
    pub message: String,
    /// Inputs of the rule, where a program can use them.
    #[schema(value_type = Option<Object>)]
    pub data: Option<Value>,
}

const ABOUT: &str = "Backend of a campus season: events and their approval, booths, WLAN \
    promotions, materials, participants with passes, check-in, figures.\n\nTimes are RFC 3339 in \
    UTC with milliseconds, local days are +08:00. Every refusal is `application/problem+json` \
    with a stable `code`; messages follow `Accept-Language` (zh-CN, en). Lists are paged by \
    `limit` and `cursor`. Editable resources carry an `ETag`; send it back in `If-Match`.";

/// The document for a table of endpoints.
pub fn document(endpoints: &[Endpoint]) -> OpenApi {
    let mut paths: BTreeMap<String, PathItem> = BTreeMap::new();
    let mut components = ComponentsBuilder::new()
        .schema("ProblemOut", ProblemOut::schema())
        .schema("FieldErrorOut", FieldErrorOut::schema());
    let mut tags = Vec::new();
    for endpoint in endpoints {
        if !tags.contains(&endpoint.tag) {
            tags.push(endpoint.tag);
        }
        for (name, schema) in &endpoint.schemas {
            components = components.schema(name.clone(), schema.clone());
        }
        let item = PathItem::new(method(endpoint), operation(endpoint));
        match paths.entry(endpoint.full_path()) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(item);
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                place.get_mut().merge_operations(item);
            }
        }
    }
    let bearer = Http::builder().scheme(HttpAuthScheme::Bearer).bearer_format("JWT");
    components = components.security_scheme("bearer", SecurityScheme::Http(bearer.build()));
    let mut all = PathsBuilder::new();
    for (path, item) in paths {
        all = all.path(path, item);
    }
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Campus Ops")
                .version("1")
                .description(Some(ABOUT))
                .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").build()))
                .build(),
        )
        .tags(Some(tags.into_iter().map(|tag| TagBuilder::new().name(tag).build())))
        .paths(all)
        .components(Some(components.build()))
        .build()
}

fn method(endpoint: &Endpoint) -> HttpMethod {
    match endpoint.method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn operation(endpoint: &Endpoint) -> utoipa::openapi::path::Operation {
    let mut operation = endpoint.operation.clone();
    operation.operation_id = Some(endpoint.operation_id.to_owned());
    operation.tags = Some(vec![endpoint.tag.to_owned()]);
    operation.summary = Some(endpoint.summary.to_owned());
    let mut text = endpoint.description.to_owned();
    if let Guard::May(action) = endpoint.guard {
        text.push_str(&format!("\n\nPermission: `{action}`."));
        let requirement = SecurityRequirement::new("bearer", Vec::<String>::new());
        operation.security = Some(vec![requirement]);
    } else {
        operation.security = Some(Vec::new());
    }
    operation.description = Some(text);
    for (status, response) in refusals(endpoint) {
        operation.responses.responses.insert(status.to_string(), response.into());
    }
    operation
}

/// The problems an operation may answer, by status, each naming its codes.
fn refusals(endpoint: &Endpoint) -> BTreeMap<u16, Response> {
    let mut codes: Vec<&'static Code> =
        vec![Refusal::Internal.code(), Refusal::Busy.code(), Refusal::TooMany.code()];
    if matches!(endpoint.guard, Guard::May(_)) {
        codes.extend([
            Account::NotSignedIn.code(),
            Account::BadToken.code(),
            Account::TokenExpired.code(),
            Account::SessionEnded.code(),
            Account::Forbidden.code(),
            Account::PasswordChangeRequired.code(),
            Account::DeviceRevoked.code(),
        ]);
    }
    if endpoint.path.contains('{') {
        codes.extend([Refusal::BadPath.code(), Refusal::NotFound.code()]);
    }
    if endpoint.operation.request_body.is_some() {
        codes.extend([
            Refusal::Malformed.code(),
            Refusal::BadBody.code(),
            Refusal::Invalid.code(),
            Refusal::TooLarge.code(),
            Refusal::WrongMediaType.code(),
        ]);
    }
    if !endpoint.at_root {
        codes.push(Refusal::BadQuery.code());
    }
    let parameters = endpoint.operation.parameters.iter().flatten();
    for parameter in parameters {
        let RefOr::T(parameter) = parameter else { continue };
        if parameter.name == "cursor" {
            codes.push(Refusal::BadCursor.code());
        }
    }
    if endpoint.idempotent {
        codes.extend([Refusal::KeyReused.code(), Refusal::BadHeader.code()]);
    }
    if endpoint.if_match {
        codes.extend([
            Refusal::StaleVersion.code(),
            Refusal::VersionMissing.code(),
            Refusal::BadHeader.code(),
        ]);
    }
    codes.extend(&endpoint.refusals);
    let mut by_status: BTreeMap<u16, BTreeSet<&str>> = BTreeMap::new();
    for code in codes {
        by_status.entry(code.status).or_default().insert(code.name);
    }
    by_status.into_iter().map(|(status, names)| (status, problem(&names))).collect()
}

fn problem(names: &BTreeSet<&str>) -> Response {
    let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemOut"))).build();
    ResponseBuilder::new()
        .description(format!("One of {}", list.join(", ")))
        .content("application/problem+json", content)
        .build()
}

/// Every code of the API with its status and titles, for the committed snapshot.
pub fn codes(lists: &[&'static [Code]]) -> Value {
    let sorted: BTreeMap<&str, Value> = lists
        .iter()
        .flat_map(|list| list.iter())
        .map(|code| (code.name, json!({ "status": code.status, "zh": code.zh, "en": code.en })))
        .collect();
    json!(sorted)
}

//! How handlers document themselves: every extractor and every answer type writes its part
//! of the OpenAPI operation, so the document says what the code takes and gives.

use std::collections::BTreeMap;

use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        ContentBuilder, HeaderBuilder, RefOr, Required, ResponseBuilder, Schema,
        path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
        request_body::RequestBodyBuilder,
    },
};

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// No sign-in asked.
    Anyone,
    /// Signed in, and the policy allows the named action.
    May(&'static str),
}

/// The schemas a document needs, by name.
pub type Schemas = BTreeMap<String, RefOr<Schema>>;

/// An operation in the making.
pub struct Draft {
    /// The path template, for the names of path parameters.
    pub path: &'static str,
    pub guard: Option<Guard>,
    pub idempotent: bool,
    pub if_match: bool,
    pub operation: OperationBuilder,
    pub schemas: Schemas,
}

impl Draft {
    pub fn new(path: &'static str) -> Self {
        Self {
            path,
            guard: None,
            idempotent: false,
            if_match: false,
            operation: OperationBuilder::new(),
            schemas: Schemas::new(),
        }
    }

    fn with(&mut self, change: impl FnOnce(OperationBuilder) -> OperationBuilder) {
        self.operation = change(std::mem::take(&mut self.operation));
    }

    /// Registers `T` and all it names; answers a reference to it.
    pub fn schema<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let mut found = Vec::new();
        T::schemas(&mut found);
        self.schemas.extend(found);
        let schema = T::schema();
        let named = matches!(&schema, RefOr::T(Schema::Object(o)) if !o.properties.is_empty() || o.enum_values.is_some())
            || matches!(&schema, RefOr::T(Schema::OneOf(_) | Schema::AllOf(_)));
        if !named {
            return schema;
        }
        let name = T::name().into_owned();
        self.schemas.insert(name.clone(), schema);
        utoipa::openapi::Ref::from_schema_name(name).into()
    }

    pub fn parameter(&mut self, parameter: Parameter) {
        self.with(|op| op.parameter(parameter));
    }

    pub fn header(&mut self, name: &str, required: bool, description: &str) {
        self.parameter(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Header)
                .required(if required { Required::True } else { Required::False })
                .description(Some(description))
                .schema(Some(String::schema()))
                .build(),
        );
    }

    pub fn query<Q: IntoParams>(&mut self) {
        for parameter in Q::into_params(|| Some(ParameterIn::Query)) {
            self.parameter(parameter);
        }
    }

    pub fn body<T: ToSchema>(&mut self, media_type: &str) {
        let schema = self.schema::<T>();
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let body = RequestBodyBuilder::new().content(media_type, content);
        self.with(|op| op.request_body(Some(body.required(Some(Required::True)).build())));
    }

    /// An answer without a body.
    pub fn empty(&mut self, status: u16, description: &str) {
        let response = ResponseBuilder::new().description(description).build();
        self.with(|op| op.response(status.to_string(), response));
    }

    /// An answer with a body of `T`.
    pub fn answer<T: ToSchema>(&mut self, status: u16, description: &str, etag: bool) {
        let schema = self.schema::<T>();
        self.text(status, description, "application/json", Some(schema), etag);
    }

    /// A 200 with a body of `T`, or with a text of another media type if that is accepted.
    pub fn answer_or_text<T: ToSchema>(&mut self, description: &str, media_type: &str) {
        let schema = self.schema::<T>();
        let json = ContentBuilder::new().schema(Some(schema)).build();
        let text = ContentBuilder::new().schema(Some(String::schema())).build();
        let response = ResponseBuilder::new().description(description);
        let response = response.content("application/json", json).content(media_type, text);
        self.with(|op| op.response("200", response.build()));
    }

    /// An answer of another media type.
    pub fn text(
        &mut self,
        status: u16,
        description: &str,
        media_type: &str,
        schema: Option<RefOr<Schema>>,
        etag: bool,
    ) {
        let schema = schema.unwrap_or_else(String::schema);
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let mut response = ResponseBuilder::new().description(description);
        response = response.content(media_type, content);
        if etag {
            let header = HeaderBuilder::new().schema(Some(String::schema()));
            let text = "Version of the resource; send it back in `If-Match`";
            response = response.header("ETag", header.description(Some(text)).build());
        }
        self.with(|op| op.response(status.to_string(), response.build()));
    }

    pub fn build(self) -> (Operation, Schemas) {
        (self.operation.build(), self.schemas)
    }
}

/// What a handler takes: describes itself as parameters, body or security.
pub trait Input {
    fn describe(draft: &mut Draft);
}

/// What a handler gives: describes itself as a response.
pub trait Output {
    fn describe(draft: &mut Draft);
}

impl<T: Output, E> Output for Result<T, E> {
    fn describe(draft: &mut Draft) {
        T::describe(draft);
    }
}

/// Things a handler takes that a client does not send.
macro_rules! silent {
    ($($name:ty),+) => { $(impl Input for $name { fn describe(_: &mut Draft) {} })+ };
}
silent!(super::request::Context, actix_web::HttpRequest);

impl<T: 'static> Input for actix_web::web::Data<T> {
    fn describe(_: &mut Draft) {}
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: Input),*> Input for ($($name,)*) {
            fn describe(draft: &mut Draft) {
                $($name::describe(draft);)*
                let _ = draft;
            }
        }
    };
}
tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);

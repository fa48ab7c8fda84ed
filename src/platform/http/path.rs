//! Identifiers in paths.

use std::{
    future::{Ready, ready},
    str::FromStr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use utoipa::{
    PartialSchema,
    openapi::{
        Required,
        path::{ParameterBuilder, ParameterIn},
    },
};

use super::{
    codes::Refusal,
    draft::{Draft, Input},
    strict::is_text,
};
use crate::platform::fault::{Fault, Refuse};

/// The one placeholder of a path template; 400 when it cannot be read.
pub struct Path<T>(pub T);

/// The two placeholders of a path template, in their order.
pub struct Paths<A, B>(pub A, pub B);

/// What a placeholder's text can become.
pub trait Segment: FromStr + PartialSchema {}
impl<T: FromStr + PartialSchema> Segment for T {}

fn segment<T: Segment>(req: &HttpRequest, index: usize) -> Result<T, Fault> {
    let Some((name, value)) = req.match_info().iter().nth(index) else {
        return Err(Fault::bug("a path without the placeholder its handler reads"));
    };
    let text = Some(value).filter(|value| is_text(value));
    text.and_then(|text| text.parse().ok()).ok_or_else(|| {
        Refusal::BadPath
            .problem()
            .detail(format!("无法识别路径中的 {name}"), format!("Cannot read {name} in the path"))
            .into()
    })
}

fn describe<T: Segment>(draft: &mut Draft, index: usize) {
    let name = draft.path.split('{').nth(index + 1).and_then(|rest| rest.split('}').next());
    draft.parameter(
        ParameterBuilder::new()
            .name(name.unwrap_or_default())
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(T::schema()))
            .build(),
    );
}

impl<T: Segment> FromRequest for Path<T> {
    type Error = Fault;
    type Future = Ready<Result<Self, Fault>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(segment(req, 0).map(Self))
    }
}

impl<A: Segment, B: Segment> FromRequest for Paths<A, B> {
    type Error = Fault;
    type Future = Ready<Result<Self, Fault>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(segment(req, 0).and_then(|a| Ok(Self(a, segment(req, 1)?))))
    }
}

impl<T: Segment> Input for Path<T> {
    fn describe(draft: &mut Draft) {
        describe::<T>(draft, 0);
    }
}

impl<A: Segment, B: Segment> Input for Paths<A, B> {
    fn describe(draft: &mut Draft) {
        describe::<A>(draft, 0);
        describe::<B>(draft, 1);
    }
}

//! The codes that belong to no room: what is wrong with a request as such.

use crate::platform::fault::{Fault, FieldError, Refuse, Words};

crate::refusals! {
    /// Why a request is refused before any rule of a room is asked.
    pub enum Refusal {
        Malformed = 400 "request.malformed", "请求体不是有效的 JSON", "The body is not valid JSON";
        BadBody = 400 "request.body", "请求体的结构不正确", "The body does not have the expected shape";
        BadQuery = 400 "request.query", "查询参数不正确", "A query parameter is wrong";
        BadPath = 400 "request.path", "路径中的标识无法识别", "An identifier in the path cannot be read";
        BadHeader = 400 "request.header", "请求头不正确", "A header is wrong";
        BadCursor = 400 "request.cursor", "游标无效", "The cursor cannot be used";
        Invalid = 422 "request.invalid", "内容不符合规则", "The content breaks a rule";
        NotFound = 404 "request.not_found", "不存在，或不在您的范围内", "It does not exist, or not in your scope";
        NoSuchPath = 404 "request.no_such_path", "没有这个地址", "There is nothing at this address";
        WrongMethod = 405 "request.method", "该地址不支持此方法", "This address does not take this method";
        TooLarge = 413 "request.too_large", "请求体过大", "The body is too large";
        WrongMediaType = 415 "request.media_type", "不支持的媒体类型", "The media type is not supported";
        StaleVersion = 412 "request.stale_version", "内容已被他人更新，请刷新后重试", "It has changed since you read it; read it again";
        VersionMissing = 428 "request.if_match_missing", "缺少 If-Match 请求头", "The If-Match header is missing";
        KeyReused = 422 "idempotency.key_reused", "同一个幂等键用于不同的请求", "This idempotency key was used for another request";
        TooMany = 429 "request.too_many", "请求过于频繁，请稍后再试", "Too many requests; try again later";
        Busy = 503 "service.busy", "服务繁忙，请稍后重试", "The service is busy; try again shortly";
        Internal = 500 "service.internal", "服务内部错误", "Something went wrong on our side";
    }
}

/// 422 about one member of a request.
pub fn invalid(pointer: &str, words: Words) -> Fault {
    Refusal::Invalid.problem().error(FieldError::new(pointer, "field.rule", words)).into()
}

/// 404 about a row that a member of a request names: there is none, or not in scope.
pub fn unknown(pointer: &str, words: Words) -> Fault {
    Refusal::NotFound.problem().error(FieldError::new(pointer, "field.unknown", words)).into()
}

//! Why this room says no.

crate::refusals! {
    /// Why something is refused about a participant or a pass.
    pub enum Refusal {
        IdReused = 409 "participant.id_reused", "该标识已用于其他内容", "This id was used with other content";
        PhoneTaken = 409 "participant.phone_taken", "该手机号已属于另一名参与者", "Another participant has this phone";
        Erased = 409 "participant.erased", "该参与者已注销", "This participant was erased";
        ConsentMissing = 422 "participant.consent_missing", "未经同意不得登记", "Nobody is on record without consent";
        NoSeason = 409 "pass.no_season", "当前不在任何季度内，不能签发通行码", "No season is on, so no pass can be issued";
    }
}

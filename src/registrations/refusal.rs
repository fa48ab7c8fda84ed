//! Why this room says no.

crate::refusals! {
    /// Why somebody is not put on an event's list.
    pub enum Refusal {
        NotOpen = 409 "registration.not_open", "活动未开放报名", "The event takes no registrations";
        NotAdmitted = 422 "registration.not_admitted", "该活动不接收此人", "The event does not admit this person";
    }
}

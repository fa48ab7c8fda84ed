//! Check-in over HTTP: scans one by one and in batches, and what is decided about them.

mod batch;
mod decide;
mod single;

use crate::{
    accounts,
    checkins::{Refusal, routes::TAG},
    platform::{
        fault::{Code, Refuse},
        http::{
            body::BodyLimit,
            codes,
            endpoint::{Endpoint, Rate, post},
        },
    },
};

fn code(refusal: impl Refuse) -> &'static Code {
    refusal.code()
}

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        post("/events/{id}/check-ins", single::check_in_at_event)
            .about(
                TAG,
                "Check someone in at the gate of an event",
                "Answers 200 with a verdict, also when it is `denied`; only an event that does \
                 not exist for the caller is 404. A repeated `scan_id` gets its first answer \
                 again. With `?simulate=true` nothing is written.",
            )
            .refuses([code(codes::Refusal::NotFound)])
            .rate(Rate::Scan),
        post("/booths/{id}/check-ins", single::check_in_at_booth)
            .about(
                TAG,
                "Check someone in at a booth",
                "As at an event, without registrations: a person counts once per booth and day, \
                 and for the booth's event if it has one.",
            )
            .refuses([code(codes::Refusal::NotFound)])
            .rate(Rate::Scan),
        post("/check-ins/batch", batch::upload_check_ins)
            .about(
                TAG,
                "Upload what a phone gathered",
                "Up to 500 scans and annulments in any order, with an answer each, in the order \
                 sent. A bad item never stops others. `missing_seq` names the numbers up to \
                 `device_seq_high` that never came from this phone, newest first.",
            )
            .rate(Rate::Scan)
            .body_limit(BodyLimit::BATCH),
        post("/check-ins/{scan_id}/annul", decide::annul_check_in)
            .about(
                TAG,
                "Take a scan out",
                "By whoever made it, on the same device, within 15 minutes; later by the event's \
                 lead or the coordinator. The person's next scan takes the place; without one they are no \
                 longer counted.",
            )
            .refuses([
                code(Refusal::NotYours),
                code(accounts::Refusal::DeviceRevoked),
                code(codes::Refusal::NotFound),
            ]),
        post("/check-ins/{scan_id}/resolve", decide::resolve_check_in)
            .about(
                TAG,
                "Decide about a scan that was not let in",
                "For scans from revoked devices, with implausible times, out of the window, of \
                 people who were not registered or waited. An accepted scan counts like any \
                 other.",
            )
            .refuses([
                code(Refusal::NotOpen),
                code(Refusal::Decided),
                code(Refusal::Nobody),
                code(codes::Refusal::NotFound),
            ]),
    ]
}

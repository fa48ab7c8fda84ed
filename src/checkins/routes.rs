//! Scans, attendance and conflicts of an event, as lists and figures.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    model::{ConflictKind, Decision, LocalVerdict, Mode, Reason, Standing, Verdict},
    store::read::{self, Dispute, Listed as Line, Wanted},
};
use crate::{
    accounts::{Allowed, allowed::Caller, may},
    catalogue::attendance::ParticipantRole,
    events::store::gates::{self, Gate},
    platform::{
        db::Conn,
        fault::Fault,
        http::{
            answer::{Found, Listed},
            codes::Refusal,
            endpoint::{Endpoint, get},
            page::{NoFilters, PageQuery},
            path::Path,
            request::Context,
        },
        ids::{BoothId, DeviceId, EventId, ParticipantId, ScanId},
        time::Instant,
    },
};

pub const TAG: &str = "Check-in";

/// Which scans are wanted.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ScanFilters {
    /// What they are worth now.
    standing: Option<Standing>,
    /// Why they were not let in at first.
    reason: Option<Reason>,
}

/// A scan as it stands now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ScanOut {
    pub scan_id: ScanId,
    /// Null for a booth without an event.
    pub event_id: Option<EventId>,
    /// Null at the gate of the event.
    pub booth_id: Option<BoothId>,
    /// Null when nobody is known by what was shown.
    pub participant_id: Option<ParticipantId>,
    pub role: Option<ParticipantRole>,
    /// What it is worth now.
    pub standing: Standing,
    /// What the phone was told first.
    pub verdict: Verdict,
    /// Why it was not admitted at first.
    pub reason: Option<Reason>,
    /// What a coordinator decided.
    pub resolution: Option<Decision>,
    pub effective_at: Instant,
    /// By the phone's clock.
    pub scanned_at: Instant,
    pub received_at: Instant,
    pub device_id: DeviceId,
    pub mode: Mode,
    /// What the phone decided by itself.
    pub local_verdict: Option<LocalVerdict>,
    /// Received when its event was closed.
    pub late: bool,
}

impl From<Line> for ScanOut {
    fn from(line: Line) -> Self {
        Self {
            scan_id: line.scan_id,
            event_id: line.event_id,
            booth_id: line.booth_id,
            participant_id: line.participant_id,
            role: line.role,
            standing: line.standing,
            verdict: line.verdict,
            reason: line.reason,
            resolution: line.resolution,
            effective_at: line.effective_at,
            scanned_at: line.scanned_at,
            received_at: line.received_at,
            device_id: line.device_id,
            mode: line.mode,
            local_verdict: line.local_verdict,
            late: line.late,
        }
    }
}

/// A scan about which phone and server did not agree.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConflictOut {
    pub scan_id: ScanId,
    pub kind: ConflictKind,
    pub booth_id: Option<BoothId>,
    pub participant_id: Option<ParticipantId>,
    pub device_id: DeviceId,
    pub effective_at: Instant,
    pub reason: Option<Reason>,
    /// What the phone decided by itself.
    pub local_verdict: LocalVerdict,
    /// What the scan was worth when the conflict was noted.
    pub noted_standing: Standing,
    /// What it is worth now.
    pub standing: Standing,
    /// The scan that held the place then, when it was another one.
    pub other_scan_id: Option<ScanId>,
    pub noted_at: Instant,
    /// Whether nothing is left to decide: it was annulled or resolved, or both agree by now.
    pub settled: bool,
}

impl From<Dispute> for ConflictOut {
    fn from(of: Dispute) -> Self {
        let agree = match of.local_verdict {
            LocalVerdict::Admitted => of.standing == Standing::Admitted,
            LocalVerdict::Denied => of.standing != Standing::Admitted,
        };
        Self {
            scan_id: of.scan_id,
            kind: of.kind,
            booth_id: of.booth_id,
            participant_id: of.participant_id,
            device_id: of.device_id,
            effective_at: of.effective_at,
            reason: of.reason,
            local_verdict: of.local_verdict,
            noted_standing: of.noted_standing,
            standing: of.standing,
            other_scan_id: of.other_scan_id,
            noted_at: of.noted_at,
            settled: agree || of.standing == Standing::Annulled || of.resolution.is_some(),
        }
    }
}

/// How an event was attended so far.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AttendanceOut {
    pub event_id: EventId,
    /// People registered.
    pub expected: i64,
    /// Different people in, at the gate or at a booth of the event.
    #[serde(rename = "in")]
    pub inside: i64,
    /// How many more than the capacity are in; 0 without a capacity.
    pub over_capacity: i64,
    /// Different people in.
    pub by_role: Vec<RoleCount>,
    /// People at the gate and at each booth; at a booth once a day.
    pub by_booth: Vec<BoothCount>,
    /// When they came, by the hour; at a booth once a day.
    pub by_hour: Vec<HourCount>,
    /// Scans, let in or not.
    pub by_standing: Vec<StandingCount>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoleCount {
    pub role: ParticipantRole,
    pub people: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoothCount {
    /// Null is the gate.
    pub booth_id: Option<BoothId>,
    pub people: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HourCount {
    /// When the hour begins.
    pub from: Instant,
    pub people: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StandingCount {
    pub standing: Standing,
    pub scans: i64,
}

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/events/{id}/check-ins", list_check_ins).about(
            TAG,
            "The scans of an event",
            "Every one, let in or not, at its gate and its booths, in the order of arrival. \
             `standing` is what a scan is worth now; `verdict` is what the phone was told first.",
        ),
        get("/check-ins/quarantined", list_quarantined).about(
            TAG,
            "Scans that wait for a coordinator",
            "Those of your scope that came from a revoked device, at events and booths, in the \
             order of arrival. Resolve one to take it off the list.",
        ),
        get("/events/{id}/attendance", show_attendance).about(
            TAG,
            "How an event was attended",
            "Counts by role, booth, hour and standing.",
        ),
        get("/events/{id}/conflicts", list_conflicts).about(
            TAG,
            "Scans about which phone and server disagree",
            "In the order in which they were noted. Annul or resolve the scan to settle one; it \
             also settles itself when both come to agree.",
        ),
    ]
}

/// The event's gate, or 404.
fn gate(conn: &mut Conn, who: &Caller, id: EventId) -> Result<Gate, Fault> {
    let gate = gates::of_events(conn, &[id])?.remove(&id);
    Ok(gate.filter(|gate| gate.is_open_to(who)).ok_or(Refusal::NotFound)?)
}

pub async fn list_check_ins(
    who: Allowed<may::ReadCheckIns>,
    cx: Context,
    path: Path<EventId>,
    query: PageQuery<ScanFilters, i64>,
) -> Result<Listed<ScanOut>, Fault> {
    let (caller, event) = (who.caller(), path.0);
    let wanted = Wanted { standing: query.filters.standing, reason: query.filters.reason };
    let (after, limit) = (query.after, query.fetch());
    let look = move |conn: &mut Conn| {
        gate(conn, &caller, event)?;
        Ok(read::of_event(conn, event, wanted, after, limit)?)
    };
    let rows = cx.read(look).await?;
    Ok(Listed(query.page(rows, |line| line.seq).map(ScanOut::from)))
}

pub async fn list_quarantined(
    who: Allowed<may::ReadCheckIns>,
    cx: Context,
    query: PageQuery<NoFilters, i64>,
) -> Result<Listed<ScanOut>, Fault> {
    let (scope, after, limit) = (who.scope.clone(), query.after, query.fetch());
    let rows = cx.read(move |conn| Ok(read::quarantined(conn, &scope, after, limit)?)).await?;
    Ok(Listed(query.page(rows, |line| line.seq).map(ScanOut::from)))
}

pub async fn list_conflicts(
    who: Allowed<may::ReadCheckIns>,
    cx: Context,
    path: Path<EventId>,
    query: PageQuery<NoFilters, i64>,
) -> Result<Listed<ConflictOut>, Fault> {
    let (caller, event) = (who.caller(), path.0);
    let (after, limit) = (query.after, query.fetch());
    let look = move |conn: &mut Conn| {
        gate(conn, &caller, event)?;
        Ok(read::conflicts_of(conn, event, after, limit)?)
    };
    let rows = cx.read(look).await?;
    Ok(Listed(query.page(rows, |dispute| dispute.seq).map(ConflictOut::from)))
}

pub async fn show_attendance(
    who: Allowed<may::ReadCheckIns>,
    cx: Context,
    path: Path<EventId>,
) -> Result<Found<AttendanceOut>, Fault> {
    let (caller, event) = (who.caller(), path.0);
    let look = move |conn: &mut Conn| {
        let gate = gate(conn, &caller, event)?;
        Ok((gate, read::attendance(conn, event)?))
    };
    let (gate, found) = cx.snapshot(look).await?;
    let inside = found.by_role.iter().map(|(_, people)| people).sum();
    let role = |(role, people)| RoleCount { role, people };
    let booth = |(booth_id, people)| BoothCount { booth_id, people };
    let hour = |(hours, people)| HourCount { from: hour_start(hours), people };
    let standing = |(standing, scans)| StandingCount { standing, scans };
    Ok(Found(AttendanceOut {
        event_id: event,
        expected: gate.registered,
        inside,
        over_capacity: gate.over(inside),
        by_role: found.by_role.into_iter().map(role).collect(),
        by_booth: found.by_booth.into_iter().map(booth).collect(),
        by_hour: found.by_hour.into_iter().map(hour).collect(),
        by_standing: found.by_standing.into_iter().map(standing).collect(),
    }))
}

/// When an hour of local time begins, counted from 1970.
fn hour_start(hours: i64) -> Instant {
    Instant((hours - 8) * 3_600_000)
}

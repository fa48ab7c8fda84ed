//! What phones send, read leniently: members that this server does not know are let be, since
//! an older server must not trap a newer phone's queue.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    accounts::allowed::Caller,
    checkins::{
        model::{LocalVerdict, Mode, PassHash, Subject, Target},
        rules::{Annulment, Item, Scan},
        store::{Attempt, Slip},
    },
    participants::passes,
    platform::{
        crypto::sha256,
        fault::Fault,
        http::{
            body,
            draft::{Draft, Input},
            json, strict,
        },
        ids::{BoothId, DeviceId, EventId, ParticipantId, RequestId, ScanId},
        time::Instant,
    },
};

/// How much of an attempt is kept, in bytes.
const KEPT: usize = 2048;
/// How long the reason of an annulment may be, in characters.
const REASON: usize = 500;

/// One showing of a pass to a phone, or one person picked from a list.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(example = json!({
    "scan_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e07",
    "pass": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJBVEtfV2h3QWVoQ0tQbHNmREMxT0JRIn0.c2lnbmF0dXJl",
    "scanned_at": "2011-09-03T01:50:00.000Z",
    "sent_at": "2011-09-03T01:50:00.300Z",
    "device_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e06",
    "device_seq": 41,
    "mode": "online",
}))]
pub struct ScanIn {
    /// Made by the phone (UUIDv7), the same for the online try, the offline fallback and the
    /// upload.
    pub scan_id: ScanId,
    /// The token of the pass; or `participant_id`.
    #[serde(default)]
    pub pass: Option<String>,
    /// Instead of `pass`.
    #[serde(default)]
    pub participant_id: Option<ParticipantId>,
    /// By the phone's clock.
    pub scanned_at: Instant,
    /// By the phone's clock when it sends this; in a batch it stands once, at the top.
    #[serde(default)]
    pub sent_at: Option<Instant>,
    /// Tells the phone's queues apart; in a batch the one at the top unless given.
    #[serde(default)]
    pub device_id: Option<DeviceId>,
    /// The phone's own number of this record, from 1 upwards.
    #[serde(default)]
    pub device_seq: Option<i64>,
    /// `online` for a single scan and `offline` in a batch unless given.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// What the phone decided by itself.
    #[serde(default)]
    pub local_verdict: Option<LocalVerdict>,
    /// Whoever stands at the door lets in someone who is not registered; null is no.
    #[serde(default)]
    pub walk_in_confirmed: Option<bool>,
}

/// A wish to take a scan out of the set, in a batch.
#[derive(Clone, Deserialize, ToSchema)]
pub struct AnnulItemIn {
    /// The scan to take out; it may arrive later.
    pub annul: ScanId,
    /// At most 500 characters; a longer one makes the item `malformed`.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
    /// When it was decided, by the phone's clock.
    #[serde(default)]
    pub at: Option<Instant>,
    #[serde(default)]
    pub device_seq: Option<i64>,
}

/// A single scan with its text as received.
pub struct Single {
    pub scan: ScanIn,
    text: String,
}

/// One thing of a batch.
pub enum Entry {
    Scan(Target, Box<ScanIn>),
    Annul(AnnulItemIn),
    Malformed(Salvaged),
}

/// What could be read of something unreadable.
#[derive(Default, Deserialize)]
pub struct Salvaged {
    #[serde(default, deserialize_with = "maybe")]
    pub scan_id: Option<ScanId>,
    #[serde(default, deserialize_with = "maybe")]
    annul: Option<ScanId>,
    #[serde(default, deserialize_with = "maybe")]
    pub device_id: Option<DeviceId>,
    #[serde(default, deserialize_with = "maybe")]
    pub device_seq: Option<i64>,
}

/// One thing of a batch with its text as received.
pub struct ItemIn {
    pub entry: Entry,
    text: Box<RawValue>,
}

/// What a phone gathered, in the order it gathered it.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "device_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e06",
    "device_seq_high": 42,
    "sent_at": "2011-09-03T03:10:00.000Z",
    "items": [
        {
            "event_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e04",
            "scan_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e07",
            "pass": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJBVEtfV2h3QWVoQ0tQbHNmREMxT0JRIn0.c2lnbmF0dXJl",
            "scanned_at": "2011-09-03T01:50:00.000Z",
            "device_seq": 41,
            "mode": "offline",
            "local_verdict": "admitted",
        },
        {
            "annul": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e07",
            "reason": "扫错了人",
            "at": "2011-09-03T01:52:00.000Z",
            "device_seq": 42,
        },
    ],
}))]
pub struct BatchIn {
    pub device_id: DeviceId,
    /// The highest number the phone gave to a record so far.
    #[validate(range(min = 0))]
    pub device_seq_high: i64,
    pub sent_at: Instant,
    /// At most 500: scans, each with `event_id` or `booth_id`, and annulments.
    #[validate(length(max = 500))]
    #[schema(value_type = Vec<BatchItemIn>)]
    pub items: Vec<ItemIn>,
}

/// A scan with `event_id` or `booth_id`, or an annulment.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only described: items are read one by one")]
pub enum BatchItemIn {
    Scan(PlacedScanIn),
    Annul(AnnulItemIn),
}

/// A scan of a batch.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described: items are read one by one")]
pub struct PlacedScanIn {
    /// Where it was made; or `booth_id`.
    event_id: Option<EventId>,
    booth_id: Option<BoothId>,
    #[serde(flatten)]
    scan: ScanIn,
}

/// The envelope an item came in.
#[derive(Clone, Copy)]
pub struct Envelope<'a> {
    pub who: &'a Arc<Caller>,
    pub request: RequestId,
    pub device_id: Option<DeviceId>,
    pub sent_at: Option<Instant>,
    pub received_at: Instant,
    pub mode: Mode,
}

impl ScanIn {
    fn is_whole(&self) -> bool {
        self.pass.is_some() != self.participant_id.is_some()
    }

    /// `None` when the envelope lacks what the scan leaves out.
    pub fn parse(&self, target: Target, of: Envelope<'_>) -> Option<Item> {
        let subject = match (&self.pass, self.participant_id) {
            (Some(pass), None) => Subject::Pass(PassHash(passes::hash(pass))),
            (None, Some(id)) => Subject::Participant(id),
            _ => return None,
        };
        Some(Item::Scan(Scan {
            scan_id: self.scan_id,
            target,
            subject,
            scanned_at: self.scanned_at,
            sent_at: of.sent_at.or(self.sent_at)?,
            received_at: of.received_at,
            device_id: self.device_id.or(of.device_id)?,
            by: of.who.user,
            session_device: of.who.device,
            device_revoked: of.who.device_revoked,
            mode: self.mode.unwrap_or(of.mode),
            local_verdict: self.local_verdict,
            walk_in_confirmed: self.walk_in_confirmed.unwrap_or(false),
        }))
    }
}

impl AnnulItemIn {
    /// Whether its reason is kept as it is.
    fn is_whole(&self) -> bool {
        self.reason.as_deref().unwrap_or("").chars().count() <= REASON
    }

    pub fn parse(&self, of: Envelope<'_>) -> Item {
        Item::Annul(Annulment {
            scan_id: self.annul,
            by: of.who.user,
            session_device: of.who.device,
            device_revoked: of.who.device_revoked,
            at: self.at,
            received_at: of.received_at,
        })
    }
}

impl Single {
    pub fn slip(&self, of: Envelope<'_>) -> Slip {
        let scan = &self.scan;
        slip(&self.text, of, Some(scan.scan_id), (scan.device_id, scan.device_seq), "")
    }
}

impl ItemIn {
    pub fn slip(&self, of: Envelope<'_>) -> Slip {
        let (id, device, number, reason) = match &self.entry {
            Entry::Scan(_, scan) => (Some(scan.scan_id), scan.device_id, scan.device_seq, ""),
            Entry::Annul(annul) => {
                (Some(annul.annul), None, annul.device_seq, annul.reason.as_deref().unwrap_or(""))
            }
            Entry::Malformed(what) => (what.scan_id(), what.device_id, what.device_seq, ""),
        };
        slip(self.text.get(), of, id, (device.or(of.device_id), number), reason)
    }
}

impl ItemIn {
    /// The scan it is about, if that could be read.
    pub fn id(&self) -> Option<ScanId> {
        match &self.entry {
            Entry::Scan(_, scan) => Some(scan.scan_id),
            Entry::Annul(annul) => Some(annul.annul),
            Entry::Malformed(what) => what.scan_id(),
        }
    }
}

impl Salvaged {
    fn scan_id(&self) -> Option<ScanId> {
        self.scan_id.or(self.annul)
    }
}

fn slip(
    text: &str,
    of: Envelope<'_>,
    scan_id: Option<ScanId>,
    (queue, device_seq): (Option<DeviceId>, Option<i64>),
    reason: &str,
) -> Slip {
    let attempt = Attempt {
        session_device: of.who.device,
        user: of.who.user,
        scan_id,
        received_at: of.received_at,
        body: cut(text).to_owned(),
        body_sha256: sha256(text.as_bytes()),
    };
    Slip {
        who: Arc::clone(of.who),
        request: of.request,
        device_seq,
        queue,
        reason: reason.to_owned(),
        attempt,
    }
}

/// The beginning of a text, whole characters, at most so much as is kept.
fn cut(text: &str) -> &str {
    let end = (0..=text.len().min(KEPT)).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

/// Read member by member, so that a refusal names the one it is about; the text is kept.
impl FromRequest for Single {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Fault>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = body::read(req, payload);
        Box::pin(async move {
            let bytes = bytes.await?;
            let scan: ScanIn = json::parse(&bytes)?;
            let missing = |pointer: &str| json::shape(pointer, "缺少此项", "It is missing").into();
            if !scan.is_whole() {
                let (zh, en) = ("pass 与 participant_id 须二选一", "Either pass or participant_id");
                return Err(json::shape("/pass", zh, en).into());
            }
            if scan.sent_at.is_none() {
                return Err(missing("/sent_at"));
            }
            if scan.device_id.is_none() {
                return Err(missing("/device_id"));
            }
            let text = String::from_utf8(bytes.into()).map_err(Fault::bug)?;
            Ok(Self { scan, text })
        })
    }
}

impl Input for Single {
    fn describe(draft: &mut Draft) {
        draft.body::<ScanIn>("application/json");
    }
}

impl<'de> Deserialize<'de> for ItemIn {
    /// Never fails for JSON that can be read at all: a bad item must not stop the others.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(from)?;
        let entry = Entry::read(text.get()).unwrap_or_else(|| {
            Entry::Malformed(serde_json::from_str(text.get()).unwrap_or_default())
        });
        Ok(Self { entry, text })
    }
}

/// As received; what refuses too many of them asks for it.
impl Serialize for ItemIn {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(to)
    }
}

impl Entry {
    fn read(text: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Kind {
            #[serde(default)]
            annul: Option<Uuid>,
            #[serde(default)]
            event_id: Option<EventId>,
            #[serde(default)]
            booth_id: Option<BoothId>,
        }
        let kind: Kind = strict::read(text.as_bytes()).ok()?;
        if kind.annul.is_some() {
            let annul: AnnulItemIn = strict::read(text.as_bytes()).ok()?;
            return annul.is_whole().then_some(Self::Annul(annul));
        }
        let target = match (kind.event_id, kind.booth_id) {
            (Some(event), None) => Target::Event(event),
            (None, Some(booth)) => Target::Booth(booth),
            _ => return None,
        };
        let scan: ScanIn = strict::read(text.as_bytes()).ok()?;
        scan.is_whole().then(|| Self::Scan(target, Box::new(scan)))
    }
}

/// A member that may be of any kind; what is not the wanted one is nothing.
fn maybe<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(
    from: D,
) -> Result<Option<T>, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    Ok(serde_json::from_value(value).ok())
}

#[cfg(test)]
mod tests;

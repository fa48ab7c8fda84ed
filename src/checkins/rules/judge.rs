//! Judges a slice: item by item, each as if it came alone after the ones before it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    annul::may_annul,
    eligibility::{bearer, refusal},
    facts::{Answer, Attendee, Facts, Phase, Stored},
    item::{Annulment, Item, Resolve, Scan},
    ledger::Ledger,
    outcome::{AnnulOutcome, Judgement, Outcome, ResolveOutcome, ScanOutcome},
    resolve::may_resolve,
    time::Timing,
};
use crate::{
    checkins::model::{
        AnnulmentState, Decision, LocalVerdict, Reason, Standing, Subject, Target, Verdict,
    },
    platform::{
        ids::{EventId, ScanId},
        time::Instant,
    },
};

/// Answers each item, in order, and says what to write.
pub fn judge(facts: &Facts, items: &[Item]) -> Judgement {
    let mut bench = Bench {
        facts,
        ledger: Ledger::new(facts),
        scans: facts.scans.clone(),
        waiting: facts.waiting.clone(),
        new: BTreeMap::new(),
        accepted: BTreeMap::new(),
        touched: BTreeSet::new(),
        out: Judgement::default(),
    };
    for (index, item) in items.iter().enumerate() {
        let outcome = match item {
            Item::Scan(scan) => Outcome::Scan(bench.scan(index, scan)),
            Item::Annul(annulment) => Outcome::Annul(bench.annul(annulment)),
            Item::Resolve(resolve) => Outcome::Resolve(bench.resolve(index, resolve)),
        };
        bench.out.outcomes.push(outcome);
    }
    bench.close()
}

pub(super) struct Bench<'a> {
    pub(super) facts: &'a Facts,
    pub(super) ledger: Ledger<'a>,
    /// Stored scans and those of this slice. Whether one of the set is `admitted` or
    /// `duplicate` is asked of the ledger.
    pub(super) scans: BTreeMap<ScanId, Stored>,
    waiting: BTreeMap<ScanId, Vec<Annulment>>,
    /// Index of the item and lateness of each new scan.
    pub(super) new: BTreeMap<ScanId, (usize, bool)>,
    /// Index of the item that accepted each stored scan.
    pub(super) accepted: BTreeMap<ScanId, usize>,
    /// Scans about which something changed.
    pub(super) touched: BTreeSet<ScanId>,
    pub(super) out: Judgement,
}

impl Bench<'_> {
    fn scan(&mut self, index: usize, scan: &Scan) -> ScanOutcome {
        let id = scan.scan_id;
        let seen = !self.facts.unseen.contains(&index);
        match self.scans.get(&id) {
            // At a place that does not exist for who asks they are told of their own scans alone.
            Some(known) if !seen && (known.by != scan.by || known.identity != scan.identity()) => {
                return refused(id, Reason::UnknownEvent);
            }
            Some(known) if known.identity == scan.identity() => {
                let answer = answered(id, known, true);
                self.hear(id, scan.local_verdict);
                return answer;
            }
            Some(_) => {
                self.out.attempts.push(index);
                return refused(id, Reason::IdReused);
            }
            None => {}
        }
        let target = Some(scan.target).filter(|_| seen);
        let timing = Timing::new(scan.scanned_at, scan.sent_at, scan.received_at);
        let event = target.and_then(|target| self.event_of(target, timing.effective_at));
        let Some(event) = event else {
            return refused(id, Reason::UnknownEvent);
        };
        let stored = self.receive(scan, event, timing);
        let outcome = answered(id, &stored, false);
        self.new.insert(id, (index, self.is_late(event, scan.received_at)));
        self.enlist(id, stored);
        outcome
    }

    /// Decides what is fixed at first receipt.
    fn receive(&mut self, scan: &Scan, event: Option<EventId>, timing: Timing) -> Stored {
        let bearer = bearer(self.facts, scan.subject);
        let reason = refusal(self.facts, scan, timing, bearer);
        let mut stored = Stored {
            identity: scan.identity(),
            by: scan.by,
            session_device: scan.session_device,
            received_at: scan.received_at,
            skew: timing.skew,
            effective_at: timing.effective_at,
            answer: Answer { verdict: Verdict::Denied, reason, first: None },
            attendee: bearer.ok().map(|b| Attendee { id: b.person.id, role: b.person.role }),
            event,
            standing: match reason {
                None => Standing::Admitted,
                Some(Reason::DeviceRevoked) => Standing::Quarantined,
                Some(_) => Standing::Denied,
            },
            resolution: None,
            local_verdict: scan.local_verdict,
        };
        stored.answer = self.first_answer(scan.scan_id, &stored);
        stored
    }

    fn first_answer(&mut self, id: ScanId, stored: &Stored) -> Answer {
        let holder = stored.place().and_then(|place| self.ledger.head(place));
        let own = stored.member(id);
        let (verdict, reason, first) = match (stored.answer.reason, holder) {
            (Some(reason), holder) => (Verdict::Denied, Some(reason), holder),
            (None, Some(other)) if other.rank() < own.rank() => {
                (Verdict::Duplicate, Some(Reason::AlreadyCheckedIn), holder)
            }
            (None, _) => (Verdict::Admitted, None, Some(own)),
        };
        Answer { verdict, reason, first: first.map(|member| member.first) }
    }

    /// Puts a new scan where it belongs, unless an annulment has been waiting for it.
    fn enlist(&mut self, id: ScanId, mut stored: Stored) {
        let mut annulled = false;
        for annulment in self.waiting.remove(&id).unwrap_or_default() {
            let may = may_annul(self.facts, &annulment, &stored);
            annulled |= may;
            self.note(&annulment, if may { AnnulmentState::Done } else { AnnulmentState::Refused });
        }
        if annulled {
            stored.standing = Standing::Annulled;
        }
        self.put(id, stored);
    }

    /// One id serves the online try and the offline fallback: the phone's own verdict may come
    /// with the repetition.
    fn hear(&mut self, id: ScanId, local: Option<LocalVerdict>) {
        let known = self.scans.get_mut(&id).filter(|known| known.local_verdict.is_none());
        let (Some(known), Some(local)) = (known, local) else { return };
        known.local_verdict = Some(local);
        let rank = (known.effective_at, id);
        if let Some(place) = known.place() {
            self.ledger.hear(place, rank, local);
        }
        if !self.new.contains_key(&id) {
            self.out.heard.insert(id, local);
        }
        self.touched.insert(id);
    }

    fn annul(&mut self, annulment: &Annulment) -> AnnulOutcome {
        let id = annulment.scan_id;
        let Some(known) = self.scans.get(&id) else {
            let waiting = self.waiting.entry(id).or_default();
            if !waiting.iter().any(|other| other.key() == annulment.key()) {
                waiting.push(annulment.clone());
                self.note(annulment, AnnulmentState::Waiting);
            }
            return AnnulOutcome::Waiting;
        };
        if known.standing == Standing::Annulled {
            return AnnulOutcome::Already;
        }
        if !may_annul(self.facts, annulment, known) {
            self.note(annulment, AnnulmentState::Refused);
            return AnnulOutcome::Refused;
        }
        let mut known = known.clone();
        if let (true, Some(place), Some(who)) =
            (known.standing.in_set(), known.place(), known.attendee)
        {
            self.ledger.leave(place, known.member(id), who);
        }
        known.standing = Standing::Annulled;
        self.put(id, known);
        self.note(annulment, AnnulmentState::Done);
        AnnulOutcome::Annulled
    }

    fn resolve(&mut self, index: usize, resolve: &Resolve) -> ResolveOutcome {
        let id = resolve.scan_id;
        let Some(mut known) = self.scans.get(&id).cloned() else {
            return ResolveOutcome::UnknownScan;
        };
        known.standing = self.standing(id, &known);
        if let Err(answer) = may_resolve(&known, resolve.decision) {
            return answer;
        }
        known.resolution = Some(resolve.decision);
        known.standing = match resolve.decision {
            Decision::Accept => Standing::Admitted,
            Decision::Reject => Standing::Denied,
        };
        if !self.new.contains_key(&id) {
            self.out.resolutions.insert(id, resolve.decision);
            if resolve.decision == Decision::Accept {
                self.accepted.insert(id, index);
            }
        }
        self.put(id, known.clone());
        ResolveOutcome::Resolved(self.standing(id, &known))
    }

    /// Keeps a scan that is new or changed; in the set it joins its line.
    fn put(&mut self, id: ScanId, scan: Stored) {
        if let (true, Some(place), Some(who)) =
            (scan.standing.in_set(), scan.place(), scan.attendee)
        {
            self.ledger.join(place, scan.member(id), who);
        }
        self.scans.insert(id, scan);
        self.touched.insert(id);
    }

    fn note(&mut self, annulment: &Annulment, state: AnnulmentState) {
        self.out.annulments.insert(annulment.key(), (annulment.clone(), state));
    }

    /// What the scan is worth now.
    pub(super) fn standing(&mut self, id: ScanId, scan: &Stored) -> Standing {
        let place = scan.place().filter(|_| scan.standing.in_set());
        match place.and_then(|place| self.ledger.head(place)) {
            Some(head) if head.first.scan_id == id => Standing::Admitted,
            Some(_) => Standing::Duplicate,
            None => scan.standing,
        }
    }

    /// The event a scan of the target at that time counts for; `None`: there is no such target.
    fn event_of(&self, target: Target, at: Instant) -> Option<Option<EventId>> {
        match target {
            Target::Event(id) => self.facts.events.contains_key(&id).then_some(Some(id)),
            Target::Booth(id) => self.facts.booth(id, at).map(|booth| booth.event),
        }
    }

    fn is_late(&self, event: Option<EventId>, received_at: Instant) -> bool {
        let event = event.and_then(|id| self.facts.events.get(&id));
        let terms = event.and_then(|event| event.terms.at(received_at));
        terms.is_some_and(|terms| terms.phase == Phase::Closed)
    }
}

/// The first answer of a scan that is stored for good.
pub fn answered(scan_id: ScanId, scan: &Stored, replayed: bool) -> ScanOutcome {
    let Answer { verdict, reason, first } = scan.answer.clone();
    let dated = reason != Some(Reason::TimeSuspect);
    ScanOutcome {
        scan_id,
        verdict,
        reason,
        first,
        effective_at: dated.then_some(scan.effective_at),
        participant: scan.attendee.map(|attendee| attendee.id),
        shown: matches!(scan.identity.subject, Subject::Pass(_)),
        event: scan.event,
        terminal: true,
        replayed,
    }
}

/// The answer to an attempt that makes no scan.
fn refused(scan_id: ScanId, reason: Reason) -> ScanOutcome {
    ScanOutcome {
        scan_id,
        verdict: Verdict::Denied,
        reason: Some(reason),
        first: None,
        effective_at: None,
        participant: None,
        shown: false,
        event: None,
        terminal: reason.terminal(),
        replayed: false,
    }
}

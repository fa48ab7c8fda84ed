//! A property: whatever happens to goods, in whatever order, balances are the sums of the
//! ledger, no place holds less than nothing, and every piece stands in one place.

use std::collections::BTreeMap;

use campus_ops::{
    accounts::{Role, Scope, allowed::Caller},
    flows::move_stock::move_stock,
    materials::{
        model::{MovementKind, MovementState, Told},
        order::{Amount, Goods, MovementIn, Order, What},
        place::{Located, Place},
        rules::Who,
        store::{
            self, Wanted,
            figures::{self, Figures},
        },
    },
    platform::{
        db::{Db, Meta},
        fault::Fault,
        ids::{BoothId, DeviceId, EventId, MovementId, SessionId, UserId},
        time::Instant,
    },
};
use proptest::prelude::*;

use crate::support::{TestApp, world::GUANGZHOU};

const SKUS: [&str; 2] = ["banner", "sim-kit"];

/// One thing somebody tries.
#[derive(Clone, Debug)]
enum Try {
    Move { kind: usize, from: usize, to: usize, sku: usize, many: i64, pieces: Vec<u8> },
    Settle { which: usize, accept: bool },
    Reverse { which: usize },
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let pieces = proptest::collection::btree_set(0u8..8, 1..4);
    let moved = (0..11usize, 0..10usize, 0..10usize, 0..2usize, 1..6i64, pieces).prop_map(
        |(kind, from, to, sku, many, pieces)| Try::Move {
            kind,
            from,
            to,
            sku,
            many,
            pieces: pieces.into_iter().collect(),
        },
    );
    let settled =
        (any::<usize>(), any::<bool>()).prop_map(|(which, accept)| Try::Settle { which, accept });
    let reversed = any::<usize>().prop_map(|which| Try::Reverse { which });
    proptest::collection::vec(prop_oneof![6 => moved, 2 => settled, 1 => reversed], 300)
}

/// What we believe is where.
#[derive(Default)]
struct Model {
    balances: BTreeMap<(Place, String), i64>,
    /// What was lost at a place and not found again.
    lost: BTreeMap<(Place, String), i64>,
    pieces: BTreeMap<String, Place>,
    movements: Vec<MovementId>,
}

impl Model {
    fn shift(&mut self, told: &Told, from: Place, to: Place) {
        let (sku, many) = (&told.movement.sku, told.movement.quantity);
        for (place, delta) in [(from, -many), (to, many)] {
            if place.is_real() {
                let held = self.balances.entry((place, sku.clone())).or_default();
                *held += delta;
                assert!(*held >= 0, "{held} of {sku} at {place}");
            }
        }
        for (at, delta) in [(from, many), (to, -many)] {
            let other = if at == from { to } else { from };
            if other == Place::Lost {
                let lost = self.lost.entry((at, sku.clone())).or_default();
                *lost += delta;
                assert!(*lost >= 0, "{lost} of {sku} lost at {at}");
            }
        }
        for piece in &told.serials {
            let before = self.pieces.insert(piece.clone(), to);
            let outside = matches!(from, Place::Supplier | Place::Adjustment);
            assert!(before == Some(from) || (before.is_none() && outside), "{piece}: {before:?}");
        }
    }

    /// Whether the source holds what a movement wants to take.
    fn holds(&self, (from, to): (Place, Place), sku: &str, many: i64, pieces: &[String]) -> bool {
        let lost = self.lost.get(&(to, sku.to_owned())).copied().unwrap_or(0);
        if from == Place::Lost && lost < many {
            return false;
        }
        let held = self.balances.get(&(from, sku.to_owned())).copied().unwrap_or(0);
        let outside = matches!(from, Place::Supplier | Place::Adjustment);
        let there = |piece: &String| match self.pieces.get(piece) {
            Some(place) => *place == from,
            None => outside,
        };
        (!from.is_real() || held >= many) && pieces.iter().all(there)
    }
}

struct House {
    app: TestApp,
    rt: actix_web::rt::SystemRunner,
    sender: Caller,
    receivers: Vec<Caller>,
    places: Vec<Place>,
}

fn caller(user: UserId, role: Role, scope: Scope) -> Caller {
    Caller {
        user,
        role,
        scope,
        session: SessionId::new(),
        device: DeviceId::new(),
        device_revoked: false,
        must_change_password: false,
    }
}

impl House {
    fn new() -> Self {
        let app = TestApp::start();
        let city = GUANGZHOU.parse().unwrap();
        let lin = app.ambassador(app.world.sysu).user;
        let chen = app.coordinator(GUANGZHOU).user;
        let (boss, other) = (app.province().user, app.province().user);
        let places = vec![
            Place::Province,
            Place::City(city),
            Place::Campus(app.world.sysu),
            Place::Campus(app.world.jinan),
            Place::User(lin),
            Place::Supplier,
            Place::Used,
            Place::Lost,
            Place::Damaged,
            Place::Adjustment,
        ];
        let sysu = app.world.sysu;
        let receivers = vec![
            caller(other, Role::Province, Scope::All),
            caller(chen, Role::Coordinator, Scope::City(city)),
            caller(lin, Role::Ambassador, Scope::Campuses(vec![sysu].into())),
        ];
        let sender = caller(boss, Role::Province, Scope::All);
        Self { app, rt: actix_web::rt::System::new(), sender, receivers, places }
    }

    fn db(&self) -> &Db {
        &self.app.shared.db
    }

    fn meta(&self, user: UserId) -> Meta {
        let now = self.app.clocks.business.now();
        Meta { now, real_now: Instant(0), user: Some(user), request: None }
    }

    fn post(&self, input: MovementIn) -> Result<Told, Fault> {
        let (who, meta) = (self.sender.clone(), self.meta(self.sender.user));
        let order = Order::read(input, who.user, meta.now)?;
        let work = self.db().write(meta, move |tx| Ok(move_stock(tx, &who, &order)?.told));
        self.rt.block_on(work)
    }

    fn settle(&self, id: MovementId, accept: bool) -> Option<Told> {
        self.receivers.iter().find_map(|who| {
            let (meta, who) = (self.meta(who.user), who.clone());
            let work =
                self.db().write(meta, move |tx| store::settle(tx, Who::of(&who), id, accept));
            self.rt.block_on(work).ok()
        })
    }

    fn try_it(&self, model: &mut Model, attempt: &Try) {
        let at = self.app.clocks.business.now();
        let blank = |kind| MovementIn {
            movement_id: MovementId::new(),
            sku: None,
            quantity: None,
            serials: None,
            from: None,
            to: None,
            kind,
            occurred_at: at,
            reason: None,
            reverses: None,
        };
        match attempt {
            Try::Move { kind, from, to, sku, many, pieces } => {
                let (kind, sku) = (MovementKind::ALL[*kind], SKUS[*sku]);
                let (from, to) = (self.places[*from], self.places[*to]);
                let pieces: Vec<String> = pieces.iter().map(|n| format!("K{n}")).collect();
                let serialised = sku == SKUS[1];
                let named = if serialised { pieces } else { Vec::new() };
                let many = if serialised { i64::try_from(named.len()).unwrap() } else { *many };
                let input = MovementIn {
                    sku: Some(sku.to_owned()),
                    quantity: (!serialised).then_some(many),
                    serials: serialised.then_some(named.clone()),
                    from: Some(from),
                    to: Some(to),
                    ..blank(kind)
                };
                let held = model.holds((from, to), sku, many, &named);
                match self.post(input) {
                    Ok(told) => {
                        assert!(held, "moved what was not there: {attempt:?}");
                        self.note(model, &told);
                    }
                    Err(Fault::Refused(problem)) if problem.code.name.starts_with("stock.") => {
                        assert!(!held, "refused what was there: {attempt:?}");
                    }
                    Err(Fault::Refused(problem)) => assert_eq!(problem.code.status, 422),
                    Err(fault) => panic!("{attempt:?}: {fault}"),
                }
            }
            Try::Settle { which, accept } if !model.movements.is_empty() => {
                let id = model.movements[which % model.movements.len()];
                if let Some(told) = self.settle(id, *accept) {
                    let movement = &told.movement;
                    let end = if *accept { movement.to_place } else { movement.from_place };
                    model.shift(&told, Place::Transit, end);
                }
            }
            Try::Reverse { which } if !model.movements.is_empty() => {
                let id = model.movements[which % model.movements.len()];
                let input = MovementIn { reverses: Some(id), ..blank(MovementKind::Reverse) };
                match self.post(input) {
                    Ok(told) => self.note(model, &told),
                    Err(Fault::Refused(problem)) => assert_eq!(problem.code.status, 409),
                    Err(fault) => panic!("{attempt:?}: {fault}"),
                }
            }
            _ => {}
        }
    }

    fn note(&self, model: &mut Model, told: &Told) {
        let movement = &told.movement;
        let sent = told.state() == MovementState::Sent;
        let to = if sent { Place::Transit } else { movement.to_place };
        model.shift(told, movement.from_place, to);
        model.movements.push(movement.id);
    }

    fn check(&self, model: &Model) {
        let read = self.db().read(|conn| {
            let off = store::check::differences(conn, 100)?;
            let scope = Scope::All;
            let viewer = store::movements::Viewer { user: UserId::new(), scope: &scope };
            Ok((off, store::stock::list(conn, viewer, (None, None), None, 1000)?))
        });
        let (off, stock) = self.rt.block_on(read).unwrap();
        assert_eq!(off, Vec::<String>::new());
        let shown: BTreeMap<_, _> =
            stock.into_iter().map(|row| ((row.place, row.sku), row.quantity)).collect();
        let believed: BTreeMap<_, _> = model
            .balances
            .iter()
            .filter(|(_, many)| **many > 0)
            .map(|(k, v)| (k.clone(), *v))
            .collect();
        assert_eq!(shown, believed);
    }
}

/// Goods that go to an event: its campus answers for them, and what is left can be waived.
#[test]
fn an_event_gives_back_uses_or_loses_what_it_was_issued() {
    let house = House::new();
    let (campus, city) = (house.app.world.sysu, GUANGZHOU.parse().unwrap());
    let (event, booth) = (EventId::new(), BoothId::new());
    let at = |place| Located { place, campus: Some(campus), city: Some(city) };
    let store_room = at(Place::Campus(campus));
    let (hall, desk) = (at(Place::Event(event)), at(Place::Booth(booth)));
    let pieces = Amount::Serials(["K1", "K2", "K3"].map(str::to_owned).to_vec());
    let one = Amount::Serials(vec!["K2".to_owned()]);
    let steps = vec![
        (
            MovementKind::Count,
            "banner",
            Amount::Quantity(20),
            Place::Adjustment.nowhere(),
            store_room,
        ),
        (MovementKind::Count, "sim-kit", pieces.clone(), Place::Adjustment.nowhere(), store_room),
        (MovementKind::Issue, "banner", Amount::Quantity(12), store_room, hall),
        (MovementKind::Issue, "banner", Amount::Quantity(3), store_room, desk),
        (MovementKind::Issue, "sim-kit", pieces, store_room, hall),
        (MovementKind::Use, "sim-kit", one, hall, Place::Used.nowhere()),
        (MovementKind::Damage, "banner", Amount::Quantity(2), desk, Place::Damaged.nowhere()),
        (MovementKind::Return, "banner", Amount::Quantity(9), hall, store_room),
    ];
    let now = house.app.clocks.business.now();
    let meta = house.meta(house.sender.user);
    let work = house.db().write(meta, move |tx| {
        for (kind, sku, amount, from, to) in steps.clone() {
            let id = MovementId::new();
            let sku = sku.to_owned();
            let goods = Goods {
                kind,
                sku: sku.clone(),
                amount: amount.clone(),
                from: from.place,
                to: to.place,
            };
            let order = Order {
                id,
                occurred_at: now,
                reason: None,
                content_sha256: [0; 32],
                what: What::Goods(goods),
            };
            let wanted = Wanted { kind, counts_as: kind, sku, amount, from, to, reverses: None };
            store::post(tx, &order, &wanted)?;
        }
        let held = store::balance_of_event(tx, event, &[booth])?;
        let skus = ["banner".to_owned(), "sim-kit".to_owned()];
        let at = [Place::Event(event), Place::Booth(booth)];
        let issued = figures::issued(tx, &at, &skus)?;
        let there = store::stock::at_places(tx, &[Place::Campus(campus)], &skus[..1])?;
        let waived = store::lose_rest(tx, event, &[booth], "rained off")?;
        let left = store::balance_of_event(tx, event, &[booth])?;
        let day = tx.meta.now.day();
        let part = figures::Part {
            scope: Scope::All,
            campus: None,
            city: Some(city),
            from: day.plus(-1),
            to: day.plus(1),
        };
        let lines = figures::by_line(tx, &part)?;
        Ok((held, there, issued, waived, left, lines))
    });
    let (held, there, issued, waived, left, lines) = house.rt.block_on(work).unwrap();
    let many: Vec<_> = held.iter().map(|row| (row.sku.as_str(), row.quantity)).collect();
    assert_eq!(many, [("banner", 1), ("banner", 3), ("sim-kit", 2)]);
    assert_eq!(there, [(Place::Campus(campus), "banner".to_owned(), 14)]);
    let issued = |sku: &str| -> i64 {
        issued.iter().filter(|(_, other, _)| other == sku).map(|(.., many)| many).sum()
    };
    assert_eq!((issued("banner"), issued("sim-kit")), (15, 3));
    assert_eq!((waived, left.len()), (3, 0));
    let all = Figures { issued: 18, used: 1, given: 0, returned: 9, lost: 6, damaged: 2 };
    let sum = |wanted: &dyn Fn(Place) -> bool| {
        let mut sum = Figures::default();
        for (_, line) in lines.iter().filter(|((place, ..), _)| wanted(*place)) {
            sum.issued += line.issued;
            sum.used += line.used;
            sum.given += line.given;
            sum.returned += line.returned;
            sum.lost += line.lost;
            sum.damaged += line.damaged;
        }
        sum
    };
    assert_eq!(sum(&|_| true), all);
    let at_booth = Figures { issued: 3, damaged: 2, lost: 1, ..Figures::default() };
    assert_eq!(sum(&|place| place == Place::Booth(booth)), at_booth);
    let off = house.db().read(|conn| Ok(store::check::differences(conn, 100)?));
    assert_eq!(house.rt.block_on(off).unwrap(), Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn balances_are_the_sums_of_the_ledger(tries in tries()) {
        let house = House::new();
        let mut model = Model::default();
        for attempt in &tries {
            house.try_it(&mut model, attempt);
        }
        house.check(&model);
    }
}

//! Who keeps which rights when they move, and where entries of the audit log belong.

use campus_ops::platform::ids::{CampusId, MovementId};
use serde_json::{Value, json};

use crate::{
    checkins::{Door, live},
    participants::{on_record, someone},
    support::{
        Actor, TestApp, planned,
        world::{GUANGZHOU, SHANTOU},
    },
};

fn moves_to(app: &TestApp, who: &Actor, campus: CampusId) {
    let path = format!("/users/{}", who.user);
    app.province().patch(&path, 1, json!({ "campus_ids": [campus] })).ok();
}

#[test]
fn who_left_sees_nobody_once_the_event_has_closed() {
    let door = Door::at(10);
    let (_, pass) = door.guest(1);
    let (_, later) = door.guest(2);
    door.post(&live(&pass, 10));
    moves_to(&door.app, &door.lin, door.app.world.shantou);
    let base = format!("/events/{}", door.event);
    let lists = ["/registrations", "/check-ins", "/attendance", "/conflicts"];
    let list = door.lin.get(&format!("{base}/registrations")).ok();
    assert_eq!(list["items"][0]["participant"]["masked"], false);
    for of in lists {
        door.lin.get(&(base.clone() + of)).ok();
    }
    planned::close(&door.app, door.event);
    door.lin.get(&base).refused(404, "request.not_found");
    for of in lists {
        door.lin.get(&(base.clone() + of)).refused(404, "request.not_found");
    }
    let guest = on_record(&door.lin, door.app.world.shantou, 3);
    let register = json!({ "participant_id": guest });
    door.lin.post(&format!("{base}/registrations"), register).refused(404, "request.not_found");
    // What was scanned at the door still comes in.
    let told = door.post(&live(&later, 10));
    assert_eq!(told["verdict"], "admitted");
}

//! Where somebody has rights by working on an event, wherever they moved.

use crate::{
    accounts::{Scope, allowed::Caller},
    booths,
    events::store::people,
    materials::place::Place,
    platform::{db::Conn, fault::Fault},
};

/// Those of these places that are events on which the caller has the rights of lead or team,
/// or booths of such events.
pub(super) fn worked_at(
    conn: &mut Conn,
    caller: &Caller,
    sides: [Place; 2],
) -> Result<Vec<Place>, Fault> {
    let mut worked = Vec::new();
    for place in sides {
        let event = match place {
            Place::Event(id) => Some(id),
            Place::Booth(id) => {
                let booth = booths::store::find(conn, &Scope::All, id)?;
                booth.and_then(|booth| booth.plan.event_id)
            }
            _ => None,
        };
        if let Some(id) = event
            && people::works_on(conn, id, caller.user)?
        {
            worked.push(place);
        }
    }
    Ok(worked)
}

//! A server whose store has no connection left.

use std::{
    sync::{Arc, Barrier},
    thread,
};

use actix_web::rt::System;

use crate::support::TestApp;

#[test]
fn health_asks_nothing_of_the_store_and_readiness_no_more_than_anybody() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let connections = if app.database.is_postgres() { 16 } else { 4 };
    let held = Arc::new(Barrier::new(connections + 1));
    let done = Arc::new(Barrier::new(connections + 1));
    let holders: Vec<_> = (0..connections)
        .map(|_| {
            let (db, held, done) = (app.shared.db.clone(), Arc::clone(&held), Arc::clone(&done));
            let hold = move |_: &mut _| {
                held.wait();
                done.wait();
                Ok(())
            };
            thread::spawn(move || System::new().block_on(db.read(hold)))
        })
        .collect();
    held.wait();
    // With a token that nobody has looked up yet.
    lin.get("//healthz").ok();
    app.stranger().get("//readyz").refused(503, "service.busy");
    done.wait();
    for holder in holders {
        holder.join().unwrap().unwrap();
    }
    app.stranger().get("//readyz").ok();
    lin.get("/me").ok();
}

//! A day in the season: what the staff of one campus does from the first plan of a gala to
//! the figures about it, against the program as an operator starts it.
//!
//! It starts the real binary on a fresh folder (and on a fresh database of the server that
//! `TEST_POSTGRES_URL` names, if it is set), and from then on knows it by HTTP alone. It keeps
//! a plain count of its own of what it did ([`tally`]) and compares it with whatever the
//! server says: it ends at the first figure that differs. Every id and every order comes from
//! one seed and time is the training clock's, so that a run is like any other.
//!
//! `scripts/season-day` runs it on both databases. The one argument is the binary.

#[path = "../api/support/actor.rs"]
#[expect(dead_code, reason = "the API tests use more of it")]
mod actor;
#[path = "../api/support/answer.rs"]
#[expect(dead_code, reason = "the API tests use more of it")]
mod answer;
#[path = "../api/support/postgres.rs"]
mod postgres;

mod campus;
mod close;
mod figures;
mod gate;
mod goods;
mod house;
mod offline;
mod people;
mod plan;
mod records;
mod stage;
mod tally;

use std::{env, panic, path::PathBuf};

use house::House;
use stage::Stage;
use tally::Tally;

/// Monday, 09:00 at +08:00: two weeks before the gala.
const START: &str = "2011-08-22T01:00:00Z";

fn main() {
    panic::set_hook(Box::new(|info| eprintln!("\nseason-day: {info}")));
    let program = env::args_os().nth(1).map(PathBuf::from);
    let house = House::build(program.expect("the argument is the binary campus-ops"));
    house.hire(&stage::STAFF);
    let server = house.serve(START);
    let stage = Stage::open(server.address);
    let mut tally = Tally::default();
    println!("A day in the season, on {}.\n", house.database());

    let halls = plan::halls(&stage);
    let mut gala = plan::gala_and_rival(&stage, &mut tally, &halls);
    goods::down_to_the_campus(&stage, &mut tally);
    let tent = campus::booth(&stage, &gala);
    let wlan = campus::wlan(&stage);
    let guests = people::on_record(&stage);
    people::registrations(&stage, &mut tally, &gala, &guests);
    let mut training = plan::too_late(&stage, &mut tally, &halls);
    people::bigger_hall(&stage, &mut tally, &mut gala, &halls, &guests);
    plan::called_off(&stage, &mut tally, &mut training);

    campus::first_day(&stage, &mut tally, &gala, &tent, &guests);
    goods::to_the_event(&stage, &mut tally, &gala);
    campus::second_day(&stage, &mut tally, &gala, &tent, &guests);
    let phones = gate::phones(&stage);
    gate::doors_open(&stage, &mut tally, &mut gala, &guests, &phones);
    let mut records = offline::while_the_network_is_away(&stage, &gala, &guests, &phones);
    gate::late_comers(&stage, &mut tally, &gala, &guests, &phones);
    offline::network_is_back(&stage, &mut tally, &gala, &phones, &mut records);
    close::balanced(&stage, &mut tally, &mut gala, &tent, &guests);
    offline::next_morning(&stage, &mut tally, &gala, &phones, &mut records);
    campus::last_day(&stage, &mut tally, &tent);

    figures::attendance(&stage, &tally, &gala);
    figures::scans(&stage, &tally, &gala, &guests);
    figures::goods(&stage, &tally);
    figures::histories(&stage, &tally, &gala, &wlan);
    figures::reports(&stage, &tally);

    server.stop();
    println!("\ncampus-ops verify: {}", house.run(&["verify"], None).trim());
    println!("{} figures were compared with our own count; all agree.", stage.compared());
}

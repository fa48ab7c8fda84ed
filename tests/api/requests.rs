//! What no request may carry, whatever it asks for.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use campus_ops::platform::ids::{DeviceId, ScanId};
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, actor::PASSWORD, world::GUANGZHOU};

const NUL: &str = "a\0b";

fn pointer(answer: &Answer, code: &str) -> Value {
    answer.refused(400, code)["errors"][0]["pointer"].clone()
}

#[test]
fn nul_is_refused_wherever_text_can_stand() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let device = json!({ "id": DeviceId::new(), "name": NUL });
    let body = json!({ "phone": lin.phone, "password": PASSWORD, "device": device });
    assert_eq!(pointer(&lin.post("/auth/login", body), "request.body"), "/device/name");
    let hall = json!({ "name": NUL, "capacity": 10 });
    let venues = format!("/campuses/{}/venues", app.world.sysu);
    assert_eq!(pointer(&lin.post(&venues, hall), "request.body"), "/name");

    lin.get("/activities/%00?season=2011-autumn").refused(400, "request.path");
    for list in ["/activities?season=", "/events?activity=", "/stock?sku=", "/campuses?q="] {
        let name = list.split(['?', '=']).nth(1).unwrap();
        let answer = lin.get(&format!("{list}%00"));
        assert_eq!(pointer(&answer, "request.query"), format!("?{name}"));
    }
    let cursor = URL_SAFE_NO_PAD.encode(json!({ "k": NUL, "f": { "q": NUL } }).to_string());
    lin.get(&format!("/campuses?cursor={cursor}")).refused(400, "request.cursor");

    let chen = app.coordinator(GUANGZHOU);
    let import = chen.call("POST", "/imports/campuses").header("content-type", "text/csv");
    let list = "moe_code,name_zh,city_code\n4144099001,测\0试,440100\n";
    import.send_raw(list.as_bytes()).refused(400, "import.encoding");
}

#[test]
fn nul_in_one_item_of_a_batch_stops_no_other() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let annul = |reason: &str| json!({ "annul": ScanId::new(), "reason": reason });
    let body = json!({
        "device_id": DeviceId::new(), "device_seq_high": 0, "sent_at": "2011-08-20T04:00:00.000Z",
        "items": [annul(NUL), annul("twice")],
    });
    let results = lin.post("/check-ins/batch", body).ok()["results"].clone();
    assert_eq!(
        (&results[0]["reason"], &results[0]["terminal"]),
        (&json!("malformed"), &json!(true))
    );
    assert_ne!(results[1]["reason"], "malformed");
}

#[test]
fn an_array_is_not_taken_for_an_object() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let as_array = json!([lin.phone, PASSWORD, null]);
    assert_eq!(pointer(&app.stranger().post("/auth/login", as_array), "request.body"), "");
    let device = json!([DeviceId::new(), "phone"]);
    let body = json!({ "phone": lin.phone, "password": PASSWORD, "device": device });
    assert_eq!(pointer(&lin.post("/auth/login", body), "request.body"), "/device");
    let venues = format!("/campuses/{}/venues", app.world.sysu);
    lin.post(&venues, json!(["礼堂", 10])).refused(400, "request.body");
}

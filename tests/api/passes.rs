//! Passes: the same code until it is revoked, verified by anyone with the public keys.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use campus_ops::{
    participants::passes::{Recognised, hash, recognise},
    platform::ids::PassId,
};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use serde_json::Value;

use crate::{
    participants::on_record,
    support::{TestApp, world::GUANGZHOU},
};

/// A reader of its own: P-256 over the published point, nothing of the server's code.
fn verified(jwks: &Value, token: &str) -> (Value, Value) {
    let parts: Vec<&str> = token.split('.').collect();
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let header: Value = serde_json::from_slice(&bytes(parts[0])).unwrap();
    let keys = jwks["keys"].as_array().unwrap();
    let key = keys.iter().find(|key| key["kid"] == header["kid"]).expect("a published key");
    let coordinate = |name: &str| bytes(key[name].as_str().unwrap());
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let key = VerifyingKey::from_sec1_bytes(&point).unwrap();
    let signature = Signature::from_slice(&bytes(parts[2])).unwrap();
    key.verify(format!("{}.{}", parts[0], parts[1]).as_bytes(), &signature).unwrap();
    (header, serde_json::from_slice(&bytes(parts[1])).unwrap())
}

#[test]
fn a_pass_is_verified_by_the_published_keys() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let id = on_record(&lin, app.world.sysu, 1);
    let shown = lin.get(&format!("/participants/{id}/pass")).ok();
    assert_eq!(shown["expires_at"], "2011-12-31T18:00:00.000Z");
    let token = shown["pass"].as_str().unwrap();
    assert!(token.len() <= 213);
    let jwks = app.stranger().get("//.well-known/jwks.json").ok();
    let (header, claims) = verified(&jwks, token);
    assert_eq!((&header["typ"], &header["alg"]), (&"pass+jwt".into(), &"ES256".into()));
    assert_eq!(claims["exp"], 1_325_354_400);
    assert_eq!(claims["sub"].as_str().unwrap().len(), 22);
    assert_eq!(claims.as_object().unwrap().len(), 2);
    assert_eq!(jwks["keys"].as_array().unwrap().len(), 1, "no keys of access tokens");
}

#[test]
fn the_same_code_is_shown_until_it_is_revoked() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let at = format!("/participants/{}/pass", on_record(&lin, app.world.sysu, 1));
    let first = lin.get(&at).ok();
    app.at("2011-11-11T00:00:00.000Z");
    assert_eq!(app.coordinator(GUANGZHOU).get(&at).ok(), first);
    let revoke = || lin.call("POST", &format!("{at}/revoke")).key("r1").send(None);
    assert_eq!(revoke().ok()["revoked"].as_array().unwrap().len(), 1);
    let second = lin.get(&at).ok();
    assert_ne!(second["pass"], first["pass"]);
    assert!(revoke().is_replay());
    assert_eq!(lin.get(&at).ok(), second, "a repeated revocation happens once");
    app.auditor().get(&at).refused(403, "auth.forbidden");
    app.ambassador(app.world.shantou).get(&at).refused(404, "request.not_found");
}

#[test]
fn outside_a_season_no_pass_is_issued() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let at = format!("/participants/{}/pass", on_record(&lin, app.world.sysu, 1));
    let first = lin.get(&at).ok();
    app.at("2011-12-31T17:59:59.000Z");
    assert_eq!(lin.get(&at).ok(), first);
    app.at("2011-12-31T18:00:00.000Z");
    lin.get(&at).refused(409, "pass.no_season");
}

#[test]
fn the_code_comes_as_a_picture() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let at = format!("/participants/{}/pass", on_record(&lin, app.world.sysu, 1));
    let picture = lin.call("GET", &at).header("accept", "image/svg+xml").send(None);
    assert_eq!(picture.status, 200, "{}", picture.text);
    assert_eq!(picture.header("content-type"), Some("image/svg+xml"));
    assert_eq!(picture.header("cache-control"), Some("no-store"));
    assert!(picture.text.contains("<svg "));
    assert_eq!(
        lin.call("GET", &at).header("accept", "*/*").send(None).json()["pass"],
        lin.get(&at).ok()["pass"]
    );
}

#[test]
fn a_token_is_recognised_by_its_hash_alone() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let id = on_record(&lin, app.world.sysu, 1);
    let at = format!("/participants/{id}/pass");
    let issued = lin.get(&at).ok()["pass"].as_str().unwrap().to_owned();
    // Signed by us and never issued: of a database that was rolled back, or forgotten.
    let stray = app.shared.passes.sign(PassId::new(), app.clocks.business.now()).unwrap();
    let forged = format!("{stray}A");
    let tokens = [issued.clone(), stray.clone(), forged.clone()];
    let look = || {
        let (keys, tokens) = (app.shared.passes.clone(), tokens.clone());
        let found = app
            .shared
            .db
            .read(move |conn| Ok(recognise(conn, &keys, &tokens.each_ref().map(String::as_str))?));
        actix_web::rt::System::new().block_on(found).unwrap()
    };
    let found = look();
    assert_eq!(found[&hash(&stray)], Recognised::Unknown { signature_ok: true });
    assert_eq!(found[&hash(&forged)], Recognised::Unknown { signature_ok: false });
    let Recognised::Issued(pass) = &found[&hash(&issued)] else { panic!("{found:?}") };
    assert_eq!((pass.participant_id.to_string(), pass.revoked_at), (id, None));
    lin.post(&format!("{at}/revoke"), serde_json::json!({})).ok();
    let Recognised::Issued(pass) = &look()[&hash(&issued)] else { panic!("forgotten") };
    assert!(pass.revoked_at.is_some());
}

//! What is read of what phones send.

use super::*;

#[test]
fn what_is_kept_ends_with_a_whole_character() {
    assert_eq!(cut("王"), "王");
    let long = "x".repeat(KEPT - 1) + "王";
    assert_eq!(cut(&long).len(), KEPT - 1);
}

#[test]
fn what_cannot_be_read_still_says_who_it_was() {
    let item: ItemIn =
        serde_json::from_str(r#"{"scan_id": 7, "device_seq": 3, "colour": "red"}"#).unwrap();
    let Entry::Malformed(what) = &item.entry else { panic!("it was read") };
    assert_eq!((what.scan_id(), what.device_seq), (None, Some(3)));
    let item: ItemIn = serde_json::from_str("[1, 2]").unwrap();
    assert!(matches!(item.entry, Entry::Malformed(_)) && item.id().is_none());
}

#[test]
fn a_reason_that_cannot_be_kept_is_no_annulment() {
    let read = |reason: serde_json::Value| {
        let text = serde_json::json!({ "annul": ScanId::new(), "reason": reason }).to_string();
        matches!(serde_json::from_str::<ItemIn>(&text).unwrap().entry, Entry::Annul(_))
    };
    assert!(read("王".repeat(500).into()) && read("".into()) && read(().into()));
    assert!(!read("王".repeat(501).into()) && !read("a\0b".into()));
}

#[test]
fn null_confirms_nothing() {
    let text = serde_json::json!({
        "scan_id": ScanId::new(), "event_id": EventId::new(), "pass": "x",
        "scanned_at": "2011-09-10T06:00:00.000Z", "walk_in_confirmed": null,
    });
    let item: ItemIn = serde_json::from_str(&text.to_string()).unwrap();
    let Entry::Scan(_, scan) = &item.entry else { panic!("it was not read") };
    assert_eq!(scan.walk_in_confirmed, None);
}

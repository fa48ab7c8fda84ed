//! What a promotion may say, and what it is when it is approved.

use sha2::{Digest, Sha256};
use unicode_normalization::is_nfc;

use crate::{
    platform::{time::Day, visible::is_invisible},
    wlan::model::Content,
};

/// Most bytes of an SSID (IEEE 802.11).
pub const MAX_SSID: usize = 32;

/// Whether a text can be an SSID that people find again: 1 to 32 bytes, nothing invisible at
/// its ends or within, no space but the plain one, and composed (NFC), so that networks which
/// look the same have the same name.
pub fn is_ssid(text: &str) -> bool {
    let shows = |c: char| c == ' ' || !(c.is_whitespace() || is_invisible(c));
    (1..=MAX_SSID).contains(&text.len())
        && text.trim() == text
        && text.chars().all(shows)
        && is_nfc(text)
}

/// Whether two stretches of days, ends included, share a day.
pub fn share_a_day(a: (Day, Day), b: (Day, Day)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

/// SHA-256 of the content in its JSON form, in hexadecimal: names what was seen.
pub fn hash(content: &Content) -> Result<String, serde_json::Error> {
    let digest = Sha256::digest(serde_json::to_vec(content)?);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{platform::db::Json, wlan::model::Creative};

    fn content() -> Content {
        Content {
            ssid: "CMCC-EDU".into(),
            starts_on: "2011-09-01".parse().unwrap(),
            ends_on: "2011-10-31".parse().unwrap(),
            minutes_per_day: 60,
            bytes_per_day: 100_000_000,
            creative: Json(Creative {
                headline_zh: "免费上网".into(),
                headline_en: "Free WLAN".into(),
                body_zh: "欢迎".into(),
                body_en: "Welcome".into(),
                link: "https://mm.10086.cn/".into(),
            }),
        }
    }

    #[test]
    fn every_part_of_the_content_is_in_its_hash() {
        let first = hash(&content()).unwrap();
        assert_eq!(first.len(), 64);
        assert_eq!(first, hash(&content()).unwrap());
        let changes: [fn(&mut Content); 6] = [
            |c| c.ssid.push('2'),
            |c| c.starts_on = c.starts_on.plus(1),
            |c| c.ends_on = c.ends_on.plus(1),
            |c| c.minutes_per_day += 1,
            |c| c.bytes_per_day += 1,
            |c| c.creative.0.link.push('x'),
        ];
        for change in changes {
            let mut other = content();
            change(&mut other);
            assert_ne!(first, hash(&other).unwrap());
        }
    }

    #[test]
    fn an_ssid_fits_into_a_beacon() {
        assert!(is_ssid("CMCC-EDU") && is_ssid("校园无线") && is_ssid(&"x".repeat(32)));
        assert!(!is_ssid("") && !is_ssid(" CMCC") && !is_ssid("a\tb"));
        assert!(!is_ssid(&"校".repeat(11)), "33 bytes");
        assert!(is_ssid("Café 2") && !is_ssid("Cafe\u{301} 2"), "composed");
        for twin in ["CMCC\u{200b}", "CMCC\u{ad}", "C\u{202e}MCC", "CMCC\u{fe0f}", "CM\u{a0}CC"] {
            assert!(!is_ssid(twin), "{twin:?}");
        }
    }

    #[test]
    fn periods_that_touch_share_a_day() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let september = (day("2011-09-01"), day("2011-09-30"));
        assert!(share_a_day(september, (day("2011-09-30"), day("2011-10-31"))));
        assert!(!share_a_day(september, (day("2011-10-01"), day("2011-10-31"))));
        assert!(share_a_day((day("2011-09-10"), day("2011-09-10")), september));
    }
}

//! Decisions about codes and stretches of days. Pure.

use super::model::Days;

/// Most sites of one university.
pub const MAX_SITES: u32 = 99;

/// Whether it is a Ministry of Education code: ten digits.
pub fn is_moe_code(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The code of the n-th site of a university: the MOE code itself, then `-2`, `-3`.
pub fn site_code(moe_code: &str, n: u32) -> String {
    if n <= 1 { moe_code.to_owned() } else { format!("{moe_code}-{n}") }
}

/// Whether `code` is one of the codes that sites of this university may have.
pub fn is_site_code(code: &str, moe_code: &str) -> bool {
    let Some(rest) = code.strip_prefix(moe_code) else { return false };
    let number = rest.strip_prefix('-').and_then(|n| n.parse::<u32>().ok());
    rest.is_empty()
        || number.is_some_and(|n| (2..=MAX_SITES).contains(&n) && site_code(moe_code, n) == code)
}

/// Whether each stretch ends no earlier than it begins and no two share a day.
pub fn apart(list: &[Days]) -> bool {
    let mut sorted = list.to_vec();
    sorted.sort();
    sorted.iter().all(|days| days.from <= days.to)
        && sorted.windows(2).all(|pair| pair[0].to < pair[1].from)
}

/// The stretches that share a day with `first` to `last`.
pub fn touching(list: &[Days], days: Days) -> Vec<Days> {
    list.iter().copied().filter(|d| d.from <= days.to && days.from <= d.to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(from: &str, to: &str) -> Days {
        Days { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    #[test]
    fn sites_are_numbered_from_two() {
        let moe = "4144010558";
        assert!(is_moe_code(moe) && !is_moe_code("414401055") && !is_moe_code("41440105580"));
        for code in ["4144010558", "4144010558-2", "4144010558-12"] {
            assert!(is_site_code(code, moe), "{code}");
        }
        for code in [
            "4144010558-1",
            "4144010558-02",
            "4144010558-",
            "41440105582",
            "4144010559",
            "4144010558-100",
        ] {
            assert!(!is_site_code(code, moe), "{code}");
        }
        assert_eq!(
            (site_code(moe, 1), site_code(moe, 3)),
            (moe.to_owned(), "4144010558-3".to_owned())
        );
    }

    #[test]
    fn stretches_do_not_share_days() {
        let (a, b) = (days("2011-09-01", "2011-09-03"), days("2011-09-04", "2011-09-04"));
        assert!(apart(&[]) && apart(&[b, a]));
        assert!(!apart(&[a, days("2011-09-03", "2011-09-05")]));
        assert!(!apart(&[days("2011-09-03", "2011-09-01")]));
        assert_eq!(touching(&[a, b], days("2011-09-03", "2011-09-03")), [a]);
        assert_eq!(touching(&[a, b], days("2011-08-01", "2011-12-31")), [a, b]);
    }
}

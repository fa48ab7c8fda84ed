//! Finding rows by words of their names, alike on both databases and without `LIKE '%x%'`.
//! A text is stored as *terms*: its words in lower case and their beginnings, each Han
//! character and each pair of neighbours. A query becomes the longest terms it can; a row
//! matches when it has all of them.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// Longest beginning of a word that is kept; what follows it does not narrow a search.
const MAX_WORD: usize = 16;
/// Most terms of a query that are looked at.
const MAX_QUERY: usize = 12;

/// What to store for a row that has these texts.
pub fn stored<'t>(texts: impl IntoIterator<Item = &'t str>) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for text in texts {
        for run in runs(text) {
            match run {
                Run::Word(letters) => {
                    let most = letters.len().min(MAX_WORD);
                    terms.extend((1..=most).map(|n| letters[..n].iter().collect::<String>()));
                }
                Run::Han(letters) => {
                    terms.extend(letters.iter().map(|letter| letter.to_string()));
                    terms.extend(letters.windows(2).map(|pair| pair.iter().collect::<String>()));
                }
            }
        }
    }
    terms
}

/// What a row must have to match the query. Empty when the query has no letter or digit.
pub fn wanted(query: &str) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for run in runs(query) {
        match run {
            Run::Word(letters) => {
                terms.insert(letters.iter().take(MAX_WORD).collect());
            }
            Run::Han(letters) if letters.len() == 1 => {
                terms.insert(letters.iter().collect());
            }
            Run::Han(letters) => {
                terms.extend(letters.windows(2).map(|pair| pair.iter().collect::<String>()));
            }
        }
    }
    while terms.len() > MAX_QUERY {
        terms.pop_last();
    }
    terms
}

enum Run {
    Word(Vec<char>),
    Han(Vec<char>),
}

/// Words and stretches of Han characters, after NFKC and in lower case.
fn runs(text: &str) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let mut broken = true;
    for letter in text.nfkc().flat_map(char::to_lowercase) {
        match (is_han(letter), letter.is_alphanumeric(), found.last_mut()) {
            (true, _, Some(Run::Han(run))) | (false, true, Some(Run::Word(run))) if !broken => {
                run.push(letter);
            }
            (true, ..) => found.push(Run::Han(vec![letter])),
            (false, true, _) => found.push(Run::Word(vec![letter])),
            (false, false, _) => {
                broken = true;
                continue;
            }
        }
        broken = false;
    }
    found
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(text: &str, query: &str) -> bool {
        wanted(query).is_subset(&stored([text]))
    }

    #[test]
    fn a_name_is_found_by_parts_of_it() {
        let name = "中山大学 Sun Yat-sen University";
        for query in ["中山", "山大学", "大", "sun", "SUN uni", "yat-sen", "Ｓｕｎ 中山"]
        {
            assert!(matches(name, query), "{query}");
        }
        for query in ["华南", "中大", "moon", "sunyat", "中山医"] {
            assert!(!matches(name, query), "{query}");
        }
    }

    #[test]
    fn mixed_scripts_break_where_they_change() {
        assert_eq!(wanted("MM型动2011"), ["mm", "型动", "2011"].map(String::from).into());
    }

    #[test]
    fn a_query_of_signs_wants_nothing() {
        assert!(wanted("  -·《》 ").is_empty());
    }

    #[test]
    fn long_words_are_found_by_their_beginning() {
        assert!(matches("internationalisation", "internationalisations"));
        assert!(!matches("internationalisation", "internatural"));
    }

    proptest! {
        #[test]
        fn every_text_is_found_by_itself(text in "\\PC{0,40}") {
            prop_assert!(matches(&text, &text));
        }

        #[test]
        fn a_stretch_of_han_finds_its_text(text in "[一-龥]{1,20}", from in 0usize..20, len in 1usize..20) {
            let part: String = text.chars().skip(from).take(len).collect();
            prop_assert!(matches(&text, &part));
        }
    }
}

//! Which characters show nothing: texts that differ by them alone look the same.

/// Whether a character shows nothing of its own: controls, formats (Unicode category Cf),
/// what Unicode lets be ignored (`Default_Ignorable_Code_Point`), and the empty braille cell.
/// White space is another matter.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{0600}'..='\u{0605}' | '\u{061C}' | '\u{06DD}'
            | '\u{070F}' | '\u{0890}'..='\u{0891}' | '\u{08E2}' | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1343F}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_show_and_marks_of_direction_do_not() {
        assert!("A9校园é—·👍 ".chars().all(|c| !is_invisible(c)));
        let hidden = "\0\u{AD}\u{34F}\u{180E}\u{200B}\u{202E}\u{2062}\u{3164}\u{FE0F}\u{E0041}";
        assert!(hidden.chars().all(is_invisible));
    }
}

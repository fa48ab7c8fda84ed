//! A pass as a picture.

use qrcode::{EcLevel, QrCode, render::svg};

use crate::platform::fault::Fault;

/// The QR code of a token as SVG: medium error correction, four modules of quiet zone.
pub fn svg(token: &str) -> Result<String, Fault> {
    let code = QrCode::with_error_correction_level(token, EcLevel::M).map_err(Fault::bug)?;
    Ok(code.render::<svg::Color<'_>>().quiet_zone(true).module_dimensions(8, 8).build())
}

#[cfg(test)]
mod tests {
    use qrcode::Version;

    use super::*;
    use crate::participants::passes::keys::tests::{keys, token};

    #[test]
    fn a_token_fits_version_10() {
        let (_folder, keys) = keys();
        for length in [token(&keys).len(), 213] {
            let text = "a".repeat(length);
            let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
            assert!(matches!(code.version(), Version::Normal(1..=10)), "{:?}", code.version());
        }
    }

    #[test]
    fn the_picture_is_svg() {
        let (_folder, keys) = keys();
        let picture = svg(&token(&keys)).unwrap();
        assert!(picture.starts_with("<?xml") && picture.contains("<svg "));
    }
}

//! What does a phone's camera read a link from? The squares of a QR code, as one path for an SVG.

use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// Free squares around the code, as its standard (ISO/IEC 18004) asks for.
const QUIET: i32 = 4;

/// A QR code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Qr {
    /// Squares along each side, the quiet ones around it included.
    pub size: i32,
    /// The dark squares, as the data of an SVG path.
    pub path: String,
}

impl Qr {
    /// The code of a text; none if there is too much of it (more than 2,953 bytes).
    pub fn of(text: &str) -> Option<Qr> {
        // As bytes, and not in the densest mode for each part: one way less to carry.
        let code = QrCode::encode_binary(text.as_bytes(), QrCodeEcc::Low).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            let mut x = 0;
            while x < code.size() {
                let dark = (x..code.size()).take_while(|&x| code.get_module(x, y)).count() as i32;
                if dark > 0 {
                    let _ = write!(path, "M{} {}h{dark}v1h-{dark}z", x + QUIET, y + QUIET);
                }
                x += dark + 1;
            }
        }
        Some(Qr { size: code.size() + 2 * QUIET, path })
    }

    /// The code as a file of its own.
    pub fn svg(&self) -> String {
        let Qr { size, path } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path d=\"{path}\"/></svg>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_eyes_and_room_around_them() {
        let qr = Qr::of("https://example.org/#v=1&run=dual-write-ghost").unwrap();
        // The top of an eye is seven dark squares, then comes a light one.
        let eye = |x: i32, y: i32| qr.path.contains(&format!("M{x} {y}h7v1"));
        assert!(eye(QUIET, QUIET) && eye(qr.size - QUIET - 7, QUIET) && eye(QUIET, qr.size - QUIET - 7));
        assert!(
            !qr.path.contains(&format!("M{} ", QUIET - 1))
                && !qr.path.contains(&format!("M{} ", qr.size - QUIET))
        );
        assert_eq!((qr.size - 2 * QUIET - 21) % 4, 0, "a size that there is");
        assert!(qr.svg().contains(&qr.path));
    }

    #[test]
    fn another_text_is_another_code_and_a_text_that_is_too_long_is_none() {
        assert_ne!(Qr::of("one"), Qr::of("two"));
        assert!(Qr::of(&"x".repeat(2_953)).is_some());
        assert_eq!(Qr::of(&"x".repeat(2_954)), None);
    }
}

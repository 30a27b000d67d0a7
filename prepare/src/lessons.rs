//! How do the lessons and the interview cards come to the page? Read, every name looked up, and packed.

use super::{Prepared, Product};
use brokerlab::lesson::{packed, read};
use brokerlab::scenario::catalogue;
use std::fs;
use std::path::Path;

/// The lessons in the order of the catalogue, and the cards.
///
/// # Errors
/// Everything that is wrong with their files.
pub fn prepare() -> Prepared {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lessons/en");
    let (mut lessons, mut wrong) = (Vec::new(), Vec::new());
    for scenario in catalogue::scenarios() {
        let path = folder.join(&scenario.id).with_extension("toml");
        // A scenario may do without.
        let Ok(text) = fs::read_to_string(&path) else { continue };
        match read::lesson(&scenario.id, &text) {
            Ok(lesson) => lessons.push(lesson),
            Err(what) => wrong.push(format!("{}: {what}", path.display())),
        }
    }
    let path = folder.join("cards.toml");
    let text = fs::read_to_string(&path).map_err(|error| error.to_string());
    let cards = text.and_then(|text| read::cards(&text));
    let cards = cards.unwrap_or_else(|what| {
        wrong.push(format!("{}: {what}", path.display()));
        Vec::new()
    });
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    let mut products = vec![
        Product { path: "assets/lessons.bin".to_owned(), bytes: packed::pack(&lessons) },
        Product { path: "assets/cards.bin".to_owned(), bytes: packed::pack(&cards) },
    ];
    for lesson in lessons {
        products.push(Product {
            path: format!("assets/lesson/{}.bin", lesson.scenario),
            bytes: packed::pack(&[lesson]),
        });
    }
    Ok(products)
}

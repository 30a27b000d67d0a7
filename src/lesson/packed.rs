//! How do the texts come to the page? As bytes that were packed when it was built, every name in them looked up.

use serde::de::DeserializeOwned;

/// The lessons, or the cards, packed.
#[cfg(feature = "files")]
pub fn pack<T: serde::Serialize>(texts: &[T]) -> Vec<u8> {
    // Texts, numbers and lists all have a form.
    postcard::to_allocvec(texts).unwrap_or_default()
}

/// The lessons, or the cards.
///
/// # Errors
/// A sentence, if these bytes are not what [`pack`] of the same version wrote.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>, String> {
    match postcard::take_from_bytes(bytes) {
        Ok((texts, [])) => Ok(texts),
        _ => Err("these are no texts of this version".to_owned()),
    }
}

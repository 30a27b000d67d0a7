//! How does a scenario come to the page? As bytes that were prepared when it was built: read, checked and packed by
//! the program `prepare`, so that the page needs no reader of files. What a setup gains is packed with it by itself.

use super::ready::Scenario;
use crate::sim::digest::Digest;

/// The bytes of a digest, before the scenarios.
const DIGEST: usize = size_of::<u64>();

/// The prepared form of some scenarios: a digest of what follows, then the scenarios, in postcard's form.
#[cfg(feature = "files")]
pub fn pack(scenarios: &[Scenario]) -> Vec<u8> {
    // Nothing in a scenario is of a kind that has no form (a map of unknown length, a number without a width).
    let body = postcard::to_allocvec(scenarios).unwrap_or_default();
    [&digest(&body).to_le_bytes(), body.as_slice()].concat()
}

/// The scenarios of a prepared form.
///
/// # Errors
/// A sentence, if these bytes are not what [`pack`] of the same version wrote.
pub fn unpack(prepared: &[u8]) -> Result<Vec<Scenario>, String> {
    let what = || "this is no prepared scenario of this version".to_owned();
    let (written, body) = prepared.split_at_checked(DIGEST).ok_or_else(what)?;
    if written != digest(body).to_le_bytes() {
        return Err(what());
    }
    match postcard::take_from_bytes(body) {
        Ok((scenarios, [])) => Ok(scenarios),
        _ => Err(what()),
    }
}

fn digest(bytes: &[u8]) -> u64 {
    let mut digest = Digest::default();
    // Another version may give the same bytes another meaning.
    digest.text(env!("CARGO_PKG_VERSION"));
    digest.bytes(bytes);
    digest.value()
}

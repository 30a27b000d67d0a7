//! Are these two the same? A 64-bit fingerprint, defined word by word.
//!
//! The state starts at [`Digest::START`]. Each 64-bit word `w` is folded in as
//! `state = fold((state ^ w) * MULTIPLIER)`, where the product has 128 bits and `fold` is its high half
//! exclusive-or its low half. Text goes in as its length in bytes and then its bytes, eight to a little-endian
//! word, the last one padded with zeros. `derive(Hash)` is not used: it differs between 32 and 64 bits.

/// A running fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

impl Digest {
    /// The state before anything was folded in.
    pub const START: u64 = 0x243f_6a88_85a3_08d3;

    /// Folds one word in.
    #[inline]
    pub fn word(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * u128::from(MULTIPLIER);
        // A product of zero would swallow all that follows: the addition keeps the state moving.
        self.0 = ((product >> 64) as u64 ^ product as u64).wrapping_add(MULTIPLIER);
    }

    /// Folds a text in: its length, then its bytes.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Folds bytes in, as those of a text.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.word(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }

    /// The fingerprint of all that was folded in.
    pub fn value(self) -> u64 {
        self.0
    }
}

impl Default for Digest {
    fn default() -> Self {
        Digest(Digest::START)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_length_and_content_all_count() {
        let of = |words: &[u64]| {
            let mut digest = Digest::default();
            words.iter().for_each(|&word| digest.word(word));
            digest.value()
        };
        assert_ne!(of(&[1, 2]), of(&[2, 1]));
        assert_ne!(of(&[0]), of(&[0, 0]));
        assert_ne!(of(&[Digest::START]), of(&[Digest::START, 0]));
        assert_eq!(of(&[1, 2, 3]), of(&[1, 2, 3]));
    }
}

//! Is this the same state? 128 bits of everything that decides what can still happen, and nothing else.
//!
//! What only tells the past apart (places in the history, numbers of steps) is left out; names that are only compared
//! with each other (which packet, which delivery) go in as the order of their first appearance.

use super::digest::Digest;
use super::time::Instant;
use std::hash::Hasher;

/// A state on its way to its key.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    one: Digest,
    other: Digest,
    names: Vec<u32>,
    /// By message: whether anything can still become of it.
    messages: Vec<bool>,
}

impl Shape {
    /// Folds a number in.
    #[inline]
    pub fn word(&mut self, word: u64) {
        self.one.word(word);
        self.other.word(word.rotate_left(29) ^ 0x6a09_e667_f3bc_c908);
    }

    /// Folds in what may not be there.
    pub fn maybe(&mut self, word: Option<u64>) {
        self.word(u64::from(word.is_some()));
        self.word(word.unwrap_or_default());
    }

    /// Folds a moment in.
    pub fn at(&mut self, at: Instant) {
        self.word(at.0);
    }

    /// Folds in a name that is only ever compared with others of its kind: as the order of its first appearance.
    pub fn name(&mut self, name: u32) {
        let place = self.names.iter().position(|known| *known == name);
        let place = place.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        self.word(place as u64);
    }

    /// Folds in the number of a message, of which something can still become.
    pub fn message(&mut self, message: u32) {
        self.word(u64::from(message));
        self.mark(message);
    }

    /// Something can still become of that message.
    pub fn mark(&mut self, message: u32) {
        let index = message as usize;
        // "None" is no message; no state has millions.
        if index < 1 << 24 {
            if self.messages.len() <= index {
                self.messages.resize(index + 1, false);
            }
            self.messages[index] = true;
        }
    }

    /// The messages of which something can still become, in their order.
    pub fn marked(&self) -> Vec<u32> {
        (0..self.messages.len() as u32).filter(|&message| self.messages[message as usize]).collect()
    }

    /// All of it.
    pub fn key(&self) -> u128 {
        u128::from(self.one.value()) << 64 | u128::from(self.other.value())
    }
}

/// For values that say themselves what they are made of.
impl Hasher for Shape {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.word(u64::from(byte)));
    }

    fn finish(&self) -> u64 {
        self.one.value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_by_their_order_of_appearance_and_numbers_by_themselves() {
        let key = |fold: &dyn Fn(&mut Shape)| {
            let mut shape = Shape::default();
            fold(&mut shape);
            shape.key()
        };
        let named = |names: [u32; 3]| key(&|shape| names.into_iter().for_each(|name| shape.name(name)));
        assert_eq!(named([7, 9, 7]), named([1, 4, 1]));
        assert_ne!(named([7, 9, 7]), named([7, 9, 9]));
        assert_ne!(key(&|shape| shape.word(1)), key(&|shape| shape.word(2)));
        assert_ne!(key(&|shape| shape.maybe(None)), key(&|shape| shape.maybe(Some(0))));
    }
}

//! A long list that is cheap to copy: chunks shared between copies until one of them writes.

use std::sync::Arc;

/// A growing list in chunks of `N`. A clone shares every chunk; a write copies only the chunk it touches.
/// So a checkpoint of a long run costs pointers, and no growth ever copies the whole list
/// (in wasm a doubling vector is never given back).
#[derive(Clone, Debug)]
pub struct Chunked<T, const N: usize = 512> {
    chunks: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T: Copy, const N: usize> Default for Chunked<T, N> {
    fn default() -> Self {
        Chunked { chunks: Vec::new(), len: 0 }
    }
}

impl<T: Copy, const N: usize> Chunked<T, N> {
    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds one at the end.
    #[inline]
    pub fn push(&mut self, value: T) {
        if self.len.is_multiple_of(N) {
            let room = if self.chunks.is_empty() { 8.min(N) } else { N };
            self.chunks.push(Arc::new(Vec::with_capacity(room)));
        }
        if let Some(chunk) = self.chunks.last_mut() {
            match Arc::get_mut(chunk) {
                Some(own) => own.push(value),
                None => {
                    // Room for a few more only: a copy that is made at every turn rarely grows far.
                    let mut own = Vec::with_capacity((chunk.len() + 8).max(chunk.len() * 2).min(N));
                    own.extend_from_slice(chunk);
                    own.push(value);
                    *chunk = Arc::new(own);
                }
            }
            self.len += 1;
        }
    }

    /// The `index`-th, or none past the end.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&T> {
        self.chunks.get(index / N)?.get(index % N)
    }

    /// The `index`-th, to be changed; none past the end.
    #[inline]
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        Arc::make_mut(self.chunks.get_mut(index / N)?).get_mut(index % N)
    }

    /// The last one.
    pub fn last(&self) -> Option<&T> {
        self.len.checked_sub(1).and_then(|index| self.get(index))
    }

    /// How many there are before the first that is not `before`. The list must have all of those first.
    pub fn partition_point(&self, before: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle).is_some_and(&before) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// All from the `start`-th on, in order.
    pub fn iter_from(&self, start: usize) -> impl Iterator<Item = &T> {
        let (chunk, within) = (start / N, start % N);
        self.chunks
            .iter()
            .skip(chunk)
            .enumerate()
            .flat_map(move |(n, chunk)| chunk.iter().skip(if n == 0 { within } else { 0 }))
    }

    /// All, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }
}

impl<T: Copy + PartialEq, const N: usize> PartialEq for Chunked<T, N> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_never_sees_what_the_other_writes() {
        let mut one: Chunked<u32, 4> = Chunked::default();
        (0..10).for_each(|n| one.push(n));
        let mut two = one.clone();
        two.push(99);
        one.push(10);
        *two.get_mut(2).unwrap() = 77;
        assert_eq!(one.iter().copied().collect::<Vec<_>>(), (0..11).collect::<Vec<_>>());
        assert_eq!((two.get(2), two.get(10), two.len()), (Some(&77), Some(&99), 11));
        assert_eq!(one.iter_from(5).copied().collect::<Vec<_>>(), (5..11).collect::<Vec<_>>());
        assert_eq!(one.iter_from(11).count(), 0);
        assert_eq!([0, 7, 99].map(|limit| one.partition_point(|&n| n < limit)), [0, 7, 11]);
    }
}

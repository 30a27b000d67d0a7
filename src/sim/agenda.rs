//! What happens next? The waiting events, earliest first.
//!
//! The ordering promises, and there are no others:
//! 1. an event that is due earlier comes first;
//! 2. of two that are due together, the one scheduled first comes first.

use super::time::Instant;

/// Children of each heap node. Four keeps the tree flat: measured faster than a binary heap in wasm.
const ARITY: usize = 4;

#[derive(Clone, Copy, Debug)]
struct Entry<E> {
    due: Instant,
    sequence: u64,
    event: E,
}

impl<E> Entry<E> {
    fn key(&self) -> (Instant, u64) {
        (self.due, self.sequence)
    }
}

/// The events that wait, ordered by (due, sequence): a 4-ary heap in one flat vector.
#[derive(Clone, Debug)]
pub struct Agenda<E> {
    heap: Vec<Entry<E>>,
    scheduled: u64,
}

impl<E: Copy> Default for Agenda<E> {
    fn default() -> Self {
        Agenda { heap: Vec::new(), scheduled: 0 }
    }
}

impl<E: Copy> Agenda<E> {
    /// Adds an event that is due at `due`.
    pub fn schedule(&mut self, due: Instant, event: E) {
        let entry = Entry { due, sequence: self.scheduled, event };
        self.scheduled += 1;
        self.heap.push(entry);
        self.sift_up(self.heap.len() - 1);
    }

    /// Takes the next event with the moment it is due.
    pub fn pop(&mut self) -> Option<(Instant, E)> {
        let last = self.heap.pop()?;
        let Some(first) = self.heap.first_mut() else { return Some((last.due, last.event)) };
        let top = std::mem::replace(first, last);
        self.sift_down(0);
        Some((top.due, top.event))
    }

    /// When the next event is due.
    pub fn next_due(&self) -> Option<Instant> {
        self.heap.first().map(|entry| entry.due)
    }

    /// All that wait, in the order in which they come.
    pub fn in_order(&self) -> Vec<(Instant, E)> {
        let mut entries = self.heap.clone();
        entries.sort_unstable_by_key(Entry::key);
        entries.into_iter().map(|entry| (entry.due, entry.event)).collect()
    }

    /// How many events wait.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    fn sift_up(&mut self, mut at: usize) {
        let entry = self.heap[at];
        while at > 0 {
            let parent = (at - 1) / ARITY;
            if self.heap[parent].key() <= entry.key() {
                break;
            }
            self.heap[at] = self.heap[parent];
            at = parent;
        }
        self.heap[at] = entry;
    }

    fn sift_down(&mut self, mut at: usize) {
        let entry = self.heap[at];
        let len = self.heap.len();
        loop {
            let first = at * ARITY + 1;
            if first >= len {
                break;
            }
            let mut least = first;
            for child in first + 1..(first + ARITY).min(len) {
                if self.heap[child].key() < self.heap[least].key() {
                    least = child;
                }
            }
            if self.heap[least].key() >= entry.key() {
                break;
            }
            self.heap[at] = self.heap[least];
            at = least;
        }
        self.heap[at] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_due_first_and_among_equals_the_one_scheduled_first() {
        let mut agenda = Agenda::default();
        for (n, due) in [5u64, 3, 5, 1, 3, 9, 1, 5, 0, 3].into_iter().enumerate() {
            agenda.schedule(Instant(due), n);
        }
        let mut order = Vec::new();
        while let Some((due, n)) = agenda.pop() {
            order.push((due.0, n));
        }
        let mut sorted = order.clone();
        sorted.sort();
        assert_eq!(order, sorted);
        assert_eq!(order.len(), 10);
    }
}

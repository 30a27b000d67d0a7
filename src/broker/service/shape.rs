//! What of a service decides what can still happen.

use super::{ServiceState, Unit};
use crate::sim::shape::Shape;

impl Unit {
    fn shape(&self, shape: &mut Shape) {
        let Unit { order, first_message, next, committed, key, wait, failed, out, parked, parking, waited } =
            *self;
        shape.word(u64::from(order) << 32 | u64::from(key));
        shape.message(first_message);
        let flags = u64::from(committed) << 1 | u64::from(wait.is_some());
        shape.word(u64::from(next) | flags << 8 | u64::from(failed) << 32);
        [out, parked, waited.0].into_iter().for_each(|word| shape.word(word));
        shape.maybe(parking.map(|(message, why)| u64::from(message) << 16 | u64::from(why.code())));
    }
}

impl ServiceState {
    /// The unit of work that is in that wait, by its number.
    pub(in crate::broker) fn order_in_wait(&self, wait: u32) -> Option<u32> {
        let mut units = (0..self.lanes.len()).filter_map(|lane| self.unit_of(lane));
        units.find(|unit| unit.wait == Some(wait)).map(|unit| unit.order)
    }

    pub(in crate::broker) fn shape(&self, shape: &mut Shape) {
        let ServiceState {
            program: _,
            gap,
            work,
            backoff,
            arrived,
            taken,
            unit: _,
            lane,
            lanes,
            backlog,
            rows: _,
            outbox,
            letters,
        } = self;
        [gap, work, backoff].into_iter().for_each(|dice| dice.shape(shape));
        shape.word(u64::from(*arrived) << 32 | u64::from(*taken));
        shape.word(u64::from(*lane) << 32 | u64::from(*backlog));
        for lane in 0..lanes.len() {
            let unit = self.unit_of(lane);
            shape.word(u64::from(unit.is_some()));
            unit.iter().for_each(|unit| unit.shape(shape));
        }
        outbox.shape(shape);
        letters.shape(shape);
    }
}

//! What is true at one point of a run? The world and the judge's account of it, side by side.

use crate::broker::command::Placed;
use crate::broker::setup::Setup;
use crate::broker::world::World;
use crate::check::ledger::Ledger;
use crate::sim::shape::Shape;
use crate::sim::time::Instant;
use std::sync::Arc;

/// A point of a run. Cheap to clone: what is long is shared.
#[derive(Clone, Debug)]
pub struct Moment {
    /// What is.
    pub world: World,
    /// What the judge holds of it.
    pub ledger: Ledger,
}

impl Moment {
    /// Before anything has happened.
    pub fn start(setup: &Arc<Setup>, seed: u64) -> Moment {
        Moment { world: World::new(setup.clone(), seed), ledger: Ledger::new(setup) }
    }

    /// Does the next step: a command that was given here, or what comes next by itself. False at the end.
    pub fn advance(&mut self, commands: &[Placed]) -> bool {
        let before = self.world.history().len();
        let steps = self.world.steps();
        let first = commands.partition_point(|placed| placed.step < steps);
        match commands.get(first) {
            Some(placed) if placed.step == steps => self.world.command(placed.at, placed.command),
            _ => {
                self.world.step();
            }
        }
        let history = self.world.history();
        for (place, record) in (before..).zip(history.iter_from(before)) {
            self.ledger.observe(place as u32, record);
        }
        self.ledger.step_is_over();
        self.world.steps() > steps
    }

    /// The state itself, in 128 bits: two moments with the same key go on alike, and the same is found from there on,
    /// though their pasts may differ.
    pub fn key(&self) -> u128 {
        let mut shape = Shape::default();
        self.ledger.mark_open(&mut shape);
        self.world.shape(&mut shape);
        let marked = shape.marked();
        marked.iter().for_each(|&message| shape.word(u64::from(message)));
        self.world.shape_of_messages(&mut shape, &marked);
        self.ledger.shape(&mut shape, &marked);
        shape.key()
    }

    /// How many steps the run has done.
    pub fn step(&self) -> u32 {
        self.world.steps()
    }

    /// The moment of the last step.
    pub fn now(&self) -> Instant {
        self.world.now()
    }
}

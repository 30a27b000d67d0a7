//! Where in the run are we? A whole run, computed to its end, with a cursor that can stand at any step.
//!
//! Checkpoints are kept every so many steps and thinned as the run grows; seeking clones the nearest one before
//! the target and goes on from there. A command given in the past starts another future.

use super::moment::Moment;
use crate::broker::command::{Command, Placed};
use crate::broker::setup::Setup;
use crate::sim::time::Instant;
use std::sync::Arc;

/// A run never does more steps than this: a hot loop ends here, and says so ([`Run::cut_short`]).
pub const MAX_STEPS: u32 = 5_000_000;
/// Steps between checkpoints while a run is short.
const SPACING: u32 = 256;
/// The most checkpoints kept; beyond it every other one goes.
const MAX_CHECKPOINTS: usize = 96;

/// A run with a cursor.
#[derive(Clone, Debug)]
pub struct Run {
    setup: Arc<Setup>,
    seed: u64,
    commands: Vec<Placed>,
    checkpoints: Vec<Moment>,
    spacing: u32,
    end: Moment,
    here: Moment,
}

impl Run {
    /// The run of a setup under a seed with what was done by hand, computed to its end; the cursor is at the
    /// start. Commands must stand in the order of their steps.
    pub fn new(setup: Arc<Setup>, seed: u64, commands: Vec<Placed>) -> Run {
        let start = Moment::start(&setup, seed);
        let mut run = Run {
            setup,
            seed,
            commands,
            checkpoints: vec![start.clone()],
            spacing: SPACING,
            end: start.clone(),
            here: start,
        };
        run.play_to_the_end();
        run
    }

    fn play_to_the_end(&mut self) {
        while self.end.step() < MAX_STEPS && self.end.advance(&self.commands) {
            if self.end.step().is_multiple_of(self.spacing) {
                self.checkpoints.push(self.end.clone());
                if self.checkpoints.len() > MAX_CHECKPOINTS {
                    self.spacing *= 2;
                    let spacing = self.spacing;
                    self.checkpoints.retain(|moment| moment.step().is_multiple_of(spacing));
                }
            }
        }
    }

    /// What the run's world is made of.
    pub fn setup(&self) -> &Arc<Setup> {
        &self.setup
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// What was done by hand.
    pub fn commands(&self) -> &[Placed] {
        &self.commands
    }

    /// The point at which the cursor stands.
    pub fn here(&self) -> &Moment {
        &self.here
    }

    /// The end of the run.
    pub fn end(&self) -> &Moment {
        &self.end
    }

    /// Whether the run was stopped at [`MAX_STEPS`] before its own end.
    pub fn cut_short(&self) -> bool {
        self.end.world.ended().is_none()
    }

    /// Moves the cursor to that step; to the end if the run has fewer.
    pub fn seek(&mut self, step: u32) {
        let step = step.min(self.end.step());
        if step == self.end.step() {
            self.here = self.end.clone();
            return;
        }
        let behind = step < self.here.step();
        if let Some(nearest) = self.checkpoint_before(step)
            && (behind || nearest.step() > self.here.step())
        {
            self.here = nearest.clone();
        }
        while self.here.step() < step && self.here.advance(&self.commands) {}
    }

    /// Right after that step, wherever the cursor stands; at the end, if the run has fewer.
    pub fn moment_at(&self, step: u32) -> Moment {
        let step = step.min(self.end.step());
        let nearest = self.checkpoint_before(step).filter(|_| step < self.end.step());
        let mut moment = nearest.unwrap_or(&self.end).clone();
        while moment.step() < step && moment.advance(&self.commands) {}
        moment
    }

    /// The last checkpoint that is not after that step.
    fn checkpoint_before(&self, step: u32) -> Option<&Moment> {
        let after = self.checkpoints.partition_point(|moment| moment.step() <= step);
        self.checkpoints.get(after.checked_sub(1)?)
    }

    /// The last step that has happened at that moment.
    pub fn step_at(&self, at: Instant) -> u32 {
        let history = self.end.world.history();
        let after = history.first_not(|record| record.at <= at);
        after.checked_sub(1).and_then(|last| history.get(last)).map_or(0, |record| record.step)
    }

    /// When that step happened; the start for step 0.
    pub fn time_of(&self, step: u32) -> Instant {
        if step == 0 {
            return Instant::START;
        }
        let history = self.end.world.history();
        let first = history.first_not(|record| record.step < step);
        history.get(first).map_or(self.end.now(), |record| record.at)
    }

    /// Does something at the cursor, at the moment `at`. What was done by hand later is dropped: this is another
    /// future. The cursor stands right after it.
    pub fn command(&mut self, at: Instant, command: Command) {
        if self.here.world.ended().is_some() {
            // After the end nothing can be asked: ask just before it.
            self.seek(self.here.step() - 1);
        }
        let step = self.here.step();
        self.commands.retain(|placed| placed.step < step);
        self.commands.push(Placed { step, at, command });
        self.replay_from(step);
    }

    /// Goes over to another future under the same seed: what is shared with this one is not computed again. The
    /// cursor stands where they part, or before it.
    #[inline(never)]
    pub fn switch(&mut self, commands: &[Placed]) {
        let shared = self.commands.iter().zip(commands).take_while(|(one, other)| one == other).count();
        let part = [self.commands.get(shared), commands.get(shared)];
        let Some(first) = part.into_iter().flatten().map(|placed| placed.step).min() else { return };
        let here = self.here.step().min(first);
        self.commands = commands.to_vec();
        self.replay_from(first);
        self.seek(here);
    }

    /// Computes the future from that step anew and puts the cursor one step after it.
    fn replay_from(&mut self, step: u32) {
        self.checkpoints.retain(|moment| moment.step() <= step);
        if let Some(last) = self.checkpoints.last() {
            self.end = last.clone();
            self.here = last.clone();
        }
        self.play_to_the_end();
        self.seek(step + 1);
    }
}

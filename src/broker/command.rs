//! What may be asked from outside while a run plays? Faults by hand. Each is recorded with the step and the
//! moment at which it was given, so that the run replays.

use crate::fault::plan::Fault;
use crate::fault::point::ActorId;
use crate::sim::time::Instant;

/// Something a person does to the world. Each counts as one step of the run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    /// The party crashes now and stays down until it is restarted by hand or, where its setup says so, by itself.
    Crash(ActorId),
    /// The party crashes right after its next step.
    CrashAfterNextStep(ActorId),
    /// The party is up again.
    Restart(ActorId),
    /// The database of this service or consumer stops answering.
    DatabaseDown(ActorId),
    /// It answers again.
    DatabaseUp(ActorId),
    /// Nothing passes between the party and the broker.
    Cut(ActorId),
    /// It passes again.
    Heal(ActorId),
    /// The topic of the first index may not deliver to the queue of the second, or its binding is gone.
    SubscriptionDown(u8, u8),
    /// It may again; one that was still to come is made now.
    SubscriptionUp(u8, u8),
    /// A rule as a scenario would lay it down, its occurrences counted from now.
    Lay(Fault),
    /// The packet in flight with that number is lost.
    Lose(u32),
    /// It stands still.
    Hold(u32),
    /// It goes on.
    Release(u32),
}

/// A command with its place in the run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Placed {
    /// How many steps the run had done.
    pub step: u32,
    /// The moment at which it was given: not before the last step, not after the next event.
    pub at: Instant,
    /// What was asked.
    pub command: Command,
}

//! What did the judge find? One verdict about an order or a message, with the records that prove it.

use crate::broker::setup::Setup;
use crate::sim::time::Instant;

/// What is wrong (or, for [`Verdict::Parked`], worth a look).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[repr(u8)]
pub enum Verdict {
    /// The business change is committed, and nothing that can still happen will apply its effect.
    /// Proof: the commit; the record that took the last hope; the first acceptance by the broker.
    Lost,
    /// An effect was applied once more than once.
    /// Proof: the first application; this one.
    Duplicate,
    /// A message whose transaction was rolled back reached a consumer.
    /// Proof: the first acceptance by the broker; the rollback; the receipt.
    Ghost,
    /// Of the messages of one unit of work, some were sent and some never will be. The message is one that
    /// never will be. Proof: the first acceptance of a message of the unit; the record that ended this one.
    HalfSent,
    /// It waits for something that no longer comes (an operator can still move it).
    /// Proof: the commit; the last record about the message; the first acceptance by the broker.
    Stuck,
    /// Set aside where an operator can review and replay it.
    /// Proof: the first acceptance by the broker; the first receipt; the dead-lettering.
    Parked,
    /// An effect was applied after that of an order of the same key which was committed later.
    /// Proof: the commit; the application of the later order; the application of this one.
    OutOfOrder,
    /// A request failed: whoever asked saw an error. The order is `record::NONE` if it was never taken in.
    /// Proof: the coming of the request; the error.
    Failed,
    /// An answer came later than promised, or never. The order is `record::NONE` if it was never taken in.
    /// Proof: the coming of the request; the answer, or the end.
    Late,
    /// Not everything was done when it was promised; found once. The order and the message are those of the first
    /// effect that came too late, `record::NONE` if none did.
    /// Proof: the first unit of work taken in; the effect, or the end.
    Overdue,
}

impl Verdict {
    /// Every verdict, in the order of this list.
    pub const ALL: [Verdict; 10] = [
        Verdict::Lost,
        Verdict::Duplicate,
        Verdict::Ghost,
        Verdict::HalfSent,
        Verdict::Stuck,
        Verdict::Parked,
        Verdict::OutOfOrder,
        Verdict::Failed,
        Verdict::Late,
        Verdict::Overdue,
    ];

    /// Whether the judge can come to it in such a world: who promises no answer cannot fail to give one.
    pub fn can_happen(self, setup: &Setup) -> bool {
        match self {
            Verdict::HalfSent => setup.services.iter().any(|service| service.messages.len() > 1),
            Verdict::Failed => setup.services.iter().any(|service| service.answers),
            Verdict::Late => setup.bounds.answer.is_some(),
            Verdict::Overdue => setup.bounds.done.is_some(),
            _ => true,
        }
    }

    /// The name used in JSON, links and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Lost => "lost",
            Verdict::Duplicate => "duplicate",
            Verdict::Ghost => "ghost",
            Verdict::HalfSent => "half-sent",
            Verdict::Stuck => "stuck",
            Verdict::Parked => "parked",
            Verdict::OutOfOrder => "out-of-order",
            Verdict::Failed => "failed",
            Verdict::Late => "late",
            Verdict::Overdue => "overdue",
        }
    }
}

/// One verdict, when it became certain, about what, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// The queue it is about, or [`NO_QUEUE`].
    pub queue: u8,
    /// The step at which it became certain.
    pub step: u32,
    /// When that was.
    pub at: Instant,
    /// The order, or `record::NONE`.
    pub order: u32,
    /// The message, or `record::NONE`.
    pub message: u32,
    /// Places in the history of the records that prove it, as each [`Verdict`] tells; `record::NONE` where
    /// there is no such record.
    pub proof: [u32; 3],
}

/// "None" in a finding's `queue`.
pub const NO_QUEUE: u8 = u8::MAX;

/// How many findings there are of each verdict.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Counts {
    /// (message, queue) pairs that were lost.
    pub lost: u32,
    /// Applications beyond the first of a (message, queue) pair.
    pub duplicates: u32,
    /// (message, queue) pairs at which a ghost was seen.
    pub ghosts: u32,
    /// Orders of which some messages were sent and some never will be.
    pub half_sent: u32,
    /// (message, queue) pairs that wait in vain; known only at the end.
    pub stuck: u32,
    /// Copies set aside.
    pub parked: u32,
    /// (message, queue) pairs whose effect came out of order.
    pub out_of_order: u32,
    /// Requests that failed.
    pub failed: u32,
    /// Answers that came later than promised.
    pub late: u32,
    /// 1 if not everything was done when it was promised.
    pub overdue: u32,
}

impl Counts {
    /// The count of one verdict.
    pub const fn of(&self, verdict: Verdict) -> u32 {
        let mut counts = *self;
        *counts.count(verdict)
    }

    /// One more of a verdict.
    pub(super) fn add(&mut self, verdict: Verdict) {
        *self.count(verdict) += 1;
    }

    const fn count(&mut self, verdict: Verdict) -> &mut u32 {
        match verdict {
            Verdict::Lost => &mut self.lost,
            Verdict::Duplicate => &mut self.duplicates,
            Verdict::Ghost => &mut self.ghosts,
            Verdict::HalfSent => &mut self.half_sent,
            Verdict::Stuck => &mut self.stuck,
            Verdict::Parked => &mut self.parked,
            Verdict::OutOfOrder => &mut self.out_of_order,
            Verdict::Failed => &mut self.failed,
            Verdict::Late => &mut self.late,
            Verdict::Overdue => &mut self.overdue,
        }
    }
}

/// How much there was of everything, good or bad.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Totals {
    /// Orders committed (or produced).
    pub committed: u32,
    /// Orders rolled back.
    pub rolled_back: u32,
    /// (message, queue) pairs of the committed orders: the effects to be expected so far.
    #[serde(rename = "effects_expected")]
    pub expected: u32,
    /// Those of them that were applied, however often.
    #[serde(rename = "effects_arrived")]
    pub arrived: u32,
    /// Effects applied in all, repeats and ghosts included.
    #[serde(rename = "effects_applied")]
    pub effects: u32,
    /// Deliveries taken in by workers.
    pub deliveries: u32,
    /// Those of them that the broker marked as a possible repeat.
    pub redeliveries: u32,
}

//! Does the run keep its word? Promises, and how each stands at any moment.

use super::finding::Verdict;
use super::ledger::{Fact, Ledger, Moment};
use crate::sim::time::Instant;
use serde::{Deserialize, Serialize};

/// When a promise must hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum When {
    /// After every step.
    Always,
    /// Once the faults are over and the system is quiet: judged at the end.
    Eventually,
    /// At least once: the run really reached it. Without it a promise that held proves nothing.
    Sometimes,
}

impl When {
    /// The name used in scenario files and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            When::Always => "always",
            When::Eventually => "eventually",
            When::Sometimes => "sometimes",
        }
    }
}

/// Something that a run promises.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub enum Promise {
    /// No order is lost. Broken when a loss has become certain.
    NothingLost,
    /// No effect is applied twice.
    NothingTwice,
    /// No message of a rolled back order reaches a consumer.
    NoGhost,
    /// No order is half-sent.
    AllOrNone,
    /// Effects of one key are applied in the order of the commits.
    InOrder,
    /// At the end nothing is lost and nothing is stuck. Parked is safe.
    EverythingArrives,
    /// A party crashed.
    ACrash,
    /// The broker went down.
    BrokerDown,
    /// A unit of work was rolled back.
    ARollback,
    /// A message was accepted by the broker again, or delivered as a possible repeat.
    ARedelivery,
    /// A message could not be serialized.
    ASerializationError,
    /// A delivery could not be decoded.
    ADeserializationError,
    /// A handler failed with an exception.
    AHandlerError,
    /// A packet was lost.
    ALostPacket,
    /// A packet was doubled.
    ADoubledPacket,
    /// A publisher learned that the broker cannot be reached.
    ARefusedPublish,
    /// A publisher waited for a confirmation in vain.
    AMissingConfirmation,
    /// A database did not answer for a while.
    ADatabaseOutage,
    /// A party was cut off from the broker.
    ACut,
    /// An inbox recognised a repeat.
    ARecognisedRepeat,
    /// A copy was parked.
    ADeadLetter,
    /// A copy was thrown away.
    ADroppedCopy,
    /// An effect was applied.
    AnEffect,
    /// The visibility timeout of a message ended before it was deleted.
    AVisibilityTimeout,
    /// A poll came back with nothing.
    AnEmptyPoll,
    /// A message was moved back from a dead-letter queue.
    ARedrive,
    /// A service tried again to send a message.
    ARetry,
    /// A parked message was replayed.
    AReplay,
    /// Nobody who asks sees an error.
    NoRequestFails,
    /// Every answer comes within the time that the scenario gives.
    AnswersInTime,
    /// Everything is done within the time that the scenario gives.
    DoneInTime,
    /// A caller learned that nobody is there to answer.
    ARefusedCall,
    /// A party was stopped as planned.
    APlannedStop,
    /// A subscription was made while messages were being published.
    ALateSubscriber,
    /// A subscription did not want a message.
    AFilteredCopy,
    /// A topic could not deliver to a queue.
    AFailedSubscription,
    /// A message was returned to its publisher: no queue got it.
    AReturnedMessage,
    /// A message was bad: every handler fails on it.
    ABadMessage,
    /// A message outlived its time in a queue.
    AnExpiredMessage,
    /// A queue was full.
    AFullQueue,
    /// A message came back to its queue once too often.
    AReturnLimit,
}

/// What a promise watches.
enum Watch {
    /// It is broken by a finding.
    Never(Verdict),
    /// At the end there is no such finding.
    NoneLeft([Verdict; 2]),
    /// It is reached.
    Reach(Fact),
}

impl Promise {
    /// Every promise, in the order of this list.
    pub const ALL: [Promise; 41] = [
        Promise::NothingLost,
        Promise::NothingTwice,
        Promise::NoGhost,
        Promise::AllOrNone,
        Promise::InOrder,
        Promise::EverythingArrives,
        Promise::ACrash,
        Promise::BrokerDown,
        Promise::ARollback,
        Promise::ARedelivery,
        Promise::ASerializationError,
        Promise::ADeserializationError,
        Promise::AHandlerError,
        Promise::ALostPacket,
        Promise::ADoubledPacket,
        Promise::ARefusedPublish,
        Promise::AMissingConfirmation,
        Promise::ADatabaseOutage,
        Promise::ACut,
        Promise::ARecognisedRepeat,
        Promise::ADeadLetter,
        Promise::ADroppedCopy,
        Promise::AnEffect,
        Promise::AVisibilityTimeout,
        Promise::AnEmptyPoll,
        Promise::ARedrive,
        Promise::ARetry,
        Promise::AReplay,
        Promise::NoRequestFails,
        Promise::AnswersInTime,
        Promise::DoneInTime,
        Promise::ARefusedCall,
        Promise::APlannedStop,
        Promise::ALateSubscriber,
        Promise::AFilteredCopy,
        Promise::AFailedSubscription,
        Promise::AReturnedMessage,
        Promise::ABadMessage,
        Promise::AnExpiredMessage,
        Promise::AFullQueue,
        Promise::AReturnLimit,
    ];

    /// The name, the sentence for people, and what is watched.
    const fn entry(self) -> (&'static str, &'static str, Watch) {
        use Watch::{Never, NoneLeft, Reach};
        match self {
            Promise::NothingLost => ("nothing-lost", "No {} is lost", Never(Verdict::Lost)),
            Promise::NothingTwice => ("nothing-twice", "Nothing is done twice", Never(Verdict::Duplicate)),
            Promise::NoGhost => ("no-ghost", "No message without its {}", Never(Verdict::Ghost)),
            Promise::AllOrNone => ("all-or-none", "All messages of one {} or none", Never(Verdict::HalfSent)),
            Promise::InOrder => ("in-order", "In order", Never(Verdict::OutOfOrder)),
            Promise::EverythingArrives => (
                "everything-arrives",
                "Everything arrives once the faults are over",
                NoneLeft([Verdict::Lost, Verdict::Stuck]),
            ),
            Promise::ACrash => ("a-crash", "A party really crashed", Reach(Fact::Crash)),
            Promise::BrokerDown => ("broker-down", "The broker really went down", Reach(Fact::BrokerDown)),
            Promise::ARollback => ("a-rollback", "One {} was really rolled back", Reach(Fact::Rollback)),
            Promise::ARedelivery => ("a-redelivery", "A message really came again", Reach(Fact::Redelivery)),
            Promise::ASerializationError => (
                "a-serialization-error",
                "A message really could not be serialized",
                Reach(Fact::SerializationError),
            ),
            Promise::ADeserializationError => (
                "a-deserialization-error",
                "A message really could not be deserialized",
                Reach(Fact::DeserializationError),
            ),
            Promise::AHandlerError => {
                ("a-handler-error", "A handler really failed", Reach(Fact::HandlerError))
            }
            Promise::ALostPacket => ("a-lost-packet", "A packet was really lost", Reach(Fact::LostPacket)),
            Promise::ADoubledPacket => {
                ("a-doubled-packet", "A packet was really doubled", Reach(Fact::DoubledPacket))
            }
            Promise::ARefusedPublish => {
                ("a-refused-publish", "A publisher really could not reach the broker", Reach(Fact::NotTaken))
            }
            Promise::AMissingConfirmation => (
                "a-missing-confirmation",
                "A publisher really waited for a confirmation in vain",
                Reach(Fact::TimedOut),
            ),
            Promise::ADatabaseOutage => {
                ("a-database-outage", "A database really did not answer", Reach(Fact::DatabaseOutage))
            }
            Promise::ACut => ("a-cut", "A party was really cut off", Reach(Fact::Cut)),
            Promise::ARecognisedRepeat => {
                ("a-recognised-repeat", "An inbox really recognised a repeat", Reach(Fact::RepeatSkipped))
            }
            Promise::ADeadLetter => ("a-dead-letter", "A message was really parked", Reach(Fact::DeadLetter)),
            Promise::ADroppedCopy => {
                ("a-dropped-copy", "The broker really threw a message away", Reach(Fact::DroppedCopy))
            }
            Promise::AnEffect => ("an-effect", "A consumer really did something", Reach(Fact::Effect)),
            Promise::AVisibilityTimeout => (
                "a-visibility-timeout",
                "A visibility timeout really ended before the message was deleted",
                Reach(Fact::VisibilityTimeout),
            ),
            Promise::AnEmptyPoll => {
                ("an-empty-poll", "A poll really came back with nothing", Reach(Fact::EmptyPoll))
            }
            Promise::ARedrive => {
                ("a-redrive", "A message was really moved back from the dead letters", Reach(Fact::Redrive))
            }
            Promise::ARetry => ("a-retry", "A service really tried again", Reach(Fact::Retry)),
            Promise::AReplay => ("a-replay", "A parked message was really replayed", Reach(Fact::Replay)),
            Promise::NoRequestFails => {
                ("no-request-fails", "Nobody who asks sees an error", Never(Verdict::Failed))
            }
            Promise::AnswersInTime => ("answers-in-time", "Every answer comes in time", Never(Verdict::Late)),
            Promise::DoneInTime => ("done-in-time", "Everything is done in time", Never(Verdict::Overdue)),
            Promise::ARefusedCall => {
                ("a-refused-call", "A caller really found nobody there", Reach(Fact::RefusedCall))
            }
            Promise::APlannedStop => {
                ("a-planned-stop", "A party was really stopped as planned", Reach(Fact::PlannedStop))
            }
            Promise::ALateSubscriber => {
                ("a-late-subscriber", "A subscriber really came later", Reach(Fact::LateSubscriber))
            }
            Promise::AFilteredCopy => {
                ("a-filtered-copy", "A subscription really did not want a message", Reach(Fact::FilteredCopy))
            }
            Promise::AFailedSubscription => (
                "a-failed-subscription",
                "A topic really could not deliver to a queue",
                Reach(Fact::FailedSubscription),
            ),
            Promise::AReturnedMessage => (
                "a-returned-message",
                "A message really came back to its publisher",
                Reach(Fact::ReturnedMessage),
            ),
            Promise::ABadMessage => ("a-bad-message", "A message was really bad", Reach(Fact::BadMessage)),
            Promise::AnExpiredMessage => {
                ("an-expired-message", "A message really outlived its time", Reach(Fact::ExpiredMessage))
            }
            Promise::AFullQueue => ("a-full-queue", "A queue was really full", Reach(Fact::FullQueue)),
            Promise::AReturnLimit => {
                ("a-return-limit", "A message really came back once too often", Reach(Fact::ReturnLimit))
            }
        }
    }

    /// The name used in scenario files, JSON and links.
    pub const fn name(self) -> &'static str {
        self.entry().0
    }

    /// The promise of that name.
    pub fn of(name: &str) -> Option<Promise> {
        Promise::ALL.into_iter().find(|promise| promise.name() == name)
    }

    /// The promise as a sentence for people; `noun` is what a unit of work is called there, singular: `order`.
    pub fn sentence(self, noun: &str) -> String {
        self.entry().1.replace("{}", noun)
    }

    /// When it must hold.
    pub const fn when(self) -> When {
        match self.entry().2 {
            Watch::Never(_) => When::Always,
            Watch::NoneLeft(_) => When::Eventually,
            Watch::Reach(_) => When::Sometimes,
        }
    }

    /// The findings that break it; none for one that is only to be reached.
    pub const fn broken_by(self) -> [Option<Verdict>; 2] {
        match self.entry().2 {
            Watch::Never(verdict) => [Some(verdict), None],
            Watch::NoneLeft([one, other]) => [Some(one), Some(other)],
            Watch::Reach(_) => [None, None],
        }
    }

    /// How it stands, by what the ledger has seen so far.
    pub fn state(self, ledger: &Ledger) -> PromiseState {
        let ended = ledger.ended();
        let mut state = PromiseState { promise: self, held: None, broken: None, reached: None };
        match self.entry().2 {
            Watch::Never(verdict) => {
                state.broken = ledger.first_finding(verdict).map(|(index, finding)| Breach {
                    step: finding.step,
                    at: finding.at,
                    finding: index,
                });
                state.held = if state.broken.is_some() { Some(false) } else { ended.map(|_| true) };
            }
            Watch::NoneLeft(verdicts) => {
                if let Some(end) = ended {
                    let first = verdicts.into_iter().find_map(|verdict| ledger.first_finding(verdict));
                    state.broken = first.map(|(finding, _)| Breach { step: end.step, at: end.at, finding });
                    state.held = Some(state.broken.is_none());
                }
            }
            Watch::Reach(fact) => {
                state.reached = ledger.reached(fact);
                state.held = if state.reached.is_some() { Some(true) } else { ended.map(|_| false) };
            }
        }
        state
    }
}

/// Where a promise was broken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Breach {
    /// The step.
    pub step: u32,
    /// The time.
    pub at: Instant,
    /// The finding that broke it: an index in [`Ledger::findings`].
    pub finding: u32,
}

/// How a promise stands at a moment of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PromiseState {
    /// Which.
    pub promise: Promise,
    /// Whether it was kept; none: not decided yet (unbroken so far, not reached so far).
    pub held: Option<bool>,
    /// Where it was broken.
    pub broken: Option<Breach>,
    /// Where a [`When::Sometimes`] was first reached.
    pub reached: Option<Moment>,
}

/// How each of these promises stands.
pub fn judge(ledger: &Ledger, promises: &[Promise]) -> Vec<PromiseState> {
    promises.iter().map(|promise| promise.state(ledger)).collect()
}

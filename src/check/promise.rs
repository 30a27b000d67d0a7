//! Does the run keep its word? Promises, and how each stands at any moment.

use super::finding::Verdict;
use super::ledger::{Fact, Ledger, Moment};
use crate::sim::time::Instant;
use crate::words::promises as words;
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
            Promise::NothingLost => ("nothing-lost", words::NOTHING_LOST, Never(Verdict::Lost)),
            Promise::NothingTwice => ("nothing-twice", words::NOTHING_TWICE, Never(Verdict::Duplicate)),
            Promise::NoGhost => ("no-ghost", words::NO_GHOST, Never(Verdict::Ghost)),
            Promise::AllOrNone => ("all-or-none", words::ALL_OR_NONE, Never(Verdict::HalfSent)),
            Promise::InOrder => ("in-order", words::IN_ORDER, Never(Verdict::OutOfOrder)),
            Promise::EverythingArrives => {
                ("everything-arrives", words::EVERYTHING_ARRIVES, NoneLeft([Verdict::Lost, Verdict::Stuck]))
            }
            Promise::ACrash => ("a-crash", words::A_CRASH, Reach(Fact::Crash)),
            Promise::BrokerDown => ("broker-down", words::BROKER_DOWN, Reach(Fact::BrokerDown)),
            Promise::ARollback => ("a-rollback", words::A_ROLLBACK, Reach(Fact::Rollback)),
            Promise::ARedelivery => ("a-redelivery", words::A_REDELIVERY, Reach(Fact::Redelivery)),
            Promise::ASerializationError => {
                ("a-serialization-error", words::A_SERIALIZATION_ERROR, Reach(Fact::SerializationError))
            }
            Promise::ADeserializationError => {
                ("a-deserialization-error", words::A_DESERIALIZATION_ERROR, Reach(Fact::DeserializationError))
            }
            Promise::AHandlerError => ("a-handler-error", words::A_HANDLER_ERROR, Reach(Fact::HandlerError)),
            Promise::ALostPacket => ("a-lost-packet", words::A_LOST_PACKET, Reach(Fact::LostPacket)),
            Promise::ADoubledPacket => {
                ("a-doubled-packet", words::A_DOUBLED_PACKET, Reach(Fact::DoubledPacket))
            }
            Promise::ARefusedPublish => {
                ("a-refused-publish", words::A_REFUSED_PUBLISH, Reach(Fact::NotTaken))
            }
            Promise::AMissingConfirmation => {
                ("a-missing-confirmation", words::A_MISSING_CONFIRMATION, Reach(Fact::TimedOut))
            }
            Promise::ADatabaseOutage => {
                ("a-database-outage", words::A_DATABASE_OUTAGE, Reach(Fact::DatabaseOutage))
            }
            Promise::ACut => ("a-cut", words::A_CUT, Reach(Fact::Cut)),
            Promise::ARecognisedRepeat => {
                ("a-recognised-repeat", words::A_RECOGNISED_REPEAT, Reach(Fact::RepeatSkipped))
            }
            Promise::ADeadLetter => ("a-dead-letter", words::A_DEAD_LETTER, Reach(Fact::DeadLetter)),
            Promise::ADroppedCopy => ("a-dropped-copy", words::A_DROPPED_COPY, Reach(Fact::DroppedCopy)),
            Promise::AnEffect => ("an-effect", words::AN_EFFECT, Reach(Fact::Effect)),
            Promise::AVisibilityTimeout => {
                ("a-visibility-timeout", words::A_VISIBILITY_TIMEOUT, Reach(Fact::VisibilityTimeout))
            }
            Promise::AnEmptyPoll => ("an-empty-poll", words::AN_EMPTY_POLL, Reach(Fact::EmptyPoll)),
            Promise::ARedrive => ("a-redrive", words::A_REDRIVE, Reach(Fact::Redrive)),
            Promise::ARetry => ("a-retry", words::A_RETRY, Reach(Fact::Retry)),
            Promise::AReplay => ("a-replay", words::A_REPLAY, Reach(Fact::Replay)),
            Promise::NoRequestFails => ("no-request-fails", words::NO_REQUEST_FAILS, Never(Verdict::Failed)),
            Promise::AnswersInTime => ("answers-in-time", words::ANSWERS_IN_TIME, Never(Verdict::Late)),
            Promise::DoneInTime => ("done-in-time", words::DONE_IN_TIME, Never(Verdict::Overdue)),
            Promise::ARefusedCall => ("a-refused-call", words::A_REFUSED_CALL, Reach(Fact::RefusedCall)),
            Promise::APlannedStop => ("a-planned-stop", words::A_PLANNED_STOP, Reach(Fact::PlannedStop)),
            Promise::ALateSubscriber => {
                ("a-late-subscriber", words::A_LATE_SUBSCRIBER, Reach(Fact::LateSubscriber))
            }
            Promise::AFilteredCopy => ("a-filtered-copy", words::A_FILTERED_COPY, Reach(Fact::FilteredCopy)),
            Promise::AFailedSubscription => {
                ("a-failed-subscription", words::A_FAILED_SUBSCRIPTION, Reach(Fact::FailedSubscription))
            }
            Promise::AReturnedMessage => {
                ("a-returned-message", words::A_RETURNED_MESSAGE, Reach(Fact::ReturnedMessage))
            }
            Promise::ABadMessage => ("a-bad-message", words::A_BAD_MESSAGE, Reach(Fact::BadMessage)),
            Promise::AnExpiredMessage => {
                ("an-expired-message", words::AN_EXPIRED_MESSAGE, Reach(Fact::ExpiredMessage))
            }
            Promise::AFullQueue => ("a-full-queue", words::A_FULL_QUEUE, Reach(Fact::FullQueue)),
            Promise::AReturnLimit => ("a-return-limit", words::A_RETURN_LIMIT, Reach(Fact::ReturnLimit)),
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

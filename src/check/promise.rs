//! Which promises are there? A stub: the names only, until the ledger comes.

/// A promise, or a fact that a run should reach.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[allow(missing_docs)]
pub enum Promise {
    NothingLost,
    NothingTwice,
    NoGhost,
    AllOrNone,
    InOrder,
    EverythingArrives,
    ACrash,
    BrokerDown,
    ARollback,
    ARedelivery,
    ASerializationError,
    ADeserializationError,
    ALostPacket,
    AnEffect,
}

impl Promise {
    /// Every promise.
    pub const ALL: [Promise; 14] = [
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
        Promise::ALostPacket,
        Promise::AnEffect,
    ];

    /// The name used in scenario files.
    pub const fn name(self) -> &'static str {
        match self {
            Promise::NothingLost => "nothing-lost",
            Promise::NothingTwice => "nothing-twice",
            Promise::NoGhost => "no-ghost",
            Promise::AllOrNone => "all-or-none",
            Promise::InOrder => "in-order",
            Promise::EverythingArrives => "everything-arrives",
            Promise::ACrash => "a-crash",
            Promise::BrokerDown => "broker-down",
            Promise::ARollback => "a-rollback",
            Promise::ARedelivery => "a-redelivery",
            Promise::ASerializationError => "a-serialization-error",
            Promise::ADeserializationError => "a-deserialization-error",
            Promise::ALostPacket => "a-lost-packet",
            Promise::AnEffect => "an-effect",
        }
    }

    /// The promise of that name.
    pub fn find(name: &str) -> Option<Promise> {
        Promise::ALL.into_iter().find(|promise| promise.name() == name)
    }
}

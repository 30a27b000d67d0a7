//! What is searched here: the outbox of the catalogue, with that many messages.

use brokerlab::explore::{Found, Options, Search};
use brokerlab::scenario::{Scenario, catalogue};

/// How many messages.
pub const MESSAGES: std::ops::RangeInclusive<u8> = 3..=6;
/// How many faults, or crashes.
pub const FAULTS: [u8; 2] = [1, 2];

/// That scenario with so many messages.
pub fn with_messages(name: &str, messages: u8) -> Scenario {
    let mut scenario = catalogue::find(name).expect("a scenario of the catalogue").clone();
    let mut setup = (*scenario.setup).clone();
    setup.services[0].count = messages.into();
    scenario.setup = setup.into();
    scenario
}

/// The whole search.
pub fn whole(scenario: &Scenario, options: &Options) -> Found {
    first(scenario, options, &|_| false)
}

/// The search as far as the first piece after which that is so.
pub fn first(scenario: &Scenario, options: &Options, enough: &dyn Fn(&Found) -> bool) -> Found {
    let search = Search::new(scenario, options);
    let mut found = search.first().clone();
    for piece in 0..search.pieces() {
        if enough(&found) {
            break;
        }
        found.merge(search.piece(piece, &mut || true));
    }
    found
}

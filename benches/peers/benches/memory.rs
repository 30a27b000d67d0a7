//! How much does a state cost that is kept, and a whole search at most? And another model checker's?
//! `cargo bench --package peers --bench memory`. Counted where it is allocated.

mod model;
mod ours;

use brokerlab::explore::Options;
use brokerlab::timeline::moment::Moment;
use model::Outbox;
use ours::{FAULTS, MESSAGES, whole, with_messages};
use peak_alloc::PeakAlloc;
use stateright::{Checker, Model};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() {
    println!("Brokerlab, outbox-with-inbox, every kind of fault");
    println!("messages faults    states  peak KB  bytes/state  bytes of a kept state");
    for messages in MESSAGES {
        let scenario = with_messages("outbox-with-inbox", messages);
        let kept = kept(&Moment::start(&scenario.setup, scenario.seed));
        for faults in FAULTS {
            let (peak, states) = peak(|| whole(&scenario, &Options { faults, ..Options::default() }).steps);
            let each = peak as f64 / states as f64;
            println!("{messages:8} {faults:6} {states:9} {:8.0} {each:12.2} {kept:22}", kb(peak));
        }
    }
    println!("\nstateright, breadth first, the outbox with an inbox without time, in every order");
    println!("messages crashes   unique   peak KB  bytes/state");
    for messages in MESSAGES {
        for crashes in FAULTS {
            let outbox = Outbox { messages, crashes, inbox: true };
            let (peak, unique) =
                peak(|| outbox.checker().threads(1).spawn_bfs().join().unique_state_count() as u64);
            println!(
                "{messages:8} {crashes:7} {unique:8} {:9.0} {:12.1}",
                kb(peak),
                peak as f64 / unique as f64
            );
        }
    }
}

/// The most that was allocated at once, beyond what was there before.
fn peak<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let done = work();
    (MEMORY.peak_usage() - before, done)
}

/// A copy of the world and its ledger after each step of a run, whose history is forgotten as the search forgets it:
/// what one of them costs.
fn kept(start: &Moment) -> usize {
    let mut moment = start.clone();
    moment.world.watch_everything();
    let mut states: Vec<Moment> = Vec::with_capacity(4_096);
    let before = MEMORY.current_usage();
    while moment.advance(&[]) {
        moment.world.forget_history();
        moment.world.take_passed();
        states.push(moment.clone());
    }
    size_of::<Moment>() + (MEMORY.current_usage() - before) / states.len()
}

fn kb(bytes: usize) -> f64 {
    bytes as f64 / 1e3
}

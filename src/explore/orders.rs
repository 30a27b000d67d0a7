//! In which other order could it have come? A packet could have been slower, as slow as its wire can be, and so have
//! come after something that it came before; of two things that are due at the same moment the other could have been
//! first.
//!
//! What could have been is said as a fault: a packet that is late, a step that is late by a microsecond. So a run with
//! another order is a run with these faults, and can be told, linked and replayed like any other.
//!
//! So every order is tried that so many late packets make of the seed's own, not every order that there is: nothing is
//! faster than the seed has it, and steps, handlers and timers take as long as they take.

use crate::broker::world::Passed;
use crate::fault::plan::{Fault, PacketFault, StepFault, Which};
use crate::fault::point::{PacketKind, Step};
use crate::sim::time::{Instant, Span};
use crate::timeline::moment::Moment;

/// The most other places that are tried for one packet.
const MOST_PLACES: usize = 16;
/// The least that makes something later than another.
const LEAST: Span = Span(1);

/// The faults that give what was passed there another place in the order of things, and whether there would be more.
/// `after` is what was right after it, the `nth` of its kind in that step; `later` are the moments of the steps that
/// follow, earliest first.
pub fn orders_at(place: Passed, nth: u32, after: &Moment, later: &[Instant]) -> (Vec<Fault>, bool) {
    let now = after.now();
    match place {
        Passed::Step(actor, step, n) if later.first() == Some(&now) && !takes_a_packet(step) => {
            let fault = StepFault::Slow(LEAST);
            (vec![Fault::AtStep { actor, step, which: Which::Nth(n), fault }], false)
        }
        Passed::Step(..) | Passed::Packet(_, PacketKind::Refuse, _) => (Vec::new(), false),
        Passed::Packet(actor, kind, n) => {
            let its = |number: &&u32| after.world.packet(**number).is_some();
            let mut sent: Vec<u32> = (after.world.packets())
                .filter(|packet| (packet.party, packet.kind, packet.sent) == (actor, kind, now))
                .map(|packet| packet.number)
                .collect();
            sent.sort_unstable();
            let packet = sent.get(nth as usize - 1).filter(its).and_then(|&it| after.world.packet(it));
            let Some(packet) = packet else { return (Vec::new(), false) };
            let latest = after.world.latest_arrival(packet);
            let mut behind: Vec<Instant> = (later.iter().copied())
                .filter(|&at| at == packet.arrives || (packet.arrives < at && at + LEAST <= latest))
                .collect();
            behind.dedup();
            let more = behind.len() > MOST_PLACES;
            behind.truncate(MOST_PLACES);
            let late = |at: Instant| {
                let fault = PacketFault::Delay(at.since(packet.arrives) + LEAST);
                Fault::OnPacket { actor, kind, which: Which::Nth(n), fault }
            };
            (behind.into_iter().map(late).collect(), more)
        }
    }
}

/// Whether the step is the end of a packet's way: then it is the packet that is late, in the order of its wire.
fn takes_a_packet(step: Step) -> bool {
    use Step::{Accept, Confirmed, Delete, HandOut, Receive, Replied, Settle};
    matches!(step, Accept | Confirmed | Delete | HandOut | Receive | Replied | Settle)
}

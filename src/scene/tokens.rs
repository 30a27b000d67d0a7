//! Where is each message on its way? A token's place follows from when its packet was sent and when it arrives:
//! there is no animation state, so going back, slow motion and pausing cost nothing.

use super::layout::Layout;
use super::names;
use super::stage::packet_path;
use crate::broker::record::Kind;
use crate::broker::wire::Flight;
use crate::broker::world::World;
use crate::check::ledger::Ledger;
use crate::fault::point::PacketKind;
use crate::sim::time::{Instant, Span};

/// How a token looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// A message that nothing is wrong with.
    Message,
    /// A message whose order was rolled back.
    Ghost,
    /// A message that was sent or delivered before.
    Repeat,
    /// The broker's word to a publisher, or a consumer's to the broker.
    Word,
    /// A refusal, or a message given back.
    Refusal,
    /// What was lost, shown for a while where it vanished.
    Lost,
}

/// A token on its way.
#[derive(Clone, PartialEq, Debug)]
pub struct Token {
    /// Tells it from the others: the packet's number, or for what was lost its place in the history.
    pub id: u64,
    /// The packet's number, while it is in flight.
    pub packet: Option<u32>,
    /// The message.
    pub message: u32,
    /// Where it is, in pixels of the stage.
    pub x: f32,
    /// See `x`.
    pub y: f32,
    /// How it looks.
    pub look: Look,
    /// What stands under it.
    pub label: String,
    /// Held by hand or by a fault.
    pub held: bool,
    /// What it is.
    pub kind: PacketKind,
}

/// How long what was lost stays in sight.
const LOST_SHOWS: Span = Span::from_millis(1200);

/// The tokens at `playhead`, which is not before the moment's last step. Times in between are drawn smoothly;
/// with `steps_only` (reduced motion) a token stands half-way until it arrives.
pub fn tokens(
    world: &World,
    ledger: &Ledger,
    layout: &Layout,
    playhead: Instant,
    steps_only: bool,
) -> Vec<Token> {
    let mut tokens = Vec::new();
    for packet in world.packets() {
        let part = if steps_only { 500 } else { packet.progress(playhead) };
        let (x, y) =
            packet_path(world, layout, packet.party, packet.kind, packet.message).at(part as f32 / 1000.0);
        let ghost = world.carried(packet).any(|(message, _)| ledger.is_undone(message));
        let again = match packet.kind {
            PacketKind::Publish | PacketKind::Call => ledger.times_accepted(packet.message) > 0,
            PacketKind::Delivery => packet.requeue,
            PacketKind::Reply => world.carried(packet).any(|(_, again)| again),
            _ => false,
        };
        let look = match packet.kind {
            PacketKind::Publish | PacketKind::Delivery | PacketKind::Call | PacketKind::Return if ghost => {
                Look::Ghost
            }
            PacketKind::Publish | PacketKind::Delivery if again => Look::Repeat,
            PacketKind::Publish | PacketKind::Delivery | PacketKind::Call | PacketKind::Return => {
                Look::Message
            }
            PacketKind::Reply if packet.count == 0 => Look::Word,
            PacketKind::Reply if ghost => Look::Ghost,
            PacketKind::Reply if again => Look::Repeat,
            PacketKind::Reply => Look::Message,
            PacketKind::Extend if packet.requeue => Look::Refusal,
            PacketKind::Confirm | PacketKind::Ack | PacketKind::Response => Look::Word,
            PacketKind::Poll | PacketKind::Delete | PacketKind::Extend => Look::Word,
            PacketKind::Refuse | PacketKind::Nack | PacketKind::Reject | PacketKind::Error => Look::Refusal,
        };
        tokens.push(Token {
            id: u64::from(packet.number),
            packet: Some(packet.number),
            message: packet.message,
            x,
            y,
            look,
            label: names::packet_label(world, packet),
            held: matches!(packet.flight, Flight::Held(since) if since <= playhead),
            kind: packet.kind,
        });
    }
    for (back, record) in world.history().iter().rev().enumerate() {
        if playhead.since(record.at) > LOST_SHOWS || back > 4000 {
            break;
        }
        if record.kind != Kind::Lost {
            continue;
        }
        let (kind, to) = record.packet();
        let party = if kind.outward() { record.actor } else { to };
        let (x, y) = packet_path(world, layout, party, kind, record.subject).at(0.5);
        tokens.push(Token {
            id: 1 << 40 | (world.history().len() - back) as u64,
            packet: None,
            message: record.subject,
            x,
            y,
            look: Look::Lost,
            label: names::label(world, record.subject),
            held: false,
            kind,
        });
    }
    tokens
}

//! What can be broken here and now? Only the faults that mean something in the scenario on show.

use super::names;
use super::parked::{is_dead_letter_queue, is_reviewed};
use crate::broker::command::{Command, Letters, Operator};
use crate::broker::dead_letter::{DeadLetters, LetterState};
use crate::broker::poll::goes_back;
use crate::broker::setup::{Publishing, Role};
use crate::broker::wire::{Flight, Packet};
use crate::broker::world::World;
use crate::fault::plan::{Fault, PacketFault, StepFault, Which};
use crate::fault::point::{ActorId, PacketKind, Step};
use crate::scenario::steps::is_polled;
use crate::sim::time::Span;

/// Something that can be done by hand.
#[derive(Clone, PartialEq, Debug)]
pub struct Action {
    /// What the button says, under the name of what it is done to.
    pub label: String,
    /// What it does.
    pub command: Command,
    /// Whether it mends instead of breaking.
    pub mends: bool,
}

impl Action {
    fn breaks(label: impl Into<String>, command: Command) -> Action {
        Action { label: label.into(), command, mends: false }
    }

    fn mends(label: impl Into<String>, command: Command) -> Action {
        Action { label: label.into(), command, mends: true }
    }
}

/// What can be done to one party, under its name.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// The party's name.
    pub name: String,
    /// What can be done to it.
    pub actions: Vec<Action>,
}

/// The most workers that are listed; the others are broken on the stage.
const MOST_WORKERS: u8 = 3;

/// Everything that can be done to the parties, party by party.
pub fn groups(world: &World) -> Vec<Group> {
    let cast = world.cast();
    let listed =
        |actor: &ActorId| !matches!(cast.role(*actor), Role::Worker(_, worker) if worker >= MOST_WORKERS);
    (0..cast.actors.len() as u8)
        .map(ActorId)
        .filter(listed)
        .filter(|&actor| actor != cast.broker || world.setup().uses_broker())
        .map(|actor| Group { name: names::party_title(world, actor), actions: of_party(world, actor) })
        .collect()
}

/// The most subscriptions that are listed.
const MOST_LINKS: usize = 6;

/// What can be done to the ways from topics and exchanges to queues.
fn links(world: &World) -> Vec<Action> {
    let setup = world.setup();
    let mut actions = Vec::new();
    for (index, topic) in (0..).zip(&setup.topics) {
        for queue in topic.all_queues() {
            let (name, of) = (&setup.queues[queue as usize].name, &topic.name);
            let (up, down) = (Command::SubscriptionUp(index, queue), Command::SubscriptionDown(index, queue));
            actions.push(if !world.is_subscribed(index, queue) {
                Action::mends(format!("Subscribe {name} now"), up)
            } else if !world.delivers(index, queue) {
                Action::mends(format!("Let {of} reach {name} again"), up)
            } else {
                Action::breaks(format!("Cut {name} off from {of}"), down)
            });
        }
    }
    actions.truncate(MOST_LINKS);
    actions
}

fn fail(actor: ActorId, step: Step) -> Command {
    Command::Lay(Fault::AtStep { actor, step, which: Which::Nth(1), fault: StepFault::Fail })
}

/// The main things that can be done to a party now.
pub fn of_party(world: &World, actor: ActorId) -> Vec<Action> {
    let role = world.cast().role(actor);
    match (role, world.is_up(actor)) {
        (Role::Broker, true) => {
            let down = Action::breaks("Take it down", Command::Crash(actor));
            let queues = 0..world.setup().queues.len() as u8;
            return [down]
                .into_iter()
                .chain(queues.flat_map(|queue| of_dead_letter_queue(world, queue)))
                .chain(links(world))
                .collect();
        }
        (Role::Broker, false) => return vec![Action::mends("Bring it up", Command::Restart(actor))],
        (_, false) => return vec![Action::mends("Restart", Command::Restart(actor))],
        _ => {}
    }
    let mut actions = Vec::new();
    if world.is_cut(actor) {
        actions.push(Action::mends("Mend its wire", Command::Heal(actor)));
    }
    if !world.database_answers(actor) {
        actions.push(Action::mends("Mend its database", Command::DatabaseUp(actor)));
    }
    if let Role::Service(index) = role {
        let service = &world.setup().services[index as usize];
        if service.has_database() {
            actions
                .push(Action::breaks(format!("Roll back next {}", service.noun), fail(actor, Step::Commit)));
        }
        if !matches!(service.publishing, Publishing::Plain | Publishing::Call) {
            actions.push(Action::breaks("Fail next serialization", fail(actor, Step::Serialize)));
        }
    }
    actions.extend(of_letters(world, actor));
    if let Role::Worker(..) = role {
        actions.push(Action::breaks("Stop, to replace it", Command::Stop(actor)));
    }
    actions.push(Action::breaks("Crash", Command::Crash(actor)));
    actions.push(Action::breaks("Crash after next step", Command::CrashAfterNextStep(actor)));
    actions
}

/// Everything that can be done to a party when it is looked at closely.
#[inline(never)]
pub fn closer(world: &World, actor: ActorId) -> Vec<Action> {
    let mut actions = of_party(world, actor);
    let role = world.cast().role(actor);
    if role == Role::Broker || !world.is_up(actor) {
        return actions;
    }
    // A service with an outbox speaks to nobody: its relay does.
    let speaks = !matches!(role, Role::Service(index)
        if !world.setup().services[index as usize].sends_itself());
    if speaks && !world.is_cut(actor) {
        let label =
            if names::uses_broker(world, actor) { "Cut its wire to the broker" } else { "Cut its wire" };
        actions.push(Action::breaks(label, Command::Cut(actor)));
    }
    let database = match role {
        Role::Service(index) => world.setup().services[index as usize].has_database(),
        Role::Worker(consumer, _) => world.setup().consumers[consumer as usize].inbox.is_kept(),
        _ => false,
    };
    if database && world.database_answers(actor) {
        actions.push(Action::breaks("Its database stops answering", Command::DatabaseDown(actor)));
    }
    if let Role::Service(index) = role {
        let noun = &world.setup().services[index as usize].noun;
        let bad = Command::Lay(Fault::Spoil { actor, which: Which::Nth(1) });
        actions.push(Action::breaks(format!("Make the message of the next {noun} a bad one"), bad));
    }
    if let Role::Worker(..) = role {
        actions.push(Action::breaks("Fail to decode the next delivery", fail(actor, Step::Receive)));
        actions.push(Action::breaks("Fail in the next handler", fail(actor, Step::Apply)));
    }
    if let Role::Worker(consumer, _) = role
        && world.setup().consumers.get(consumer as usize).is_some_and(|it| is_polled(it, world.setup()))
    {
        let lose = |kind| {
            let (which, fault) = (Which::Nth(1), PacketFault::Lose);
            Command::Lay(Fault::OnPacket { actor, kind, which, fault })
        };
        actions.push(Action::breaks("Lose the next answer to it", lose(PacketKind::Reply)));
        actions.push(Action::breaks("Lose its next delete", lose(PacketKind::Delete)));
    }
    actions
}

/// What an operator can do to all that a queue of dead letters holds.
#[inline(never)]
pub fn of_dead_letter_queue(world: &World, queue: u8) -> Vec<Action> {
    if !is_reviewed(world.setup(), queue) || world.queue(queue).ready().is_empty() {
        return Vec::new();
    }
    let name = names::queue(world.setup(), u16::from(queue));
    let mut actions = Vec::new();
    if is_dead_letter_queue(world.setup(), queue) {
        let redrive = Command::Operate(Operator::Redrive { queue, message: None });
        actions.push(Action::mends(format!("Move {name} back"), redrive));
    }
    let discard = Command::Operate(Operator::Discard { queue, message: None });
    actions.push(Action::breaks(format!("Throw {name} away"), discard));
    actions
}

/// What an operator can do to a message that queues hold.
#[inline(never)]
pub fn of_queued_message(world: &World, message: u32) -> Vec<Action> {
    let mut actions = Vec::new();
    for (index, spec) in world.setup().queues.iter().enumerate() {
        let (queue, state) = (index as u8, world.queue(index as u8));
        if let Some(poll) = spec.poll
            && state.polled().in_flight().any(|held| held.stored.message == message && !held.is_deleted())
        {
            let hide = |span| Command::Operate(Operator::Hide { queue, message, span });
            actions.push(Action::breaks(format!("Show it in {} now", spec.name), hide(Span::ZERO)));
            let more = format!("Hide it for {} from now", poll.visibility);
            actions.push(Action::mends(more, hide(poll.visibility)));
        }
        let ready = state.ready().iter().find(|stored| stored.message == message);
        let Some(stored) = ready.filter(|_| is_reviewed(world.setup(), queue)) else { continue };
        if let Some(source) = stored.source().filter(|_| goes_back(world.setup(), queue, stored)) {
            let back = names::queue(world.setup(), u16::from(source));
            let redrive = Command::Operate(Operator::Redrive { queue, message: Some(message) });
            actions.push(Action::mends(format!("Move it back to {back}"), redrive));
        }
        let discard = Command::Operate(Operator::Discard { queue, message: Some(message) });
        actions.push(Action::breaks(format!("Throw it away from {}", spec.name), discard));
    }
    actions
}

fn replay(service: ActorId, letters: Letters) -> Command {
    Command::Operate(Operator::Replay { service, letters })
}

fn edit(service: ActorId, letters: Letters) -> Command {
    Command::Operate(Operator::Edit { service, letters, to: None })
}

fn discard(service: ActorId, letters: Letters) -> Command {
    Command::Operate(Operator::DiscardLetters { service, letters })
}

/// What can be done to all messages that wait in the dead-letter table of that service.
#[inline(never)]
pub fn of_letters(world: &World, actor: ActorId) -> Vec<Action> {
    let Some(letters) = letters(world, actor).filter(|letters| letters.any_waiting()) else {
        return Vec::new();
    };
    let mut actions = Vec::new();
    if world.is_up(actor) {
        actions.push(Action::mends("Replay all dead letters", replay(actor, Letters::All)));
    }
    if letters.rows().iter().any(|row| row.state == LetterState::Waiting && row.unreadable) {
        actions.push(Action::mends("Mend all dead letters", edit(actor, Letters::All)));
    }
    actions.push(Action::breaks("Discard all dead letters", discard(actor, Letters::All)));
    actions
}

/// What can be done to the row of that number of the dead-letter table of that service.
#[inline(never)]
pub fn of_letter(world: &World, actor: ActorId, number: u32) -> Vec<Action> {
    let Some(letters) = letters(world, actor) else { return Vec::new() };
    if !letters.waits(number) {
        return Vec::new();
    }
    let one = Letters::One(number);
    let mut actions = Vec::new();
    if world.is_up(actor) {
        actions.push(Action::mends("Replay it", replay(actor, one)));
    }
    actions.push(Action::breaks("Discard it", discard(actor, one)));
    actions
}

fn letters(world: &World, actor: ActorId) -> Option<&DeadLetters> {
    match world.cast().role(actor) {
        Role::Service(index) => Some(world.service(index).dead_letters()),
        _ => None,
    }
}

/// What can be done about that message where it is parked.
#[inline(never)]
fn of_parked(world: &World, message: u32) -> Vec<Action> {
    let Some(found) = world.message(message) else { return Vec::new() };
    let actor = world.cast().service(found.service);
    let rows = world.service(found.service).dead_letters().rows().iter();
    let last = rows.zip(1..).filter(|(row, _)| row.message == message).last();
    let Some((row, number)) = last else { return Vec::new() };
    let mut actions = of_letter(world, actor, number);
    // Among the dead letters it can be edited to say anything.
    if row.unreadable && !actions.is_empty() {
        actions.push(Action::mends("Mend it", edit(actor, Letters::One(number))));
    }
    actions
}

/// What can be done to a packet in flight.
#[inline(never)]
pub fn of_packet(world: &World, number: u32) -> Vec<Action> {
    world.packet(number).map_or_else(Vec::new, |packet| of_flight(packet, "it"))
}

/// What can be done to everything in flight about that message; each by its name where it is not alone.
#[inline(never)]
pub fn of_message(world: &World, message: u32) -> Vec<Action> {
    let about = |packet: &Packet| world.carried(packet).any(|(carried, _)| carried == message);
    let mut actions = of_parked(world, message);
    actions.extend(in_flight(world, about));
    actions.extend(of_queued_message(world, message));
    actions
}

/// The same for all messages about that order.
#[inline(never)]
pub fn of_order(world: &World, order: u32) -> Vec<Action> {
    in_flight(world, |packet| world.message(packet.message).is_some_and(|message| message.order == order))
}

fn in_flight(world: &World, about: impl Fn(&Packet) -> bool) -> Vec<Action> {
    let packets: Vec<&Packet> = world.packets().filter(|packet| about(packet)).collect();
    if let [packet] = packets.as_slice() {
        return of_flight(packet, "it");
    }
    let mut names: Vec<String> = Vec::new();
    let mut actions = Vec::new();
    for packet in packets {
        let party = names::party(world, packet.party);
        let name = match packet.kind {
            PacketKind::Publish => format!("what goes out from {party}"),
            PacketKind::Confirm | PacketKind::Refuse | PacketKind::Reject => format!("the word to {party}"),
            PacketKind::Return => format!("what comes back to {party}"),
            PacketKind::Delivery => format!("the delivery to {party}"),
            PacketKind::Ack | PacketKind::Nack => format!("the answer of {party}"),
            PacketKind::Poll => format!("the poll of {party}"),
            PacketKind::Reply => format!("the answer to {party}"),
            PacketKind::Delete => format!("the delete of {party}"),
            PacketKind::Extend => format!("the word of {party} on the timeout"),
            PacketKind::Call => format!("the call of {party}"),
            PacketKind::Response | PacketKind::Error => format!("the reply to {party}"),
        };
        let same = names.iter().filter(|other| **other == name).count();
        let told = if same == 0 { name.clone() } else { format!("{name} ({})", same + 1) };
        actions.extend(of_flight(packet, &told));
        names.push(name);
    }
    actions
}

fn of_flight(packet: &Packet, name: &str) -> Vec<Action> {
    let hold = if matches!(packet.flight, Flight::Held(_)) {
        Action::mends(format!("Let {name} go"), Command::Release(packet.number))
    } else {
        Action::breaks(format!("Hold {name}"), Command::Hold(packet.number))
    };
    vec![Action::breaks(format!("Lose {name}"), Command::Lose(packet.number)), hold]
}

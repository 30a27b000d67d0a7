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
use crate::words::actions as say;

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
                Action::mends(say::subscribe(name), up)
            } else if !world.delivers(index, queue) {
                Action::mends(say::reach_again(of, name), up)
            } else {
                Action::breaks(say::cut_off(name, of), down)
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
            let down = Action::breaks(say::TAKE_DOWN, Command::Crash(actor));
            let queues = 0..world.setup().queues.len() as u8;
            return [down]
                .into_iter()
                .chain(queues.flat_map(|queue| of_dead_letter_queue(world, queue)))
                .chain(links(world))
                .collect();
        }
        (Role::Broker, false) => return vec![Action::mends(say::BRING_UP, Command::Restart(actor))],
        (_, false) => return vec![Action::mends(say::RESTART, Command::Restart(actor))],
        _ => {}
    }
    let mut actions = Vec::new();
    if world.is_cut(actor) {
        actions.push(Action::mends(say::MEND_WIRE, Command::Heal(actor)));
    }
    if !world.database_answers(actor) {
        actions.push(Action::mends(say::MEND_DATABASE, Command::DatabaseUp(actor)));
    }
    if let Role::Service(index) = role {
        let service = &world.setup().services[index as usize];
        if service.has_database() {
            actions.push(Action::breaks(say::roll_back(&service.noun), fail(actor, Step::Commit)));
        }
        if !matches!(service.publishing, Publishing::Plain | Publishing::Call) {
            actions.push(Action::breaks(say::FAIL_SERIALIZATION, fail(actor, Step::Serialize)));
        }
    }
    actions.extend(of_letters(world, actor));
    if let Role::Worker(..) = role {
        actions.push(Action::breaks(say::STOP, Command::Stop(actor)));
    }
    actions.push(Action::breaks(say::CRASH, Command::Crash(actor)));
    actions.push(Action::breaks(say::CRASH_AFTER_NEXT_STEP, Command::CrashAfterNextStep(actor)));
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
        let label = if names::uses_broker(world, actor) { say::CUT_WIRE_TO_BROKER } else { say::CUT_WIRE };
        actions.push(Action::breaks(label, Command::Cut(actor)));
    }
    let database = match role {
        Role::Service(index) => world.setup().services[index as usize].has_database(),
        Role::Worker(consumer, _) => world.setup().consumers[consumer as usize].inbox.is_kept(),
        _ => false,
    };
    if database && world.database_answers(actor) {
        actions.push(Action::breaks(say::DATABASE_DOWN, Command::DatabaseDown(actor)));
    }
    if let Role::Service(index) = role {
        let noun = &world.setup().services[index as usize].noun;
        let bad = Command::Lay(Fault::Spoil { actor, which: Which::Nth(1) });
        actions.push(Action::breaks(say::spoil_next(noun), bad));
    }
    if let Role::Worker(..) = role {
        actions.push(Action::breaks(say::FAIL_DECODE, fail(actor, Step::Receive)));
        actions.push(Action::breaks(say::FAIL_HANDLER, fail(actor, Step::Apply)));
    }
    if let Role::Worker(consumer, _) = role
        && world.setup().consumers.get(consumer as usize).is_some_and(|it| is_polled(it, world.setup()))
    {
        let lose = |kind| {
            let (which, fault) = (Which::Nth(1), PacketFault::Lose);
            Command::Lay(Fault::OnPacket { actor, kind, which, fault })
        };
        actions.push(Action::breaks(say::LOSE_ANSWER, lose(PacketKind::Reply)));
        actions.push(Action::breaks(say::LOSE_DELETE, lose(PacketKind::Delete)));
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
        actions.push(Action::mends(say::move_back(name), redrive));
    }
    let discard = Command::Operate(Operator::Discard { queue, message: None });
    actions.push(Action::breaks(say::throw_away_all(name), discard));
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
            actions.push(Action::breaks(say::show_now(&spec.name), hide(Span::ZERO)));
            let more = say::hide(&poll.visibility);
            actions.push(Action::mends(more, hide(poll.visibility)));
        }
        let ready = state.ready().iter().find(|stored| stored.message == message);
        let Some(stored) = ready.filter(|_| is_reviewed(world.setup(), queue)) else { continue };
        if let Some(source) = stored.source().filter(|_| goes_back(world.setup(), queue, stored)) {
            let back = names::queue(world.setup(), u16::from(source));
            let redrive = Command::Operate(Operator::Redrive { queue, message: Some(message) });
            actions.push(Action::mends(say::move_it_back(back), redrive));
        }
        let discard = Command::Operate(Operator::Discard { queue, message: Some(message) });
        actions.push(Action::breaks(say::throw_away(&spec.name), discard));
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
        actions.push(Action::mends(say::REPLAY_ALL, replay(actor, Letters::All)));
    }
    if letters.rows().iter().any(|row| row.state == LetterState::Waiting && row.unreadable) {
        actions.push(Action::mends(say::MEND_ALL, edit(actor, Letters::All)));
    }
    actions.push(Action::breaks(say::DISCARD_ALL, discard(actor, Letters::All)));
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
        actions.push(Action::mends(say::REPLAY, replay(actor, one)));
    }
    actions.push(Action::breaks(say::DISCARD, discard(actor, one)));
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
        actions.push(Action::mends(say::MEND, edit(actor, Letters::One(number))));
    }
    actions
}

/// What can be done to a packet in flight.
#[inline(never)]
pub fn of_packet(world: &World, number: u32) -> Vec<Action> {
    world.packet(number).map_or_else(Vec::new, |packet| of_flight(packet, say::IT))
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
        return of_flight(packet, say::IT);
    }
    let mut names: Vec<String> = Vec::new();
    let mut actions = Vec::new();
    for packet in packets {
        let party = names::party(world, packet.party);
        let name = match packet.kind {
            PacketKind::Publish => say::what_goes_out(&party),
            PacketKind::Confirm | PacketKind::Refuse | PacketKind::Reject => say::the_word_to(&party),
            PacketKind::Return => say::what_comes_back(&party),
            PacketKind::Delivery => say::the_delivery_to(&party),
            PacketKind::Ack | PacketKind::Nack => say::the_answer_of(&party),
            PacketKind::Poll => say::the_poll_of(&party),
            PacketKind::Reply => say::the_answer_to(&party),
            PacketKind::Delete => say::the_delete_of(&party),
            PacketKind::Extend => say::the_word_on_timeout(&party),
            PacketKind::Call => say::the_call_of(&party),
            PacketKind::Response | PacketKind::Error => say::the_reply_to(&party),
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
        Action::mends(say::let_go(name), Command::Release(packet.number))
    } else {
        Action::breaks(say::hold(name), Command::Hold(packet.number))
    };
    vec![Action::breaks(say::lose(name), Command::Lose(packet.number)), hold]
}

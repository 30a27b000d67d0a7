//! What can be broken here and now? Only the faults that mean something in the scenario on show.

use super::names;
use crate::broker::command::Command;
use crate::broker::setup::{Publishing, Role};
use crate::broker::wire::Flight;
use crate::broker::world::World;
use crate::fault::plan::{Fault, StepFault, Which};
use crate::fault::point::{ActorId, Step};

/// Something that can be done by hand.
#[derive(Clone, PartialEq, Debug)]
pub struct Action {
    /// What the button says.
    pub label: String,
    /// What it does.
    pub command: Command,
    /// The party it is about, if it is about one.
    pub actor: Option<ActorId>,
    /// Whether it mends instead of breaking.
    pub mends: bool,
}

/// The most workers that get a button of their own.
const MOST_WORKERS: u8 = 3;

/// Everything that can be done to the parties, the most telling first.
pub fn actions(world: &World) -> Vec<Action> {
    let cast = world.cast();
    let mut actions = Vec::new();
    for id in 0..cast.actors.len() as u8 {
        let actor = ActorId(id);
        match cast.role(actor) {
            Role::Worker(_, worker) if worker >= MOST_WORKERS => {}
            _ => of_party(world, actor, &mut actions),
        }
    }
    actions.sort_by_key(|action| !action.mends);
    actions
}

/// What can be done to one party.
pub fn of_party(world: &World, actor: ActorId, actions: &mut Vec<Action>) {
    let setup = world.setup();
    let role = world.cast().role(actor);
    let name = names::party(world, actor);
    let mut add = |label: String, command, mends| {
        actions.push(Action { label, command, actor: Some(actor), mends });
    };
    let fail = |step| {
        let which = Which::Nth(1);
        Command::Lay(Fault::AtStep { actor, step, which, fault: StepFault::Fail })
    };
    if role == Role::Broker {
        if world.is_up(actor) {
            add("Broker down".to_owned(), Command::Crash(actor), false);
        } else {
            add("Broker up".to_owned(), Command::Restart(actor), true);
        }
        return;
    }
    if world.is_cut(actor) {
        add(format!("Mend the wire of {name}"), Command::Heal(actor), true);
    }
    if !world.is_up(actor) {
        add(format!("Restart {name}"), Command::Restart(actor), true);
        return;
    }
    if let Role::Service(index) = role {
        let service = &setup.services[index as usize];
        if service.publishing != Publishing::Plain {
            add(format!("Roll back the next {}", service.noun), fail(Step::Commit), false);
            add("Fail the next serialization".to_owned(), fail(Step::Serialize), false);
        }
    }
    add(format!("Crash {name}"), Command::Crash(actor), false);
    add(format!("Crash {name} after its next step"), Command::CrashAfterNextStep(actor), false);
}

/// What can be done to a packet in flight.
pub fn of_packet(world: &World, number: u32) -> Vec<Action> {
    let Some(packet) = world.packet(number) else { return Vec::new() };
    let action =
        |label: &str, command, mends| Action { label: label.to_owned(), command, actor: None, mends };
    let held = matches!(packet.flight, Flight::Held(_));
    let hold = if held {
        action("Let it go", Command::Release(number), true)
    } else {
        action("Hold it", Command::Hold(number), false)
    };
    vec![action("Lose it", Command::Lose(number), false), hold]
}

/// What else can be done to a party when it is looked at closely.
pub fn closer(world: &World, actor: ActorId) -> Vec<Action> {
    let mut actions = Vec::new();
    of_party(world, actor, &mut actions);
    let action =
        |label: &str, command, mends| Action { label: label.to_owned(), command, actor: Some(actor), mends };
    let role = world.cast().role(actor);
    let fail = |step| {
        let which = Which::Nth(1);
        Command::Lay(Fault::AtStep { actor, step, which, fault: StepFault::Fail })
    };
    if role == Role::Broker {
        return actions;
    }
    if !world.is_cut(actor) {
        actions.push(action("Cut its wire to the broker", Command::Cut(actor), false));
    }
    let database = match role {
        Role::Service(index) => world.setup().services[index as usize].publishing != Publishing::Plain,
        Role::Worker(consumer, _) => world.setup().consumers[consumer as usize].inbox,
        _ => false,
    };
    if database && world.database_answers(actor) {
        actions.push(action("Its database stops answering", Command::DatabaseDown(actor), false));
    } else if database {
        actions.push(action("Its database answers again", Command::DatabaseUp(actor), true));
    }
    if let Role::Worker(..) = role {
        actions.push(action("The next delivery can't be decoded", fail(Step::Receive), false));
        actions.push(action("The handler fails next time", fail(Step::Apply), false));
    }
    actions
}

//! What is, and what comes next? The world: one plain value that changes only through [`World::step`] and
//! [`World::command`], and can be cloned at any moment.

use super::command::Command;
use super::consumer::Worker;
use super::event::{Event, Waiting};
use super::inbox::ConsumerDb;
use super::queue::Broker;
use super::record::{History, Kind, NONE, Record};
use super::relay::RelayState;
pub use super::rules::Passed;
use super::rules::Rules;
use super::service::ServiceState;
use super::setup::{Cast, Role, Setup};
use super::wire::Wires;
use crate::fault::plan::{Fault, Outage};
use crate::fault::point::{ActorId, Step};
use crate::sim::agenda::Agenda;
use crate::sim::chance::{Dice, SpanRange};
use crate::sim::chunked::Chunked;
use crate::sim::time::{Instant, Span};
use std::sync::Arc;

/// A message: which unit of work it belongs to, and which of its messages it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Message {
    /// The unit of work, numbered as in [`super::record::Record`].
    pub order: u32,
    /// Index of the service that made it.
    pub service: u8,
    /// Index among the service's messages.
    pub kind: u8,
    /// Whether every handler fails on it, every time.
    pub bad: bool,
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// Nothing is left to happen.
    Quiet,
    /// The scenario's limit was reached first.
    Limit,
}

/// A party's life signs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Life {
    pub up: bool,
    /// How often it has crashed: what was scheduled before the last crash is void.
    pub epoch: u32,
}

/// The whole state of a run. `World::new(setup, seed)` and the same commands give the same history, to the bit.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) setup: Arc<Setup>,
    pub(super) cast: Arc<Cast>,
    pub(super) now: Instant,
    pub(super) step: u32,
    pub(super) ended: Option<Ending>,
    pub(super) agenda: Agenda<Waiting>,
    pub(super) history: History,
    /// The place of the record that led to what happens now.
    pub(super) cause: u32,
    pub(super) lives: Vec<Life>,
    pub(super) database_down: Vec<bool>,
    pub(super) rules: Rules,
    pub(super) wires: Wires,
    pub(super) messages: Chunked<Message>,
    pub(super) orders: u32,
    /// By unit of work: how many its service had taken in before it. Empty where there is only one service.
    pub(super) turns: Chunked<u32>,
    /// Whether any message is bad.
    pub(super) any_bad: bool,
    pub(super) waits: u32,
    pub(super) services: Vec<ServiceState>,
    pub(super) relays: Vec<RelayState>,
    pub(super) broker: Broker,
    pub(super) workers: Vec<Worker>,
    pub(super) databases: Vec<ConsumerDb>,
    /// Events in the agenda that change nothing by themselves: polls of sleeping relays and of consumers, and
    /// timeouts of waits that are over. When nothing else waits, and neither an outbox row nor a message that will be
    /// polled does, the world is quiet.
    pub(super) idle: u32,
}

impl World {
    /// The world of a setup before anything has happened.
    pub fn new(setup: Arc<Setup>, seed: u64) -> World {
        let cast = Arc::new(setup.cast());
        let actors = cast.actors.len();
        let latency_of = |role: Role| match role {
            Role::Service(index) => setup.services[index as usize].latency,
            Role::Relay(index) => setup.relays[index as usize].latency,
            Role::Worker(consumer, _) => setup.consumers[consumer as usize].latency,
            Role::Broker => SpanRange::default(),
        };
        let wires = Wires::new(seed, cast.actors.iter().map(|a| (a.name.clone(), latency_of(a.role))));
        let dice = |purpose: &str, name: &str| Dice::new(seed, purpose, name);
        let services = (setup.services.iter().enumerate())
            .map(|(index, service)| ServiceState::new(service, setup.reading_of(index as u8), &dice))
            .collect();
        let relays = (setup.relays.iter().enumerate())
            .map(|(index, relay)| RelayState::new(relay, setup.reads_ahead(index as u8), &dice))
            .collect();
        let workers = (cast.actors.iter())
            .filter_map(|actor| match actor.role {
                Role::Worker(consumer, _) => Some(Worker::new(consumer, &actor.name, &dice)),
                _ => None,
            })
            .collect();
        let databases = setup.consumers.iter().map(|_| ConsumerDb::default()).collect();
        let mut world = World {
            now: Instant::START,
            step: 0,
            ended: None,
            agenda: Agenda::default(),
            history: History::default(),
            cause: NONE,
            lives: vec![Life { up: true, epoch: 0 }; actors],
            database_down: vec![false; actors],
            rules: Rules::new(&setup.faults, actors, seed),
            wires,
            messages: Chunked::default(),
            orders: 0,
            turns: Chunked::default(),
            any_bad: false,
            waits: 0,
            services,
            relays,
            broker: Broker::new(&setup, &cast, &dice),
            workers,
            databases,
            idle: 0,
            setup,
            cast,
        };
        world.schedule_the_beginning();
        world
    }

    fn schedule_the_beginning(&mut self) {
        let setup = self.setup.clone();
        for (place, fault) in setup.faults.iter().enumerate() {
            if let Fault::During { from, .. } = *fault {
                self.schedule(from, Event::OutageStarts(place as u16));
            }
        }
        for (place, &(at, _)) in setup.operator.iter().enumerate() {
            self.schedule(at, Event::OperatorActs(place as u16));
        }
        for (index, service) in setup.services.iter().enumerate() {
            if service.count > 0 {
                self.schedule(service.first, Event::OrderArrives(index as u8));
            }
        }
        for index in 0..setup.relays.len() {
            self.relay_sleeps(index as u8);
        }
        for worker in 0..self.workers.len() as u8 {
            if self.polls(worker).is_some() {
                self.worker_pauses(worker);
            }
        }
        for (topic, spec) in setup.topics.iter().enumerate() {
            for (place, subscription) in spec.subscriptions.iter().enumerate() {
                if let Some(from) = subscription.from {
                    self.schedule(from, Event::Subscribes { topic: topic as u8, place: place as u8 });
                }
            }
        }
    }

    // -- what may be read --

    /// The moment of the last step.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// How many steps the run has done.
    pub fn steps(&self) -> u32 {
        self.step
    }

    /// How the run ended, if it has.
    pub fn ended(&self) -> Option<Ending> {
        self.ended
    }

    /// Everything that has happened.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The fingerprint of everything that has happened.
    pub fn fingerprint(&self) -> u64 {
        self.history.fingerprint()
    }

    /// What the world was made of.
    pub fn setup(&self) -> &Arc<Setup> {
        &self.setup
    }

    /// The fault that a record names by its place: one of the setup, or one of those that were laid by hand after them.
    pub fn fault(&self, place: u16) -> Option<Fault> {
        self.rules.get(place)
    }

    /// Who is who.
    pub fn cast(&self) -> &Arc<Cast> {
        &self.cast
    }

    /// When the next event is due; none when the run is over.
    pub fn next_due(&self) -> Option<Instant> {
        if self.ended.is_some() { None } else { self.agenda.next_due().map(|due| due.min(self.setup.limit)) }
    }

    /// The message of that number.
    pub fn message(&self, message: u32) -> Option<Message> {
        self.messages.get(message as usize).copied()
    }

    /// How many units of work its service had taken in before that one: what goes in turn goes by it, so that
    /// another service changes nothing.
    pub fn turn_of(&self, order: u32) -> u32 {
        self.turns.get(order as usize).copied().unwrap_or(order)
    }

    /// Whether every handler fails on the message, every time.
    pub fn is_bad(&self, message: u32) -> bool {
        self.message(message).is_some_and(|message| message.bad)
    }

    /// Index of the service whose unit of work that is; the first service for an order that is not known.
    pub fn order_service(&self, order: u32) -> u8 {
        // Messages stand in the order of their units of work.
        let first = self.messages.partition_point(|message| message.order < order);
        self.messages.get(first).map_or(0, |message| message.service)
    }

    /// Whether the party is up.
    pub fn is_up(&self, actor: ActorId) -> bool {
        self.lives[actor.0 as usize].up
    }

    /// Whether the party's database answers.
    pub fn database_answers(&self, actor: ActorId) -> bool {
        !self.database_down[actor.0 as usize]
    }

    pub(super) fn epoch(&self, actor: ActorId) -> u32 {
        self.lives[actor.0 as usize].epoch
    }

    // -- the only two ways forward --

    /// Does the next thing. False when the run is over: then nothing has changed.
    pub fn step(&mut self) -> bool {
        while self.ended.is_none() {
            let records = self.history.len();
            self.step += 1;
            self.advance();
            if self.history.len() > records {
                return true;
            }
            // What was void, or happened to nobody, is no step.
            self.step -= 1;
        }
        false
    }

    /// Does what was asked, at the moment `at` (taken as now if that is past, and as the next step's moment if
    /// it is later). Counts as one step. Does nothing once the run is over.
    pub fn command(&mut self, at: Instant, command: Command) {
        if self.ended.is_some() {
            return;
        }
        // Not the next event's moment: that may be void, and no step.
        let mut next = self.clone();
        next.step();
        self.now = at.min(next.now).max(self.now);
        self.step += 1;
        self.cause = NONE;
        self.carry_out(command);
    }

    // -- what the search for failures needs --

    /// From now on every place where a fault could strike is noted. Changes nothing of the run.
    pub fn watch_everything(&mut self) {
        self.rules.watch_everything();
    }

    /// The places where a fault could have struck since this was last asked, in the order in which they came.
    pub fn take_passed(&mut self) -> Vec<Passed> {
        self.rules.take_passed()
    }

    /// How often the place of that fault has been passed since everything is watched.
    pub fn times_passed(&self, fault: &Fault) -> u32 {
        self.rules.times_passed(fault)
    }

    /// Lays a rule as if it had stood in the setup, last of all; its occurrences count from now. Leaves no record,
    /// so that the history is that of a run with the fault laid beforehand.
    pub fn lay_unseen(&mut self, fault: Fault) {
        self.rules.lay(fault);
    }

    /// Forgets what has happened, not how far it came: see [`History::forget`].
    pub fn forget_history(&mut self) {
        self.history.forget();
    }

    fn advance(&mut self) {
        if self.is_quiet() {
            return self.end(Ending::Quiet);
        }
        if self.agenda.next_due().is_none_or(|due| due > self.setup.limit) {
            self.now = self.setup.limit.max(self.now);
            return self.end(Ending::Limit);
        }
        let Some((due, Waiting { event, cause })) = self.agenda.pop() else { return };
        self.now = self.now.max(due);
        self.cause = cause;
        self.idle -= event.is_idle() as u32;
        if let Some(rule) = self.rules.yields(self.now) {
            return self.lets_others_go_first(event, rule);
        }
        match self.rules.places() {
            Some(places) if self.may_yield(event) => {
                let records = self.history.len();
                self.happens(event);
                if self.history.len() > records {
                    self.rules.note_tie(places);
                }
            }
            _ => self.happens(event),
        }
    }

    #[inline]
    fn happens(&mut self, event: Event) {
        match event {
            Event::OrderArrives(service) => self.order_arrives(service),
            Event::ServiceStep { service, lane, late, epoch } => {
                self.service_steps(service, lane, late, epoch);
            }
            Event::RelayPolls { relay, late, epoch } => self.relay_wakes(relay, late, epoch),
            Event::RelayStep { relay, late, epoch } => self.relay_steps(relay, late, epoch),
            Event::ConfirmTimeout { actor, wait } => self.publisher_waited_in_vain(actor, wait),
            Event::Arrives { late, slot, number } => self.packet_lands(slot, number, late),
            Event::WorkerStep { worker, late, epoch } => self.worker_steps(worker, late, epoch),
            Event::InboxStep { worker, late, epoch } => self.inbox_steps(worker, late, epoch),
            Event::ConnectionLost { worker, session } => self.connection_lost(worker, session),
            Event::Restart { actor, epoch } => self.restart_when_due(actor, epoch),
            Event::Subscribes { topic, place } => self.late_subscription(topic, place),
            Event::Expires { queue } => self.copies_expire(queue),
            Event::OutageStarts(rule) => self.outage_starts(rule),
            Event::OutageEnds(rule) => self.outage_ends(rule),
            Event::OperatorActs(place) => {
                let act = self.setup.operator.get(place as usize).map(|&(_, command)| command);
                act.into_iter().for_each(|command| self.carry_out(command));
            }
            Event::IdleArrives { late, slot, number } => self.packet_lands(slot, number, late),
            Event::PollAgain { worker, late, epoch } => self.poll_again(worker, late, epoch),
            Event::PollTimesOut { worker, poll } => self.poll_times_out(worker, poll),
            Event::LongPollEnds { worker, poll } => self.long_poll_ends(worker, poll),
            Event::Heartbeat { worker, late, poll } => self.heartbeat(worker, late, poll),
            Event::VisibilityEnds { queue, receipt } => self.visibility_ends(queue, receipt),
            Event::DelayEnds { queue, position } => self.delay_ends(queue, position),
            Event::Redrives { queue, left } => self.redrive_next(queue, left),
            Event::ReplayStep { service, late, epoch } => self.replay_steps(service, late, epoch),
        }
    }

    fn is_quiet(&self) -> bool {
        self.agenda.len() as u32 == self.idle
            && !self.any_relay_has_work()
            && !self.any_poll_finds_work()
            && !self.anything_may_expire()
    }

    fn end(&mut self, ending: Ending) {
        self.ended = Some(ending);
        self.cause = NONE;
        self.record(Kind::Ended, self.cast.broker, matches!(ending, Ending::Limit) as u32, 0);
    }

    // -- what the parties ask for --

    /// Appends a record whose cause is what led to the present event. Returns its place.
    #[inline]
    pub(super) fn record(&mut self, kind: Kind, actor: ActorId, subject: u32, other: u16) -> u32 {
        self.history.push(Record {
            at: self.now,
            step: self.step,
            cause: self.cause,
            subject,
            kind,
            actor,
            other,
        })
    }

    #[inline]
    pub(super) fn schedule(&mut self, due: Instant, event: Event) {
        self.idle += event.is_idle() as u32;
        self.agenda.schedule(due, Waiting { event, cause: self.cause });
    }

    #[inline]
    pub(super) fn schedule_in(&mut self, span: Span, event: Event) {
        self.schedule(self.now + span, event);
    }

    /// Runs one named step of a party, with whatever faults strike it: `act` is the step itself and is told
    /// whether it fails. `again` is scheduled instead if a fault makes the step late.
    #[inline]
    pub(super) fn take_step(
        &mut self,
        actor: ActorId,
        step: Step,
        late: bool,
        again: Event,
        act: impl FnOnce(&mut World, bool),
    ) {
        let crash_after = if self.rules.watches(actor, step) {
            if !late && let Some((rule, by)) = self.rules.slows(actor, step) {
                self.cause = self.record(Kind::Struck, actor, NONE, rule);
                self.cause = self.record(Kind::Slowed, actor, NONE, step as u16);
                return self.schedule_in(by, again);
            }
            let verdict = self.rules.at_step(actor, step);
            if let Some((rule, down)) = verdict.crash_before {
                self.cause = self.record(Kind::Struck, actor, NONE, rule);
                return self.crash_for(actor, down);
            }
            if let Some(rule) = verdict.fail {
                self.cause = self.record(Kind::Struck, actor, NONE, rule);
            }
            act(self, verdict.fail.is_some());
            verdict.crash_after
        } else {
            act(self, false);
            None
        };
        if let Some((rule, down)) = crash_after {
            self.cause = self.record(Kind::Struck, actor, NONE, rule);
            self.crash_for(actor, down);
        }
        if self.rules.take_after_next(actor) {
            self.crash(actor);
        }
    }

    fn carry_out(&mut self, command: Command) {
        match command {
            Command::Crash(actor) => self.crash(actor),
            Command::CrashAfterNextStep(actor) => {
                self.rules.crash_after_next(actor);
                self.record(Kind::Laid, actor, NONE, u16::MAX);
            }
            Command::Restart(actor) => self.end_outage(Outage::Stop(actor)),
            Command::Stop(actor) => self.begin_outage(Outage::Stop(actor)),
            Command::DatabaseDown(actor) => self.begin_outage(Outage::Database(actor)),
            Command::DatabaseUp(actor) => self.end_outage(Outage::Database(actor)),
            Command::Cut(actor) => self.begin_outage(Outage::Cut(actor)),
            Command::Heal(actor) => self.end_outage(Outage::Cut(actor)),
            Command::SubscriptionDown(topic, queue) => {
                self.begin_outage(Outage::Subscription { topic, queue });
            }
            Command::SubscriptionUp(topic, queue) => self.end_outage(Outage::Subscription { topic, queue }),
            Command::Lay(fault) => self.lay(fault),
            Command::Lose(packet) => self.lose_by_hand(packet),
            Command::Hold(packet) => self.hold_by_hand(packet),
            Command::Release(packet) => self.release_by_hand(packet),
            Command::Operate(act) => self.operate(act),
        }
    }
}

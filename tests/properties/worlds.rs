//! Small random worlds with random faults, and random things done by hand.

use super::placed;
use super::routes;
use brokerlab::broker::command::{Amount, Command, Letters, Operator, Placed};
use brokerlab::broker::routing::Limits;
use brokerlab::broker::setup::*;
use brokerlab::fault::plan::{Fault, Outage, PacketFault, Side, StepFault, Which};
use brokerlab::fault::point::{ActorId, PacketKind, Step};
use brokerlab::scenario::steps::{has_database, packets_of, steps_of};
use brokerlab::sim::chance::{Rate, SpanRange};
use brokerlab::sim::time::{Instant, Span};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::sync::Arc;

/// A run: its world, its seed and what is done by hand.
#[derive(Clone, Debug)]
pub struct Case {
    pub setup: Arc<Setup>,
    pub seed: u64,
    pub commands: Vec<Placed>,
}

fn name(text: &str, place: usize) -> String {
    format!("{text}-{}", (b'a' + place as u8) as char)
}

/// From `least` to 30 ms, in whole milliseconds, so that things also happen at the same moment.
fn range(least: u64) -> impl Strategy<Value = SpanRange> {
    (least..10, 0..20u64)
        .prop_map(|(min, more)| SpanRange { min: Span::from_millis(min), max: Span::from_millis(min + more) })
}

pub fn span() -> impl Strategy<Value = Span> {
    (1..120u64).prop_map(Span::from_millis)
}

fn restart() -> impl Strategy<Value = Option<Span>> {
    option::weighted(0.8, span())
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![2 => Just(Target::Topic(0)), 2 => Just(Target::Queue(0)), 1 => Just(Target::Queue(1))]
}

fn service(place: usize) -> impl Strategy<Value = Service> {
    let sent = vec((target(), routes::routing()), 1..4);
    let what = (0..10u32, (1..4u32, 1..4u8), sent, option::weighted(0.6, span()));
    let publishing = select(vec![
        Publishing::Plain,
        Publishing::BeforeCommit,
        Publishing::AfterCommit,
        Publishing::Outbox,
        Publishing::InHandler,
        Publishing::CollectBeforeCommit,
        Publishing::CollectAfterCommit,
    ]);
    let how =
        (publishing, select(vec![Serialization::AsSent, Serialization::AllFirst]), restart(), sending());
    (what, how, 0..100u64, range(0), range(0), range(1)).prop_map(
        move |(what, how, first, every, step, latency)| {
            let (count, (keys, at_once), targets, confirm) = what;
            let (publishing, serialization, restart, (retry, on_failure, critical, new_ids)) = how;
            Service {
                name: name("shop", place),
                noun: "order".to_owned(),
                items: Vec::new(),
                count,
                first: Instant(first * 1_000),
                every,
                keys,
                at_once,
                publishing,
                serialization,
                messages: targets
                    .into_iter()
                    .enumerate()
                    .map(|(n, (target, routing))| MessageKind {
                        name: "m".to_owned(),
                        target,
                        routing,
                        delay: None,
                        ttl: None,
                        outbox: publishing != Publishing::Plain && critical >> n & 1 == 1,
                    })
                    .collect(),
                answers: false,
                step,
                confirm,
                retry,
                on_failure: match on_failure {
                    OnSendFailure::Park if publishing == Publishing::Plain => OnSendFailure::Drop,
                    other => other,
                },
                new_ids,
                restart,
                latency,
            }
        },
    )
}

/// How often it tries again, what it does when that did not help, and which messages go through the outbox.
fn sending() -> impl Strategy<Value = (Retry, OnSendFailure, u8, bool)> {
    let wait = select(vec![Wait::None, Wait::Fixed, Wait::Linear, Wait::Exponential]);
    let jitter = select(vec![Jitter::None, Jitter::Full, Jitter::Equal, Jitter::Decorrelated]);
    let on_failure = prop_oneof![2 => Just(OnSendFailure::Fail), 1 => Just(OnSendFailure::Drop), 2 => Just(OnSendFailure::Park)];
    let critical = prop_oneof![3 => Just(0u8), 1 => 0..8u8];
    let new_ids = prop::bool::weighted(0.3);
    (1..4u32, wait, span(), 1..4u32, span(), jitter, on_failure, (critical, new_ids)).prop_map(
        |(attempts, wait, base, factor, cap, jitter, on_failure, (critical, new_ids))| {
            let retry = Retry { attempts, wait, base, factor, cap: cap.max(base), jitter };
            (retry, on_failure, critical, new_ids)
        },
    )
}

fn relay(place: usize, service: u8) -> impl Strategy<Value = Relay> {
    let marking = select(vec![Marking::PerRow, Marking::PerBatch, Marking::PerRow, Marking::BeforePublish]);
    let others = (
        select(vec![Locking::None, Locking::SkipLocked, Locking::PerKey]),
        select(vec![OnFailure::Stop, OnFailure::HoldKey, OnFailure::Skip]),
        prop_oneof![Just(SentRows::Keep), Just(SentRows::Delete), span().prop_map(SentRows::DeleteAfter)],
    );
    (span(), 1..5u32, marking, others, range(0), span(), restart(), range(1)).prop_map(
        move |(interval, batch, marking, others, step, confirm, restart, latency)| Relay {
            name: name("relay", place),
            service,
            reading: Reading::Unsent,
            locking: others.0,
            interval,
            batch,
            marking,
            on_failure: others.1,
            sent_rows: others.2,
            step,
            confirm,
            restart,
            latency,
        },
    )
}

fn polling() -> impl Strategy<Value = Polling> {
    (1..=10u8, span(), prop::option::of(span())).prop_map(|(receive, pause, heartbeat)| Polling {
        receive,
        pause,
        heartbeat,
    })
}

/// Now and then a queue is polled; its dead letters, if it has any, go to the queue of index 2.
fn poll() -> impl Strategy<Value = Option<Poll>> {
    let hidden = prop_oneof![1 => Just(Span::ZERO), 3 => span()];
    let order = select(vec![QueueOrder::Arrival, QueueOrder::BestEffort, QueueOrder::Fifo]);
    let poll = (span(), hidden.clone(), hidden, 1..4u16, any::<bool>(), order).prop_map(
        |(visibility, delay, wait, max_receives, dead, order)| Poll {
            visibility,
            delay,
            wait,
            max_receives,
            dead_letter: dead.then_some(2),
            order,
        },
    );
    prop::option::weighted(0.3, poll)
}

fn consumer(place: usize) -> impl Strategy<Value = Consumer> {
    let ack = select(vec![AckTime::BeforeEffect, AckTime::AfterEffect]);
    let on_error = select(vec![OnError::Requeue, OnError::Reject]);
    let times = (range(0), range(0), range(1));
    let inbox = select(vec![
        Inbox::None,
        Inbox::None,
        Inbox::Ids,
        Inbox::Ids,
        Inbox::IdThenEffect,
        Inbox::EffectThenId,
        Inbox::StoreFirst,
        Inbox::IdsLast,
        Inbox::NotNeeded,
    ]);
    let key = prop_oneof![2 => Just(InboxKey::MessageId), 1 => Just(InboxKey::BusinessKey)];
    let inbox = (inbox, option::weighted(0.3, span()), key);
    let queue = (0..2u8, prop::bool::weighted(0.1));
    (queue, 1..4u8, 0..4u16, times, ack, inbox, on_error, restart(), polling()).prop_map(
        move |(
            (queue, unwraps),
            workers,
            prefetch,
            (handler, step, latency),
            ack,
            (inbox, window, inbox_key),
            on_error,
            restart,
            polling,
        )| Consumer {
            name: name("reader", place),
            did: "read {}".to_owned(),
            effects: "read".to_owned(),
            queue,
            workers,
            prefetch,
            handler,
            step,
            ack,
            inbox,
            window,
            inbox_key,
            unwraps,
            on_error,
            restart,
            latency,
            polling,
        },
    )
}

/// Where polled queues park: nobody reads it.
fn dead_letters() -> Queue {
    let visibility = Span::from_millis(100);
    let (delay, wait) = (Span::ZERO, Span::ZERO);
    let poll =
        Poll { visibility, delay, wait, max_receives: 1, dead_letter: None, order: QueueOrder::Arrival };
    Queue {
        name: "dead".to_owned(),
        durable: true,
        dead_letters: false,
        limits: Limits::default(),
        poll: Some(poll),
        door: false,
    }
}

/// Every outbox gets a relay, and now and then a second one that competes with it.
fn setup() -> impl Strategy<Value = Setup> {
    let services = prop_oneof![3 => service(0).prop_map(|s| vec![s]), 1 => (service(0), service(1)).prop_map(|(a, b)| vec![a, b])];
    let queue = |place| {
        (any::<bool>(), any::<bool>(), poll(), routes::limits()).prop_map(
            move |(durable, dead_letters, poll, limits)| Queue {
                name: name("queue", place),
                durable,
                dead_letters,
                // A polled queue has limits of its own.
                limits: if poll.is_some() { Limits::default() } else { limits },
                poll,
                door: false,
            },
        )
    };
    let consumers = (consumer(0), consumer(1), consumer(2), 0..4usize).prop_map(|(a, b, c, n)| {
        let mut consumers = vec![a, b, c];
        consumers.truncate(n.max(1));
        consumers
    });
    let relays = (relay(0, 0), relay(1, 0), relay(2, 1), prop::bool::weighted(0.2));
    let gap = Reading::GapWait(Span::from_millis(200));
    let reading =
        select(vec![Reading::Unsent, Reading::Unsent, Reading::Cursor, Reading::Log, Reading::Snapshot, gap]);
    (services, relays, routes::topic(), queue(0), queue(1), consumers, reading).prop_map(
        |(services, (first, rival, second, rivals), topic, a, b, consumers, reading)| {
            let mut relays = Vec::new();
            let outbox = |place: usize| services.get(place).is_some_and(Service::has_outbox);
            relays.extend(outbox(0).then_some(first));
            relays.extend((outbox(0) && rivals).then_some(rival));
            relays.extend(outbox(1).then_some(second));
            if !rivals {
                relays.iter_mut().for_each(|relay: &mut Relay| relay.reading = reading);
            }
            for relay in relays.iter_mut().filter(|relay| relay.reading != Reading::Unsent) {
                relay.locking = Locking::None;
                relay.on_failure = OnFailure::Stop;
                relay.sent_rows = SentRows::Keep;
            }
            Setup {
                services,
                relays,
                broker: "broker".to_owned(),
                topics: vec![topic, routes::dead_letters(super::recount::DEAD)],
                queues: vec![a, b, dead_letters()],
                consumers,
                limit: Instant(5_000_000),
                faults: Vec::new(),
                operator: Vec::new(),
                bounds: Bounds::default(),
            }
        },
    )
}

/// What is chosen before the world is known: indices into what it has.
#[derive(Clone, Debug)]
struct Draw {
    actor: Index,
    place: Index,
    which: Which,
    by: Span,
    kind: u8,
    at: Instant,
    until: Option<Span>,
    after: bool,
}

fn draw() -> impl Strategy<Value = Draw> {
    let which = prop_oneof![
        3 => (1..6u32).prop_map(Which::Nth),
        1 => (10_000..1_000_000u32).prop_map(|ppm| Which::Rate(Rate(ppm))),
    ];
    let until = option::weighted(0.9, span());
    (any::<Index>(), any::<Index>(), which, span(), any::<u8>(), 0..600u64, until, any::<bool>()).prop_map(
        |(actor, place, which, by, kind, at, until, after)| Draw {
            actor,
            place,
            which,
            by,
            kind,
            at: Instant(at * 1_000),
            until,
            after,
        },
    )
}

impl Draw {
    fn actor(&self, cast: &Cast) -> ActorId {
        ActorId(self.actor.index(cast.actors.len()) as u8)
    }

    fn at_step(&self, actor: ActorId, step: Step) -> Fault {
        let side = if self.after { Side::After } else { Side::Before };
        let fault = match self.kind / 3 % 4 {
            0 | 1 if step.can_fail() => StepFault::Fail,
            0..=2 => StepFault::Crash(side, self.until),
            _ => StepFault::Slow(self.by),
        };
        Fault::AtStep { actor, step, which: self.which, fault }
    }

    fn on_packet(&self, actor: ActorId, kind: PacketKind) -> Fault {
        let fault = match self.kind / 3 % 6 {
            0 => PacketFault::Lose,
            1 => PacketFault::Delay(self.by),
            2 => PacketFault::Double(self.by),
            3 => PacketFault::Hurry(self.by),
            4 => PacketFault::Lag(self.by),
            _ => PacketFault::Hold,
        };
        Fault::OnPacket { actor, kind, which: self.which, fault }
    }

    fn fault(&self, setup: &Setup, cast: &Cast) -> Fault {
        let actor = self.actor(cast);
        let (steps, packets) = (steps_of(cast.role(actor), setup), packets_of(cast.role(actor), setup));
        if let (Role::Service(_), true) = (cast.role(actor), self.kind % 16 == 15) {
            return Fault::Spoil { actor, which: self.which };
        }
        if self.kind % 16 == 14 {
            // Then something is due.
            return Fault::Yield { at: setup.services[0].first, nth: 1 };
        }
        match self.kind % 3 {
            0 => self.at_step(actor, steps[self.place.index(steps.len())]),
            1 if !packets.is_empty() => self.on_packet(actor, packets[self.place.index(packets.len())]),
            _ => {
                let mut outages = vec![Outage::Down(actor)];
                outages.extend((actor != cast.broker).then_some(Outage::Cut(actor)));
                let queues = setup.topics[0].all_queues();
                let ways = queues.iter().chain(&queues);
                outages.extend(ways.map(|&queue| Outage::Subscription { topic: 0, queue }));
                outages.extend(has_database(cast.role(actor), setup).then_some(Outage::Database(actor)));
                let outage = outages[self.place.index(outages.len())];
                Fault::During { outage, from: self.at, until: self.until.map(|span| self.at + span) }
            }
        }
    }

    fn command(&self, setup: &Setup, cast: &Cast) -> Command {
        let actor = self.actor(cast);
        let database = has_database(cast.role(actor), setup);
        let packet = self.place.index(60) as u32 + 1;
        let letters =
            matches!(cast.role(actor), Role::Service(s) if setup.services[s as usize].has_dead_letters());
        let message = self.place.index(12) as u32;
        let queue = self.actor.index(setup.queues.len()) as u8;
        match self.kind % 17 {
            0 => Command::Crash(actor),
            1 => Command::CrashAfterNextStep(actor),
            2 => Command::Restart(actor),
            3 if database => Command::DatabaseDown(actor),
            4 if database => Command::DatabaseUp(actor),
            5 if actor != cast.broker => Command::Cut(actor),
            6 if actor != cast.broker => Command::Heal(actor),
            7 => Command::Lose(packet),
            8 => Command::Hold(packet),
            9 => Command::Release(packet),
            10 => Command::Operate(Operator::Redrive { queue, message: self.after.then_some(message) }),
            11 => Command::Operate(Operator::Discard { queue, message: Some(message) }),
            12 => Command::Operate(Operator::Hide { queue, message, span: self.by }),
            13 => Command::Operate(Operator::Peek { queue }),
            14 if letters => {
                let letters = if self.after { Letters::All } else { Letters::One(packet % 4) };
                Command::Operate(match self.place.index(4) {
                    0 => {
                        let to = Amount::new("20").filter(|_| self.after);
                        Operator::Edit { service: actor, letters, to }
                    }
                    1 => Operator::DiscardLetters { service: actor, letters },
                    _ => Operator::Replay { service: actor, letters },
                })
            }
            15 => {
                let to = Amount::new(if self.place.index(2) == 0 { "20" } else { "NaN" });
                Command::Operate(Operator::SendEdited { queue, message, to: to.filter(|_| self.after) })
            }
            16 if setup.topics[0].all_queues().contains(&queue) => {
                if self.after {
                    Command::SubscriptionUp(0, queue)
                } else {
                    Command::SubscriptionDown(0, queue)
                }
            }
            _ => Command::Lay(self.fault(setup, cast)),
        }
    }
}

/// Now and then there is a service that calls, somebody who is called, and perhaps somebody who waits for the answer.
fn calls() -> impl Strategy<Value = Option<(Service, Consumer)>> {
    let calls = (service(7), consumer(7), any::<bool>()).prop_map(|(mut caller, mut called, answers)| {
        caller.publishing = Publishing::Call;
        caller.confirm = caller.confirm.or(Some(Span::from_millis(40)));
        caller.on_failure = OnSendFailure::Fail;
        caller.answers = answers;
        for message in &mut caller.messages {
            (message.target, message.outbox) = (Target::Queue(DOOR), false);
        }
        (called.queue, called.workers, called.unwraps) = (DOOR, 1, false);
        if called.inbox == Inbox::StoreFirst {
            called.inbox = Inbox::None;
        }
        (caller, called)
    });
    option::weighted(0.25, calls)
}

/// The queue of who is called.
const DOOR: u8 = 3;

fn with_calls(mut setup: Setup, calls: Option<(Service, Consumer)>) -> Setup {
    if let Some((caller, called)) = calls {
        setup.services.push(caller);
        setup.consumers.push(called);
        let limits = Limits::default();
        setup.queues.push(Queue {
            name: "door".to_owned(),
            durable: true,
            dead_letters: false,
            limits,
            poll: None,
            door: true,
        });
    }
    setup
}

pub fn case() -> impl Strategy<Value = Case> {
    let setup = || (setup(), calls()).prop_map(|(setup, calls)| with_calls(setup, calls));
    let doings = vec((0..300u32, draw()), 0..8);
    (setup(), vec(draw(), 0..9), doings, any::<u64>()).prop_map(|(mut setup, faults, doings, seed)| {
        let cast = setup.cast();
        setup.faults = faults.iter().map(|draw| draw.fault(&setup, &cast)).collect();
        let commands = doings.iter().map(|(step, draw)| {
            let at = if draw.after { draw.at } else { Instant::START };
            Placed { step: *step, at, command: draw.command(&setup, &cast) }
        });
        let commands = placed(commands.collect());
        Case { setup: Arc::new(setup), seed, commands }
    })
}

//! Small worlds to try a rule in, and a run of them that can be asked what happened.
//!
//! Nothing in them is drawn: an order every 100 ms from 100 ms on, 10 ms on every wire, 1 ms a statement, 5 ms in
//! the handler. So a test can say when something happens.

use brokerlab::broker::command::Placed;
use brokerlab::broker::record::{Kind, Record};
use brokerlab::broker::routing::{Limits, Routing};
use brokerlab::broker::setup::*;
use brokerlab::broker::world::Ending;
use brokerlab::check::finding::Counts;
use brokerlab::scenario::spec::{parse_command, parse_fault};
use brokerlab::sim::chance::SpanRange;
use brokerlab::sim::time::{Instant, Span};
use brokerlab::timeline::moment::Moment;
use std::sync::Arc;

/// A range that is always the same.
pub fn ms(ms: u64) -> SpanRange {
    SpanRange::exactly(Span::from_millis(ms))
}

pub fn queue(name: &str) -> Queue {
    Queue {
        name: name.to_owned(),
        durable: true,
        dead_letters: true,
        limits: Limits::default(),
        poll: None,
        door: false,
    }
}

pub fn consumer(name: &str, queue: u8) -> Consumer {
    Consumer {
        name: name.to_owned(),
        did: "served {}".to_owned(),
        effects: "served".to_owned(),
        queue,
        workers: 1,
        prefetch: 1,
        handler: ms(5),
        step: ms(1),
        ack: AckTime::AfterEffect,
        inbox: Inbox::None,
        window: None,
        inbox_key: InboxKey::MessageId,
        unwraps: false,
        on_error: OnError::Requeue,
        restart: None,
        latency: ms(10),
        polling: Polling::default(),
    }
}

pub fn service(name: &str, count: u32, targets: &[Target]) -> Service {
    let kind = |(n, &target): (usize, &Target)| MessageKind {
        name: format!("message {n}"),
        target,
        routing: Routing::default(),
        delay: None,
        ttl: None,
        outbox: false,
    };
    Service {
        name: name.to_owned(),
        noun: "order".to_owned(),
        items: Vec::new(),
        count,
        first: Instant(100_000),
        every: ms(100),
        keys: 1,
        at_once: 1,
        publishing: Publishing::Plain,
        serialization: Serialization::AsSent,
        messages: targets.iter().enumerate().map(kind).collect(),
        step: ms(1),
        answers: false,
        confirm: Some(Span::from_millis(50)),
        retry: Retry::NEVER,
        on_failure: OnSendFailure::Fail,
        new_ids: false,
        restart: None,
        latency: ms(10),
    }
}

pub fn relay(name: &str) -> Relay {
    Relay {
        name: name.to_owned(),
        service: 0,
        reading: Reading::Unsent,
        locking: Locking::None,
        interval: Span::from_millis(40),
        batch: 10,
        marking: Marking::PerRow,
        on_failure: OnFailure::Stop,
        sent_rows: SentRows::Keep,
        step: ms(1),
        confirm: Span::from_millis(50),
        restart: None,
        latency: ms(10),
    }
}

fn around(service: Service, queues: Vec<Queue>, consumers: Vec<Consumer>) -> Setup {
    Setup {
        services: vec![service],
        relays: Vec::new(),
        broker: "broker".to_owned(),
        topics: Vec::new(),
        queues,
        consumers,
        limit: Instant(60_000_000),
        faults: Vec::new(),
        operator: Vec::new(),
        bounds: Bounds::default(),
    }
}

/// `orders` produces that many messages for the queue `mails`, which `mail` reads. Fit for rules of the broker.
pub fn to_mail(count: u32) -> Setup {
    around(service("orders", count, &[Target::Queue(0)]), vec![queue("mails")], vec![consumer("mail", 0)])
}

/// The same with a queue that is polled: every 20 ms after the last work, one message at a time, hidden for 400 ms.
pub fn polled(count: u32) -> Setup {
    let mut setup = to_mail(count);
    setup.queues = vec![polled_queue("mails", 400)];
    setup.consumers[0].on_error = OnError::Leave;
    setup.consumers[0].polling.pause = Span::from_millis(20);
    setup
}

/// A polled queue without dead letters that hides what it hands out for that many milliseconds.
pub fn polled_queue(name: &str, visibility: u64) -> Queue {
    let visibility = Span::from_millis(visibility);
    let poll = Poll {
        visibility,
        delay: Span::ZERO,
        wait: Span::ZERO,
        max_receives: 10,
        dead_letter: None,
        order: QueueOrder::Arrival,
    };
    Queue { poll: Some(poll), dead_letters: false, ..queue(name) }
}

/// The same as [`polled`] with a queue for dead letters behind it.
pub fn with_dead_letters(count: u32, max_receives: u16) -> Setup {
    let mut setup = polled(count);
    setup.queues.push(polled_queue("dead", 400));
    let poll = setup.queues[0].poll.as_mut().unwrap();
    (poll.max_receives, poll.dead_letter) = (max_receives, Some(1));
    setup
}

/// The same with a database at `orders`.
pub fn with_database(publishing: Publishing, count: u32) -> Setup {
    let mut setup = to_mail(count);
    setup.services[0].publishing = publishing;
    if publishing == Publishing::Outbox {
        setup.services[0].confirm = None;
        setup.relays = vec![relay("relay")];
    }
    setup
}

/// `orders` calls `mail` in the middle of each order, and somebody waits for the answer.
pub fn calling(count: u32) -> Setup {
    let mut setup = with_database(Publishing::Call, count);
    setup.services[0].answers = true;
    setup.queues[0].door = true;
    setup
}

/// A topic with the queues `mails`, `stocks` and `bills`, one consumer each.
pub fn to_topic(count: u32) -> Setup {
    let mut setup = around(
        service("orders", count, &[Target::Topic(0)]),
        vec![queue("mails"), queue("stocks"), queue("bills")],
        vec![consumer("mail", 0), consumer("stock", 1), consumer("bill", 2)],
    );
    setup.topics = vec![Topic::to("events", vec![0, 1, 2])];
    setup
}

/// Two messages a unit of work: one for `mail`, one for `stock`.
pub fn two_messages(publishing: Publishing, count: u32) -> Setup {
    let mut setup = with_database(publishing, count);
    setup.services[0].messages = service("", 0, &[Target::Queue(0), Target::Queue(1)]).messages;
    setup.queues.push(queue("stocks"));
    setup.consumers.push(consumer("stock", 1));
    setup
}

/// The setup with these faults laid down, in the words of a scenario file.
pub fn with_faults(mut setup: Setup, specs: &[&str]) -> Setup {
    let cast = setup.cast();
    for spec in specs {
        match parse_fault(spec, &cast, &setup) {
            Ok(fault) => setup.faults.push(fault),
            Err(error) => panic!("{spec}: {error}"),
        }
    }
    setup
}

/// A run, with what may be asked of it.
pub struct Play {
    pub moment: Moment,
    pub commands: Vec<Placed>,
    /// The moment up to which it was played: a hand acts then, not at the last step before.
    pub clock: Instant,
    cast: Cast,
}

impl Play {
    /// At the start.
    pub fn start(setup: &Setup) -> Play {
        let cast = setup.cast();
        Play {
            moment: Moment::start(&Arc::new(setup.clone()), 1),
            commands: Vec::new(),
            clock: Instant::START,
            cast,
        }
    }

    /// Played to its end under that seed.
    pub fn under(setup: &Setup, seed: u64) -> Play {
        let mut play = Play::start(setup);
        play.moment = Moment::start(&Arc::new(setup.clone()), seed);
        play.finish();
        play
    }

    /// Played to its end.
    pub fn of(setup: &Setup) -> Play {
        let mut play = Play::start(setup);
        play.finish();
        play
    }

    /// Played to its end, with these faults.
    pub fn with(setup: Setup, specs: &[&str]) -> Play {
        Play::of(&with_faults(setup, specs))
    }

    pub fn step(&mut self) -> bool {
        self.moment.advance(&self.commands)
    }

    pub fn finish(&mut self) {
        while self.step() {}
    }

    /// Plays on until everything due by then has happened.
    pub fn until(&mut self, ms: u64) {
        self.clock = Instant(ms * 1_000);
        loop {
            let mut next = self.moment.clone();
            if !next.advance(&self.commands) || next.now() > self.clock {
                return;
            }
            self.moment = next;
        }
    }

    /// Plays on until the party has done that for the n-th time.
    #[track_caller]
    pub fn until_done(&mut self, actor: &str, kind: Kind, nth: usize) {
        while self.all(actor, kind).len() < nth {
            assert!(self.step(), "{actor} never did it: {kind:?}");
        }
    }

    /// Does something by hand, now.
    #[track_caller]
    pub fn hand(&mut self, spec: &str) {
        let world = &self.moment.world;
        let command = parse_command(spec, world.cast(), world.setup());
        let command = command.unwrap_or_else(|error| panic!("{spec}: {error}"));
        self.commands.push(Placed { step: world.steps(), at: world.now().max(self.clock), command });
        self.step();
    }

    /// What of that kind happened to that party or was done by it; by anybody for `""`.
    pub fn all(&self, actor: &str, kind: Kind) -> Vec<Record> {
        let by = |record: &&Record| actor.is_empty() || self.cast.name(record.actor) == actor;
        self.moment.world.history().iter().filter(|record| record.kind == kind).filter(by).copied().collect()
    }

    /// About which messages or orders that happened, in order.
    pub fn subjects(&self, actor: &str, kind: Kind) -> Vec<u32> {
        self.all(actor, kind).iter().map(|record| record.subject).collect()
    }

    /// In which milliseconds that happened.
    pub fn times(&self, actor: &str, kind: Kind) -> Vec<u64> {
        self.all(actor, kind).iter().map(|record| record.at.0 / 1_000).collect()
    }

    pub fn count(&self, actor: &str, kind: Kind) -> usize {
        self.all(actor, kind).len()
    }

    pub fn counts(&self) -> Counts {
        self.moment.ledger.counts()
    }

    pub fn ended(&self) -> Option<Ending> {
        self.moment.world.ended()
    }

    /// The messages that wait in a queue, the next one first, and whether each was delivered before.
    pub fn waiting(&self, queue: u8) -> Vec<(u32, bool)> {
        let ready = self.moment.world.queue(queue).ready();
        ready.iter().map(|stored| (stored.message, stored.redelivered)).collect()
    }

    /// The messages of a polled queue that were received and not deleted.
    pub fn in_flight(&self, queue: u8) -> Vec<u32> {
        self.moment.world.queue(queue).polled().in_flight().map(|held| held.stored.message).collect()
    }

    /// What is out with a worker and not acknowledged.
    pub fn unacked(&self, worker: u8) -> Vec<u32> {
        self.moment.world.connection(worker).unacked().iter().map(|out| out.stored.message).collect()
    }
}

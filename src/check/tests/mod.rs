//! Does the judge judge rightly? Hand-made histories, told record by record.

use super::finding::{Finding, NO_QUEUE, Verdict};
use super::ledger::{Ledger, OrderState};
use super::promise::{Promise, When, judge};
use crate::broker::record::Kind::*;
use crate::broker::record::{Kind, NONE, Record, Why, packet_code};
use crate::broker::routing::{Limits, Routing};
use crate::broker::setup::*;
use crate::fault::point::{ActorId, PacketKind};
use crate::sim::chance::SpanRange;
use crate::sim::time::{Instant, Span};

mod loss;
mod promises;
mod requests;
mod verdicts;
mod world;

const SHOP: ActorId = ActorId(0);
const RELAY: ActorId = ActorId(1);
const BROKER: ActorId = ActorId(2);
const MAIL: ActorId = ActorId(3);
const STOCK: ActorId = ActorId(4);
const STOCK_2: ActorId = ActorId(5);
const AT_MAIL: u16 = 0;
const AT_STOCK: u16 = 1;
const PUBLISH: u16 = packet_code(PacketKind::Publish, BROKER);
const TO_MAIL: u16 = packet_code(PacketKind::Delivery, MAIL);

/// A shop with a relay; a topic that feeds the queues of mail and stock, and a queue that nobody reads.
/// The shop sends `messages` to these targets.
fn setup(messages: &[Target]) -> Setup {
    let no_time = SpanRange::exactly(Span::ZERO);
    let name = str::to_owned;
    let queue = |text| Queue {
        name: name(text),
        durable: true,
        dead_letters: true,
        limits: Limits::default(),
        poll: None,
        door: false,
    };
    let consumer = |text, queue, workers| Consumer {
        name: name(text),
        did: name("served {}"),
        effects: name("served"),
        queue,
        workers,
        prefetch: 1,
        handler: no_time,
        step: no_time,
        ack: AckTime::AfterEffect,
        inbox: Inbox::None,
        window: None,
        inbox_key: InboxKey::default(),
        unwraps: false,
        on_error: OnError::Requeue,
        restart: None,
        latency: no_time,
        polling: crate::broker::setup::Polling::default(),
    };
    Setup {
        services: vec![Service {
            name: name("shop"),
            noun: name("order"),
            items: Vec::new(),
            count: 100,
            first: Instant::START,
            every: no_time,
            keys: 2,
            at_once: 1,
            publishing: Publishing::AfterCommit,
            serialization: Serialization::AsSent,
            messages: messages
                .iter()
                .map(|&target| MessageKind {
                    name: name("m"),
                    target,
                    routing: Routing::default(),
                    delay: None,
                    ttl: None,
                    outbox: false,
                })
                .collect(),
            step: no_time,
            answers: false,
            confirm: Some(Span(1)),
            retry: Retry::NEVER,
            on_failure: OnSendFailure::Fail,
            new_ids: false,
            restart: None,
            latency: no_time,
        }],
        relays: vec![Relay {
            name: name("relay"),
            service: 0,
            reading: Reading::Unsent,
            locking: Locking::None,
            interval: Span(1),
            batch: 1,
            marking: Marking::PerRow,
            on_failure: OnFailure::Stop,
            sent_rows: SentRows::Keep,
            step: no_time,
            confirm: Span(1),
            restart: None,
            latency: no_time,
        }],
        broker: name("broker"),
        topics: vec![Topic::to("orders", vec![0, 1, 2])],
        queues: vec![queue("mails"), queue("stocks"), queue("unread")],
        consumers: vec![consumer("mail", 0, 1), consumer("stock", 1, 2)],
        limit: Instant(1_000_000),
        faults: Vec::new(),
        operator: Vec::new(),
        bounds: Bounds::default(),
    }
}

/// A history as it is told. Every record is a step of its own, unless `also` joins it to the last.
#[derive(Clone)]
struct Tale {
    ledger: Ledger,
    /// The step of each record so far.
    steps: Vec<u32>,
    step: u32,
}

impl Tale {
    fn new(setup: &Setup) -> Tale {
        Tale { ledger: Ledger::new(setup), steps: Vec::new(), step: 0 }
    }

    fn to_mail() -> Tale {
        Tale::new(&setup(&[Target::Queue(0)]))
    }

    fn two_to_mail() -> Tale {
        Tale::new(&setup(&[Target::Queue(0), Target::Queue(0)]))
    }

    fn without_confirmation() -> Tale {
        let mut setup = setup(&[Target::Queue(0)]);
        setup.services[0].confirm = None;
        Tale::new(&setup)
    }

    fn say(&mut self, actor: ActorId, kind: Kind, subject: u32, other: u16) -> u32 {
        self.step += 1;
        self.also(actor, kind, subject, other)
    }

    fn also(&mut self, actor: ActorId, kind: Kind, subject: u32, other: u16) -> u32 {
        let at = Instant(u64::from(self.step) * 10);
        let record = Record { at, step: self.step, cause: NONE, subject, kind, actor, other };
        let place = self.steps.len() as u32;
        self.ledger.observe(place, &record);
        self.steps.push(self.step);
        place
    }

    /// The order is taken in with one message and committed.
    fn order(&mut self, order: u32) -> u32 {
        self.say(SHOP, Requested, order, 1);
        self.say(SHOP, Committed, order, 0)
    }

    /// The same with an outbox row.
    fn order_with_row(&mut self, order: u32, message: u32) -> u32 {
        self.say(SHOP, Requested, order, 1);
        self.say(SHOP, WroteOutbox, message, 0);
        self.say(SHOP, Committed, order, 0)
    }

    /// The shop sends the message, and has no hope or doubt about it any more; the broker queues it for mail.
    fn reaches_mails(&mut self, message: u32) -> u32 {
        self.say(SHOP, Sent, message, PUBLISH);
        let accepted = self.say(BROKER, Accepted, message, u16::from(SHOP.0));
        self.also(BROKER, Enqueued, message, AT_MAIL);
        self.say(SHOP, Confirmed, message, 0);
        accepted
    }

    fn mail_receives(&mut self, message: u32) -> u32 {
        self.say(BROKER, Sent, message, TO_MAIL);
        self.say(MAIL, Received, message, 0)
    }

    fn mail_serves(&mut self, message: u32) -> u32 {
        self.mail_receives(message);
        let applied = self.say(MAIL, Applied, message, 0);
        self.say(BROKER, Settled, message, AT_MAIL);
        applied
    }

    fn found(&self) -> Vec<Finding> {
        self.ledger.findings().copied().collect()
    }

    fn verdicts(&self) -> Vec<Verdict> {
        self.ledger.findings().map(|finding| finding.verdict).collect()
    }

    fn step_of(&self, place: u32) -> u32 {
        self.steps[place as usize]
    }

    /// The only finding: verdict, place of the record at which it was found, proof.
    #[track_caller]
    fn expect(&self, verdict: Verdict, place: u32, message: u32, queue: u8, proof: [u32; 3]) {
        let step = self.step_of(place);
        let at = Instant(u64::from(step) * 10);
        let order = self.ledger.order_of(message).unwrap();
        let finding = Finding { verdict, queue, step, at, order, message, proof };
        assert_eq!(self.found(), [finding]);
        assert_eq!(self.ledger.counts().of(verdict), 1);
    }

    #[track_caller]
    fn expect_nothing(&self) {
        assert_eq!(self.found(), []);
    }

    fn end(&mut self) -> u32 {
        self.say(BROKER, Ended, 0, 0)
    }
}

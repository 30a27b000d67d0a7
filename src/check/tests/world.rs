//! Does the judge agree with the world? Real runs under random faults: whatever is missing at the end must be
//! accounted for by looking into the queues and tables, and nothing that was called lost may come later.

use crate::broker::record::Kind;
use crate::broker::routing::{Limits, Routing};
use crate::broker::setup::*;
use crate::broker::world::{Ending, World};
use crate::check::finding::Verdict;
use crate::check::ledger::{Ledger, OrderState};
use crate::fault::plan::{Fault, PacketFault, Side, StepFault, Which};
use crate::fault::point::{ActorId, PacketKind, Step};
use crate::sim::chance::{Rate, SpanRange};
use crate::sim::time::{Instant, Span};
use std::sync::Arc;

fn range(min: u64, max: u64) -> SpanRange {
    SpanRange { min: Span(min), max: Span(max) }
}

/// A shop that publishes as told; mail acknowledges before the effect and its queue is not durable, stock after.
fn setup(publishing: Publishing, confirm: bool, inbox: bool, faults: Vec<Fault>) -> Setup {
    let name = str::to_owned;
    let queue = |text, durable| Queue {
        name: name(text),
        durable,
        dead_letters: durable,
        limits: Limits::default(),
        poll: None,
        door: false,
    };
    let consumer = |text, queue, ack| Consumer {
        name: name(text),
        did: name("served {}"),
        effects: name("served"),
        queue,
        workers: 2,
        prefetch: 3,
        handler: range(100, 900),
        step: range(10, 90),
        ack,
        inbox: if inbox { Inbox::Ids } else { Inbox::None },
        window: None,
        inbox_key: InboxKey::default(),
        unwraps: false,
        on_error: OnError::Requeue,
        restart: Some(Span(5_000)),
        latency: range(200, 2_000),
        polling: Polling::default(),
    };
    let message = |text, target| MessageKind {
        name: name(text),
        target,
        routing: Routing::default(),
        delay: None,
        ttl: None,
        outbox: false,
    };
    Setup {
        services: vec![Service {
            name: name("shop"),
            noun: name("order"),
            items: Vec::new(),
            count: 40,
            first: Instant::START,
            every: range(100, 4_000),
            keys: 3,
            at_once: 1,
            publishing,
            serialization: Serialization::AsSent,
            messages: vec![message("placed", Target::Topic(0)), message("mail", Target::Queue(0))],
            step: range(10, 90),
            answers: false,
            confirm: confirm.then_some(Span(6_000)),
            retry: Retry::NEVER,
            on_failure: OnSendFailure::Fail,
            new_ids: false,
            restart: Some(Span(3_000)),
            latency: range(200, 2_000),
        }],
        relays: vec![Relay {
            name: name("relay"),
            service: 0,
            reading: Reading::Unsent,
            locking: Locking::None,
            interval: Span(2_000),
            batch: 5,
            marking: Marking::PerBatch,
            on_failure: OnFailure::Stop,
            sent_rows: SentRows::Keep,
            step: range(10, 90),
            confirm: Span(6_000),
            restart: Some(Span(3_000)),
            latency: range(200, 2_000),
        }],
        broker: name("broker"),
        topics: vec![Topic::to("orders", vec![0, 1])],
        queues: vec![queue("mails", false), queue("stocks", true)],
        consumers: vec![
            consumer("mail", 0, AckTime::BeforeEffect),
            consumer("stock", 1, AckTime::AfterEffect),
        ],
        limit: Instant(20_000_000),
        faults,
        operator: Vec::new(),
        bounds: Bounds::default(),
    }
}

/// Crashes of everybody and all that can happen to packets, each now and then.
fn storm(rate: u32) -> Vec<Fault> {
    let which = Which::Rate(Rate(rate));
    let mut faults = Vec::new();
    let crash = |side| StepFault::Crash(side, Some(Span(4_000)));
    let steps: [(u8, &[Step]); 5] = [
        (0, &[Step::Write, Step::Publish, Step::Commit, Step::Serialize]),
        (1, &[Step::Publish, Step::MarkSent]),
        (2, &[Step::Accept]),
        (3, &[Step::Receive, Step::Apply, Step::Ack, Step::Commit]),
        (5, &[Step::Receive, Step::Apply, Step::Ack]),
    ];
    for (actor, steps) in steps {
        for &step in steps {
            for side in [Side::Before, Side::After] {
                faults.push(Fault::AtStep { actor: ActorId(actor), step, which, fault: crash(side) });
            }
            if step.can_fail() {
                faults.push(Fault::AtStep { actor: ActorId(actor), step, which, fault: StepFault::Fail });
            }
        }
    }
    for (actor, kind) in [
        (0, PacketKind::Publish),
        (1, PacketKind::Publish),
        (1, PacketKind::Confirm),
        (3, PacketKind::Delivery),
        (5, PacketKind::Delivery),
        (5, PacketKind::Ack),
    ] {
        for fault in [PacketFault::Lose, PacketFault::Double(Span(3_000)), PacketFault::Delay(Span(9_000))] {
            faults.push(Fault::OnPacket { actor: ActorId(actor), kind, which, fault });
        }
    }
    // What stands still is not lost: without it nothing would ever be stuck, for heartbeats find the rest.
    let held =
        Fault::OnPacket { actor: ActorId(5), kind: PacketKind::Delivery, which, fault: PacketFault::Hold };
    faults.push(held);
    faults
}

fn watch(setup: &Arc<Setup>, seed: u64) -> (World, Ledger) {
    let mut world = World::new(setup.clone(), seed);
    let mut ledger = Ledger::new(setup);
    let mut seen = 0;
    while world.step() {
        for record in world.history().iter_from(seen) {
            ledger.observe(seen as u32, record);
            seen += 1;
            if record.kind == Kind::Applied {
                let lost = ledger.findings_of_message(record.subject).find(|finding| {
                    let queue = setup.consumers[usize::from(record.other)].queue;
                    finding.verdict == Verdict::Lost && finding.queue == queue
                });
                assert_eq!(lost, None, "seed {seed}: lost, and then applied");
            }
        }
    }
    for record in world.history().iter_from(seen) {
        ledger.observe(seen as u32, record);
        seen += 1;
    }
    (world, ledger)
}

/// Where a message can still be when the world is quiet.
fn waits(world: &World, message: u32, queue: u8) -> bool {
    let row = world.service(0).outbox().contains(message);
    let copy = world.queue(queue).ready().iter().any(|stored| stored.message == message);
    let out = (0..4).filter(|&worker| worker / 2 == queue);
    let out =
        out.flat_map(|worker| world.connection(worker).unacked()).any(|out| out.stored.message == message);
    // Only deliveries to the first worker of stock are held.
    let held = world.packets().any(|packet| packet.message == message && queue == 1);
    row || copy || out || held
}

#[test]
fn what_is_missing_when_the_world_is_quiet_is_lost_or_waits_somewhere() {
    let mut all = [0; Verdict::ALL.len()];
    for publishing in
        [Publishing::Plain, Publishing::BeforeCommit, Publishing::AfterCommit, Publishing::Outbox]
    {
        for seed in 0..60 {
            let setup = Arc::new(setup(publishing, seed % 2 == 0, seed % 3 == 0, storm(20_000)));
            let (world, ledger) = watch(&setup, seed);
            assert_eq!(world.ended(), Some(Ending::Quiet));
            for message in 0..ledger.messages() {
                let order = ledger.order_of(message).unwrap();
                let committed = ledger.order_state(order) == Some(OrderState::Committed);
                for &queue in ledger.queues_of(message) {
                    let found = |verdict| {
                        let mut found = ledger.findings_of_message(message);
                        found.any(|finding| finding.verdict == verdict && finding.queue == queue)
                    };
                    let parked = world.queue(queue).parked().contains(&message);
                    assert_eq!(found(Verdict::Parked), parked);
                    let missing = committed && !parked && ledger.applied(message, queue) == 0;
                    let waits = waits(&world, message, queue);
                    let verdicts = (found(Verdict::Lost), found(Verdict::Stuck));
                    let expected = (missing && !waits, missing && waits);
                    assert_eq!(
                        verdicts, expected,
                        "{publishing:?}, seed {seed}, message {message}, queue {queue}"
                    );
                }
            }
            for verdict in Verdict::ALL {
                all[verdict as usize] += ledger.counts().of(verdict);
            }
        }
    }
    let asked = |verdict: &Verdict| !matches!(verdict, Verdict::Failed | Verdict::Late | Verdict::Overdue);
    let reached = Verdict::ALL.into_iter().filter(asked).all(|verdict| all[verdict as usize] > 0);
    assert!(reached, "the storm reached not every verdict: {all:?}");
}

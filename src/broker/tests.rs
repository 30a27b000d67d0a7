use super::*;
use crate::sim::chance::SpanRange;
use crate::sim::time::*;
use setup::*;
use std::sync::Arc;
fn r(a: u64, b: u64) -> SpanRange {
    SpanRange { min: Span(a), max: Span(b) }
}
fn consumer(name: &str, queue: u8, workers: u8) -> Consumer {
    Consumer {
        name: name.into(),
        did: "did {}".into(),
        effects: "effects".into(),
        queue,
        workers,
        prefetch: 10,
        handler: r(100, 900),
        step: r(0, 0),
        ack: AckTime::AfterEffect,
        inbox: false,
        on_error: OnError::Requeue,
        restart: None,
        latency: r(1000, 10000),
    }
}
#[test]
fn speed() {
    let setup = Arc::new(Setup {
        services: vec![Service {
            name: "p".into(),
            noun: "o".into(),
            items: vec![],
            count: 1_000_000,
            first: Instant(0),
            every: r(1, 2000),
            keys: 1,
            publishing: Publishing::Plain,
            serialization: Serialization::AsSent,
            messages: vec![MessageKind { name: "m".into(), target: Target::Topic(0) }],
            step: r(0, 0),
            confirm: None,
            restart: None,
            latency: r(1000, 10000),
        }],
        relays: vec![],
        broker: "b".into(),
        topics: vec![Topic { name: "t".into(), queues: vec![0, 1, 2] }],
        queues: (0..3).map(|i| Queue { name: format!("q{i}"), durable: true, dead_letters: false }).collect(),
        consumers: (0..3).map(|i| consumer(&format!("c{i}"), i, 2)).collect(),
        latency: r(1000, 10000),
        limit: Instant(u64::MAX),
        faults: vec![],
    });
    let t = std::time::Instant::now();
    let mut w = world::World::new(setup, 7);
    while w.step() {}
    let e = t.elapsed();
    println!(
        "{} steps {} records {:?} {:.2}M/s end {:?} {:?} {:016x}",
        w.steps(),
        w.history().len(),
        e,
        w.steps() as f64 / e.as_secs_f64() / 1e6,
        w.ended(),
        w.now(),
        w.fingerprint()
    );
    let t = std::time::Instant::now();
    let c = w.clone();
    println!("clone {:?}", t.elapsed());
    drop(c);
}

//! How fast is the engine, and how much does it keep? `cargo bench`.
//!
//! The worlds are the scenario files next to this one; the page runs the same (`cargo xtask bench-page`).
//! On Linux the time is that of the thread's own work, so that a neighbour on a shared machine is not counted.

use brokerlab::broker::record::Record;
use brokerlab::broker::world::World;
use brokerlab::scenario::Scenario;
use brokerlab::sim::chance::{Dice, SpanRange};
use brokerlab::sim::time::Span;
use brokerlab::timeline::moment::Moment;
use brokerlab::timeline::run::Run;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};
use std::hint::black_box;
use std::time::{Duration, Instant};

const FAN_OUT: &str = include_str!("fan-out.toml");
const OUTBOX: &str = include_str!("outbox.toml");
/// How long a run is that somebody scrubs.
const SCRUBBED: u32 = 1_000_000;
/// How often.
const SEEKS: usize = 100;

fn main() {
    let fan_out = scenario("fan-out", FAN_OUT, None);
    let outbox = scenario("outbox", OUTBOX, None);
    let scrubbed = scenario("fan-out", FAN_OUT, Some(SCRUBBED / 15));
    scrub(&scrubbed);
    kept(&fan_out);
    let mut criterion = Criterion::default()
        .with_measurement(Work)
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    for scenario in [&fan_out, &outbox] {
        steps(&mut criterion, scenario);
    }
    clones(&mut criterion, &scrubbed);
    criterion.final_summary();
}

/// The scenario of that file, perhaps with fewer units of work.
fn scenario(name: &str, text: &str, orders: Option<u32>) -> Scenario {
    let text = match orders {
        Some(orders) => fewer(text, orders),
        None => text.to_owned(),
    };
    Scenario::read(name, &text).expect("the benchmark's scenarios are right")
}

fn fewer(text: &str, orders: u32) -> String {
    let line = |line: &str| {
        if line.starts_with("orders ") { format!("orders = {orders}") } else { line.to_owned() }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A whole run of the world alone: every step and every record, nobody judges.
fn world(scenario: &Scenario) -> World {
    let mut world = World::new(scenario.setup.clone(), scenario.seed);
    while world.step() {}
    world
}

/// The same with the judge beside it.
fn judged(scenario: &Scenario) -> Moment {
    let mut moment = Moment::start(&scenario.setup, scenario.seed);
    while moment.advance(&[]) {}
    moment
}

fn steps(criterion: &mut Criterion<Work>, scenario: &Scenario) {
    let mut group = criterion.benchmark_group("steps");
    group.sampling_mode(criterion::SamplingMode::Flat);
    group.throughput(Throughput::Elements(u64::from(world(scenario).steps())));
    group.bench_with_input(BenchmarkId::new("world", &scenario.id), scenario, |bencher, scenario| {
        bencher.iter_with_large_drop(|| world(scenario));
    });
    group.bench_with_input(BenchmarkId::new("judged", &scenario.id), scenario, |bencher, scenario| {
        bencher.iter_with_large_drop(|| judged(scenario));
    });
    group.finish();
}

fn clones(criterion: &mut Criterion<Work>, scenario: &Scenario) {
    let end = judged(scenario);
    let mut group = criterion.benchmark_group("clone");
    group.bench_function(BenchmarkId::new("moment", end.step()), |bencher| {
        bencher.iter_batched(|| (), |()| black_box(end.clone()), BatchSize::SmallInput);
    });
    group.finish();
}

/// What a record costs in memory.
fn kept(scenario: &Scenario) {
    let before = resident();
    let world = world(scenario);
    let (records, steps) = (world.history().len(), world.steps());
    println!("kept/record: {} bytes, {records} records in {steps} steps", size_of::<Record>());
    if let (Some(before), Some(after)) = (before, resident()) {
        let each = (after - before) as f64 / records as f64;
        println!("kept/process: {each:.1} bytes a record, all else of the world included");
    }
}

/// A long run, and how long it takes to stand elsewhere in it.
fn scrub(scenario: &Scenario) {
    let before = resident();
    let started = Instant::now();
    let mut run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
    let took = started.elapsed();
    let steps = run.end().step();
    println!("run/new: {steps} steps with the judge and checkpoints in {:.0} ms", millis(took));
    if let (Some(before), Some(after)) = (before, resident()) {
        println!("run/process: {:.0} MB", (after - before) as f64 / 1e6);
    }
    let mut dice = Dice::new(1, "seek", "bench");
    let all = SpanRange { min: Span(0), max: Span(u64::from(steps)) };
    let mut times: Vec<Duration> = (0..SEEKS)
        .map(|_| {
            let step = dice.span(all).0 as u32;
            let started = Instant::now();
            run.seek(step);
            started.elapsed()
        })
        .collect();
    times.sort();
    let (median, most) = (millis(times[SEEKS / 2]), millis(times[SEEKS - 1]));
    println!("run/seek: median {median:.2} ms, longest {most:.2} ms, of {SEEKS}");
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1e3
}

/// The bytes of memory that the process holds, where the system tells.
fn resident() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(statm.split_whitespace().nth(1)?.parse::<u64>().ok()? * 4096)
}

/// Time that this thread worked, where the system tells; else time that passed.
struct Work;

fn worked() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanos.map_or_else(passed, Duration::from_nanos)
}

fn passed() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

impl Measurement for Work {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        worked()
    }

    fn end(&self, started: Duration) -> Duration {
        worked() - started
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

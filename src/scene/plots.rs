//! How does it go over time? The plots of a run: what waits, what is out, how old, how much is done, how long it took,
//! as few points on a grid of whole numbers.

use super::measures::seconds;
use crate::broker::record::Kind;
use crate::check::measures::{Measures, nearest_rank};
use crate::sim::time::{Instant, Span};
use crate::timeline::run::Run;
use crate::words::plots as say;

/// The width of a plot, in cells: more than that nobody can tell apart on a panel beside the stage.
pub const WIDTH: u32 = 320;
/// Its height, in cells.
pub const HEIGHT: u32 = 100;

/// What a plot shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// Messages that wait in the queues.
    Waiting,
    /// Messages that are handed out and not acknowledged.
    InFlight,
    /// How long the oldest that waits has waited.
    Oldest,
    /// Effects applied within a while: throughput.
    Throughput,
    /// From the coming of a unit of work to its effect, for each effect.
    EndToEnd,
    /// From the coming of a request to its answer, for each answer.
    Answers,
}

/// The values of one run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Series {
    /// The cells: from the left, and from below. For what always has a value one a column at most, where it changes;
    /// for what happens at moments one for each.
    pub points: Vec<(u32, u32)>,
}

/// One plot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plot {
    /// What it shows.
    pub what: What,
    /// Its title.
    pub title: String,
    /// The value at its upper edge, in words.
    pub top: String,
    /// What is to be seen, in a sentence.
    pub summary: String,
    /// The run on show, then the one beside it.
    pub series: Vec<Series>,
    /// Of the run on show, for each of [`PARTS`]: within what time that part of all so far was done. Only for what
    /// happens at moments.
    pub parts: Vec<Series>,
}

/// The percentiles that are drawn, in hundredths.
pub const PARTS: [u32; 3] = [50, 95, 99];
/// How many columns a while has, about, in which effects are counted.
const WHILE: u64 = 60;

impl Plot {
    /// Whether its values are moments, and not a line.
    pub fn is_dots(&self) -> bool {
        matches!(self.what, What::EndToEnd | What::Answers)
    }
}

/// The values of one run as they are, a column each or a moment each.
#[derive(Default)]
struct Raw {
    waiting: Vec<u64>,
    in_flight: Vec<u64>,
    oldest: Vec<u64>,
    /// How many effects were applied in each column.
    effects: Vec<u64>,
    ways: Vec<(u32, u64)>,
    answers: Vec<(u32, u64)>,
}

/// A while in which effects are counted: 1, 2 or 5 times a power of ten, at most a fifth of the run.
fn nice_while(end: Instant) -> Span {
    let wanted = end.0 * WHILE / u64::from(WIDTH);
    let mut ten = 1_u64;
    while ten.saturating_mul(10) <= wanted {
        ten *= 10;
    }
    Span([5, 2].into_iter().map(|n| n * ten).find(|&span| span <= wanted).unwrap_or(ten))
}

/// For each column how many there were in the `columns` up to it.
fn trailing(counts: &[u64], columns: usize) -> Vec<u64> {
    let mut sum = 0;
    (0..counts.len())
        .map(|x| {
            sum += counts[x];
            sum -= x.checked_sub(columns).map_or(0, |gone| counts[gone]);
            sum
        })
        .collect()
}

/// For each of [`PARTS`]: at each column where there is something new, within what time that part of all so far was
/// done (the nearest rank).
fn parts(values: &[(u32, u64)], top: u64) -> Vec<Series> {
    let mut parts = vec![Series::default(); PARTS.len()];
    let mut sorted: Vec<u64> = Vec::new();
    for of_column in values.chunk_by(|one, other| one.0 == other.0) {
        // What is sorted already stays so: a sort of two runs is a merge.
        sorted.extend(of_column.iter().map(|&(_, value)| value));
        sorted.sort();
        for (part, series) in PARTS.into_iter().zip(&mut parts) {
            let Some(within) = nearest_rank(&sorted, part) else { continue };
            let y = cell(within, top);
            if series.points.last().is_none_or(|&(_, last)| last != y) {
                series.points.push((of_column[0].0, y));
            }
        }
    }
    parts
}

/// The column of a moment.
pub fn column(at: Instant, end: Instant) -> u32 {
    (at.0.saturating_mul(u64::from(WIDTH - 1)) / end.0.max(1)).min(u64::from(WIDTH - 1)) as u32
}

/// The moment of a column.
fn moment(column: u32, end: Instant) -> Instant {
    Instant(end.0.saturating_mul(u64::from(column)) / u64::from(WIDTH - 1))
}

fn raw(run: &Run, end: Instant) -> Raw {
    let mut measures = Measures::new(run.setup());
    let mut raw = Raw::default();
    let mut records = run.end().world.history().iter().peekable();
    for x in 0..WIDTH {
        let gauges = measures.gauges();
        let mut most = [gauges.waiting().into(), gauges.in_flight().into(), gauges.oldest(moment(x, end)).0];
        let done = raw.ways.len();
        while let Some(record) = records.next_if(|record| column(record.at, end) <= x) {
            let age = measures.gauges().oldest(record.at).0;
            let effects = measures.done();
            measures.observe(record);
            let gauges = measures.gauges();
            let now = [gauges.waiting().into(), gauges.in_flight().into(), age];
            most.iter_mut().zip(now).for_each(|(most, now)| *most = (*most).max(now));
            match record.kind {
                // A repeat is not done sooner or later than what it repeats.
                Kind::Applied if measures.done() > effects => {
                    raw.ways.extend(measures.last_way().map(|way| (x, way.0)))
                }
                Kind::Answered if record.other == 0 => {
                    raw.answers.extend(measures.last_answer().map(|way| (x, way.0)));
                }
                _ => {}
            }
        }
        raw.waiting.push(most[0]);
        raw.in_flight.push(most[1]);
        raw.oldest.push(most[2]);
        raw.effects.push((raw.ways.len() - done) as u64);
    }
    raw
}

fn cell(value: u64, top: u64) -> u32 {
    (value * u64::from(HEIGHT) / top.max(1)) as u32
}

/// The columns at which a line changes.
fn line(values: &[u64], top: u64) -> Series {
    let mut points: Vec<(u32, u32)> = Vec::new();
    for (x, &value) in (0..).zip(values) {
        let y = cell(value, top);
        if points.last().is_none_or(|&(_, last)| last != y) {
            points.push((x, y));
        }
    }
    Series { points }
}

/// At most one moment a cell.
fn dots(values: &[(u32, u64)], top: u64) -> Series {
    let mut points: Vec<(u32, u32)> = values.iter().map(|&(x, value)| (x, cell(value, top))).collect();
    points.sort_unstable();
    points.dedup();
    Series { points }
}

/// The plots of these runs (the one on show first), up to the end of the longest. What has no value in any of them
/// is left out.
#[inline(never)]
pub fn plots(runs: &[&Run], end: Instant) -> Vec<Plot> {
    let mut raws: Vec<Raw> = runs.iter().map(|run| raw(run, end)).collect();
    let span = nice_while(end);
    let columns = (span.0 * u64::from(WIDTH) / end.0.max(1)).max(1) as usize;
    for raw in &mut raws {
        raw.effects = trailing(&raw.effects, columns);
    }
    let lines = |of: fn(&Raw) -> &Vec<u64>, what, title: String, unit: fn(u64) -> String| {
        let top = raws.iter().flat_map(of).copied().max().unwrap_or(0);
        let first = of(raws.first()?);
        let most = first.iter().copied().max().unwrap_or(0);
        let at = first.iter().position(|&value| value == most).unwrap_or(0) as u32;
        let when = seconds(Span(moment(at, end).0));
        let summary = if most == 0 { say::ALWAYS_NONE.to_owned() } else { say::at_most(&unit(most), &when) };
        let series = raws.iter().map(|raw| line(of(raw), top)).collect();
        (top > 0).then_some(Plot { what, title, top: unit(top), summary, series, parts: Vec::new() })
    };
    let moments = |of: fn(&Raw) -> &Vec<(u32, u64)>, what, title: &str| {
        let top = raws.iter().flat_map(of).map(|&(_, value)| value).max().unwrap_or(0);
        let mut sorted: Vec<u64> = of(raws.first()?).iter().map(|&(_, value)| value).collect();
        sorted.sort_unstable();
        let within = |part| nearest_rank(&sorted, part).map(|value| seconds(Span(value)));
        let all = within(50).zip(within(95)).zip(within(99).zip(within(100)));
        let summary = all.map_or(say::NONE.to_owned(), |((p50, p95), (p99, most))| {
            say::percentiles(&p50, &p95, &p99, &most)
        });
        let series = raws.iter().map(|raw| dots(of(raw), top)).collect();
        let parts = raws.first().map_or(Vec::new(), |raw| parts(of(raw), top));
        let top = (top > 0).then(|| seconds(Span(top)))?;
        Some(Plot { what, title: title.to_owned(), top, summary, series, parts })
    };
    let count = |n: u64| n.to_string();
    let time = |us: u64| seconds(Span(us));
    [
        lines(|raw| &raw.waiting, What::Waiting, say::WAITING.to_owned(), count),
        lines(|raw| &raw.in_flight, What::InFlight, say::HANDED_OUT.to_owned(), count),
        lines(|raw| &raw.oldest, What::Oldest, say::OLDEST.to_owned(), time),
        lines(|raw| &raw.effects, What::Throughput, say::done_lately(&seconds(span)), count),
        moments(|raw| &raw.ways, What::EndToEnd, say::TO_THE_EFFECT),
        moments(|raw| &raw.answers, What::Answers, say::TO_THE_ANSWER),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::catalogue;

    fn run(id: &str) -> Run {
        let scenario = catalogue::find(id).unwrap();
        Run::new(scenario.setup.clone(), scenario.seed, Vec::new())
    }

    #[test]
    fn a_backlog_is_seen_to_grow_and_to_drain() {
        let run = run("queue-slow-consumer-backlog");
        let plots = plots(&[&run], run.end().now());
        let waiting = plots.iter().find(|plot| plot.what == What::Waiting).unwrap();
        let heights: Vec<u32> = waiting.series[0].points.iter().map(|&(_, y)| y).collect();
        let peak = heights.iter().position(|&y| y == HEIGHT).unwrap();
        assert!(heights[..=peak].is_sorted() || peak > 2, "{heights:?}");
        assert_eq!((heights.first(), heights.last()), (Some(&0), Some(&0)), "from nothing to nothing");
        let ages = plots.iter().find(|plot| plot.what == What::Oldest).unwrap();
        assert_ne!(ages.top, "0 s");
        let ways = plots.iter().find(|plot| plot.what == What::EndToEnd).unwrap();
        assert_eq!(ways.series[0].points.len(), 8, "a dot for each photo");
        assert!(ways.series[0].points.is_sorted_by_key(|&(_, y)| y), "each later one waits longer");
    }

    #[test]
    fn throughput_counts_each_effect_for_a_while_and_no_longer() {
        let run = run("queue-slow-consumer-backlog");
        let plots = plots(&[&run], run.end().now());
        let done = plots.iter().find(|plot| plot.what == What::Throughput).unwrap();
        let most: u32 = done.top.parse().unwrap();
        let steps = &done.series[0].points;
        // Each effect lifts the line by one, and lets it fall again when the while is over: the end may come before.
        let cells: Vec<i64> = steps.iter().map(|&(_, y)| i64::from(y * most / HEIGHT)).collect();
        let rises: i64 = cells.windows(2).map(|pair| (pair[1] - pair[0]).max(0)).sum();
        let falls: i64 = cells.windows(2).map(|pair| (pair[0] - pair[1]).max(0)).sum();
        assert_eq!(cells[0], 0);
        assert_eq!(rises - falls, *cells.last().unwrap());
        assert!((2..=8).contains(&rises), "{rises} of 8 photos, some at the same time as another leaves");
        assert_eq!(trailing(&[1, 0, 2, 0, 0], 2), [1, 1, 2, 2, 0]);
        for (end, span) in [(100, 10), (160, 20), (20_000_000, 2_000_000), (35_000_000, 5_000_000), (0, 1)] {
            assert_eq!(nice_while(Instant(end)), Span(span), "{end}");
        }
    }

    #[test]
    fn percentiles_are_the_nearest_rank_of_all_so_far() {
        let values: Vec<(u32, u64)> = (1..=100).map(|n| (n, u64::from(101 - n))).collect();
        let [half, most, nearly_all] = parts(&values, 100).try_into().unwrap();
        // The first is the longest; then 50 of 100 take 50 at most, 95 take 95.
        assert_eq!(half.points.first(), Some(&(1, 100)));
        assert_eq!(half.points.last().map(|&(_, y)| y), Some(50));
        assert_eq!(most.points.last().map(|&(_, y)| y), Some(95));
        assert_eq!(nearly_all.points.last().map(|&(_, y)| y), Some(99));
        // As the measures of the run have it.
        for scenario in catalogue::scenarios() {
            let run = run(&scenario.id);
            let measures = Measures::of(run.setup(), run.end().world.history().iter());
            let plots = plots(&[&run], run.end().now());
            let Some(plot) = plots.iter().find(|plot| plot.what == What::EndToEnd) else { continue };
            let top = measures.end_to_end(100).unwrap().0;
            for (part, series) in PARTS.into_iter().zip(&plot.parts) {
                let within = measures.end_to_end(part).unwrap();
                assert_eq!(series.points.last().unwrap().1, cell(within.0, top), "{} p{part}", scenario.id);
                assert!(plot.summary.contains(&seconds(within)), "{}: {}", scenario.id, plot.summary);
            }
        }
    }

    #[test]
    fn every_plot_stays_within_its_cells() {
        for scenario in catalogue::scenarios() {
            let run = run(&scenario.id);
            for plot in plots(&[&run, &run], run.end().now()) {
                assert_eq!(plot.series.len(), 2);
                for series in plot.series.iter().chain(&plot.parts) {
                    assert!(series.points.iter().all(|&(x, y)| x < WIDTH && y <= HEIGHT), "{}", scenario.id);
                    assert!(series.points.len() <= (WIDTH * HEIGHT) as usize);
                }
            }
        }
    }
}

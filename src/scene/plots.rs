//! How does it go over time? The plots of a run: what waits, what is out, how old, how long it took, as few points
//! on a grid of whole numbers.

use super::measures::seconds;
use crate::broker::record::Kind;
use crate::check::measures::Measures;
use crate::sim::time::{Instant, Span};
use crate::timeline::run::Run;

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
    pub title: &'static str,
    /// The value at its upper edge, in words.
    pub top: String,
    /// What is to be seen, in a sentence.
    pub summary: String,
    /// The run on show, then the one beside it.
    pub series: Vec<Series>,
}

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
    ways: Vec<(u32, u64)>,
    answers: Vec<(u32, u64)>,
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
        while let Some(record) = records.next_if(|record| column(record.at, end) <= x) {
            let age = measures.gauges().oldest(record.at).0;
            measures.observe(record);
            let gauges = measures.gauges();
            let now = [gauges.waiting().into(), gauges.in_flight().into(), age];
            most.iter_mut().zip(now).for_each(|(most, now)| *most = (*most).max(now));
            match record.kind {
                Kind::Applied => raw.ways.extend(measures.last_way().map(|way| (x, way.0))),
                Kind::Answered if record.other == 0 => {
                    raw.answers.extend(measures.last_answer().map(|way| (x, way.0)));
                }
                _ => {}
            }
        }
        raw.waiting.push(most[0]);
        raw.in_flight.push(most[1]);
        raw.oldest.push(most[2]);
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
    let raws: Vec<Raw> = runs.iter().map(|run| raw(run, end)).collect();
    let lines = |of: fn(&Raw) -> &Vec<u64>, what, title, unit: fn(u64) -> String| {
        let top = raws.iter().flat_map(of).copied().max().unwrap_or(0);
        let first = of(raws.first()?);
        let most = first.iter().copied().max().unwrap_or(0);
        let at = first.iter().position(|&value| value == most).unwrap_or(0) as u32;
        let when = seconds(Span(moment(at, end).0));
        let summary =
            if most == 0 { "Always none.".to_owned() } else { format!("At most {}, at {when}.", unit(most)) };
        let series = raws.iter().map(|raw| line(of(raw), top)).collect();
        (top > 0).then_some(Plot { what, title, top: unit(top), summary, series })
    };
    let moments = |of: fn(&Raw) -> &Vec<(u32, u64)>, what, title| {
        let top = raws.iter().flat_map(of).map(|&(_, value)| value).max().unwrap_or(0);
        let mut sorted: Vec<u64> = of(raws.first()?).iter().map(|&(_, value)| value).collect();
        sorted.sort_unstable();
        let half = sorted.get(sorted.len().saturating_sub(1) / 2);
        let summary = half.zip(sorted.last()).map_or("None yet.".to_owned(), |(&half, &most)| {
            format!("Half of them within {}, all within {}.", seconds(Span(half)), seconds(Span(most)))
        });
        let series = raws.iter().map(|raw| dots(of(raw), top)).collect();
        (top > 0).then_some(Plot { what, title, top: seconds(Span(top)), summary, series })
    };
    let count = |n: u64| n.to_string();
    let time = |us: u64| seconds(Span(us));
    [
        lines(|raw| &raw.waiting, What::Waiting, "Waiting in the queues", count),
        lines(|raw| &raw.in_flight, What::InFlight, "Handed out, not acknowledged", count),
        lines(|raw| &raw.oldest, What::Oldest, "Age of the oldest that waits", time),
        moments(|raw| &raw.ways, What::EndToEnd, "From the beginning to the effect"),
        moments(|raw| &raw.answers, What::Answers, "From the request to the answer"),
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
    fn every_plot_stays_within_its_cells() {
        for scenario in catalogue::scenarios() {
            let run = run(&scenario.id);
            for plot in plots(&[&run, &run], run.end().now()) {
                assert_eq!(plot.series.len(), 2);
                for series in &plot.series {
                    assert!(series.points.iter().all(|&(x, y)| x < WIDTH && y <= HEIGHT), "{}", scenario.id);
                    assert!(series.points.len() <= (WIDTH * HEIGHT) as usize);
                }
            }
        }
    }
}

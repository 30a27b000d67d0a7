//! How are results kept? In a file: what was searched, which pieces of it are done, and what they found. A search
//! goes on from there, and the files of its shares add up to the whole.

use brokerlab::broker::setup::Cast;
use brokerlab::explore::{Found, Options, Search};
use brokerlab::fault::plan::Fault;
use brokerlab::fault::point::ActorId;
use brokerlab::scenario::Scenario;
use brokerlab::sim::digest::Digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::ErrorKind;

/// The version of this form.
const FORMAT: u32 = 2;

/// What is done of a search.
#[derive(Clone, Serialize, Deserialize)]
pub struct Results {
    format: u32,
    /// The scenario as it was named: one of the catalogue, or a file.
    pub name: String,
    /// The seed.
    pub seed: u64,
    /// What is tried.
    pub options: Options,
    /// Tells this scenario from another of the same name.
    fingerprint: u64,
    /// How many pieces there are.
    pieces: u32,
    /// Whether the run without any fault is among what was found.
    first: bool,
    /// The pieces that are done.
    done: BTreeSet<u32>,
    /// What they found.
    pub found: Found,
}

impl Results {
    /// Of a search before its first piece. The run without any fault is that of the first share.
    pub fn new(name: &str, scenario: &Scenario, options: &Options, search: &Search) -> Results {
        let first = options.shard.0 == 0;
        let found = if first { search.first().clone() } else { search.nothing() };
        Results {
            format: FORMAT,
            name: name.to_owned(),
            seed: scenario.seed,
            options: options.clone(),
            fingerprint: fingerprint(scenario),
            pieces: search.pieces(),
            first,
            done: BTreeSet::new(),
            found,
        }
    }

    /// The pieces of that share that are not done.
    pub fn left(&self, share: (u32, u32), pieces: u32) -> impl Iterator<Item = u32> + '_ {
        (share.0..pieces).step_by(share.1.max(1) as usize).filter(|piece| !self.done.contains(piece))
    }

    /// A piece is done.
    pub fn take(&mut self, piece: u32, found: Found) {
        self.done.insert(piece);
        self.found.merge(found);
    }

    /// What was found, marked as cut off if pieces of that share are missing.
    pub fn told(&self, share: (u32, u32)) -> Found {
        let missing = self.left(share, self.pieces).next().is_some() || (share.0 == 0 && !self.first);
        Found { cut_off: self.found.cut_off || missing, ..self.found.clone() }
    }

    /// Reads the file; none if there is none yet.
    ///
    /// # Errors
    /// It cannot be read, or is no such file.
    pub fn read(path: &str) -> Result<Option<Results>, String> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("{path}: cannot be read: {error}")),
        };
        let results: Results = serde_json::from_str(&text).map_err(|error| {
            format!("{path}: these are no results of a search: {error}; name a file that `brokerlab explore --resume` wrote")
        })?;
        match results.format {
            FORMAT => Ok(Some(results)),
            other => Err(format!("{path}: results of format {other}; this program reads format {FORMAT}")),
        }
    }

    /// Writes the file: whole, or not at all.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, path: &str) -> Result<(), String> {
        let wrong = |error: std::io::Error| format!("{path}: cannot be written: {error}");
        let text = serde_json::to_vec(self).map_err(|error| format!("{path}: cannot be written: {error}"))?;
        let beside = format!("{path}.part");
        std::fs::write(&beside, text).map_err(wrong)?;
        std::fs::rename(&beside, path).map_err(wrong)
    }

    /// Why these are not results of the same search as those, but for the share.
    fn differs(&self, other: &Results) -> Option<&'static str> {
        let any_share = |options: &Options| Options { shard: (0, 1), ..options.clone() };
        if self.fingerprint != other.fingerprint {
            Some("another scenario")
        } else if self.seed != other.seed {
            Some("another seed")
        } else if any_share(&self.options) != any_share(&other.options) {
            Some("other options")
        } else if self.pieces != other.pieces {
            Some("a run of another length")
        } else {
            None
        }
    }

    /// Whether they are of that scenario.
    ///
    /// # Errors
    /// It has changed since, or somebody has changed the file.
    pub fn is_of(&self, scenario: &Scenario) -> Result<(), String> {
        if self.fingerprint != fingerprint(scenario) {
            return Err(format!("{}: the scenario has changed since these results were found", self.name));
        }
        match self.names_only(&scenario.setup.cast()) {
            true => Ok(()),
            false => Err(format!(
                "{}: these results name a party that the scenario does not have; delete the file, and search again",
                self.name
            )),
        }
    }

    /// Whether all they tell of are faults of the kinds that a search places, at parties of that cast.
    fn names_only(&self, cast: &Cast) -> bool {
        let is_there = |actor: ActorId| usize::from(actor.0) < cast.actors.len();
        let mut faults =
            self.found.outcomes.iter().filter_map(|it| it.shortest.as_ref()).flat_map(|it| &it.faults);
        let all_there = faults.all(|fault| match fault {
            Fault::AtStep { actor, .. } | Fault::OnPacket { actor, .. } => is_there(*actor),
            Fault::Yield { .. } => true,
            Fault::Spoil { .. } | Fault::During { .. } => false,
        });
        all_there && self.found.rows.keys().all(|site| is_there(site.actor()))
    }

    /// Goes on from what that file holds.
    ///
    /// # Errors
    /// It is of another search.
    pub fn go_on_from(self, path: &str, kept: Results) -> Result<Results, String> {
        match self.differs(&kept).or((self.options != kept.options).then_some("another share")) {
            Some(what) => Err(format!("{path}: results of {what}; name another file, or delete this one")),
            None => Ok(kept),
        }
    }

    /// Adds the results of another share.
    ///
    /// # Errors
    /// They are of another search, or of pieces that are here already.
    pub fn merge(&mut self, path: &str, other: Results) -> Result<(), String> {
        if let Some(what) = self.differs(&other) {
            return Err(format!("{path}: results of {what} than the first file's"));
        }
        if (self.first && other.first) || self.done.intersection(&other.done).next().is_some() {
            return Err(format!(
                "{path}: holds what another of these files holds, too; name each share once"
            ));
        }
        self.first |= other.first;
        self.done.extend(other.done);
        self.found.merge(other.found);
        self.options.shard = (0, 1);
        Ok(())
    }
}

fn fingerprint(scenario: &Scenario) -> u64 {
    let mut digest = Digest::default();
    digest.text(&format!("{:?}", scenario.setup));
    digest.value()
}

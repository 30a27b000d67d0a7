//! Does a fault strike here? The rules in force, with what each has seen so far.

use crate::fault::plan::{Fault, PacketFault, Side, StepFault, Which};
use crate::fault::point::{ActorId, PacketKind, Step};
use crate::sim::chance::Dice;
use crate::sim::shape::Shape;
use crate::sim::time::{Instant, Span};
use std::cmp::Ordering;
use std::hash::Hash;

/// In a party's mask of steps: a rule spoils its messages. No step has that number.
const SPOILS: u64 = 1 << 63;

/// A rule in force.
#[derive(Clone, Debug)]
struct Rule {
    fault: Fault,
    /// Occurrences still to pass before it strikes; 0 once it is spent.
    left: u32,
    /// The stream of a rule that strikes at a rate.
    dice: Option<Dice>,
}

/// What the rules say about one occurrence of a step. Each names the rule's place in the plan.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct StepVerdict {
    pub crash_before: Option<(u16, Option<Span>)>,
    pub fail: Option<u16>,
    pub crash_after: Option<(u16, Option<Span>)>,
}

/// All rules, with a mask for each party of what any rule looks at: asking costs nothing where none does.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    rules: Vec<Rule>,
    seed: u64,
    steps: Vec<u64>,
    packets: Vec<u32>,
    /// Parties that crash right after their next step, whatever it is.
    after_next: Vec<bool>,
    any_after_next: bool,
    /// Whether any rule makes something yield.
    any_yields: bool,
    /// The present moment, and how many events have come in it.
    together: (Instant, u32),
    probe: Option<Probe>,
}

/// A place where a fault could have struck: what the explorer tries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Passed {
    /// The party came to that step for the n-th time, counted from 1.
    Step(ActorId, Step, u32),
    /// A packet of that kind to or from the party was sent for the n-th time, counted from 1.
    Packet(ActorId, PacketKind, u32),
    /// The n-th of what was due at that moment, counted from 1, came while something else was due, too.
    Tie(Instant, u32),
}

/// Counts every place where a fault could strike.
#[derive(Clone, Debug)]
struct Probe {
    steps: Vec<[u32; Step::ALL.len()]>,
    packets: Vec<[u32; PacketKind::ALL.len()]>,
    passed: Vec<Passed>,
}

impl Rules {
    pub fn new(plan: &[Fault], actors: usize, seed: u64) -> Rules {
        let mut rules = Rules {
            rules: Vec::new(),
            seed,
            steps: vec![0; actors],
            packets: vec![0; actors],
            after_next: vec![false; actors],
            any_after_next: false,
            any_yields: false,
            together: (Instant::START, 0),
            probe: None,
        };
        for &fault in plan {
            rules.lay(fault);
        }
        rules
    }

    /// Adds a rule, which counts from now. Returns its place.
    pub fn lay(&mut self, fault: Fault) -> u16 {
        let place = self.rules.len() as u16;
        let which = match fault {
            Fault::AtStep { actor, step, which, .. } => {
                self.steps[actor.0 as usize] |= 1 << step as u32;
                which
            }
            Fault::OnPacket { actor, kind, which, .. } => {
                self.packets[actor.0 as usize] |= 1 << kind as u32;
                which
            }
            Fault::Spoil { actor, which } => {
                self.steps[actor.0 as usize] |= SPOILS;
                which
            }
            Fault::Yield { .. } => {
                self.any_yields = true;
                Which::Nth(1)
            }
            Fault::During { .. } => Which::Nth(1),
        };
        let (left, dice) = match which {
            Which::Nth(n) => (n.max(1), None),
            Which::Rate(_) => (1, Some(Dice::new(self.seed, "fault", &place.to_string()))),
        };
        self.rules.push(Rule { fault, left, dice });
        place
    }

    /// From now on every place where a fault could strike is noted.
    pub fn watch_everything(&mut self) {
        let parties = self.steps.len();
        self.steps.fill(u64::MAX);
        self.packets.fill(u32::MAX);
        self.probe = Some(Probe {
            steps: vec![[0; Step::ALL.len()]; parties],
            packets: vec![[0; PacketKind::ALL.len()]; parties],
            passed: Vec::new(),
        });
    }

    /// The places noted since this was last asked.
    pub fn take_passed(&mut self) -> Vec<Passed> {
        self.probe.as_mut().map(|probe| std::mem::take(&mut probe.passed)).unwrap_or_default()
    }

    /// How often the place of that fault has been passed since then.
    pub fn times_passed(&self, fault: &Fault) -> u32 {
        let Some(probe) = &self.probe else { return 0 };
        match *fault {
            Fault::AtStep { actor, step, .. } => probe.steps[actor.0 as usize][step as usize],
            Fault::OnPacket { actor, kind, .. } => probe.packets[actor.0 as usize][kind as usize],
            Fault::Spoil { .. } | Fault::During { .. } | Fault::Yield { .. } => 0,
        }
    }

    /// An event has come at that moment. The rule that makes it yield, if one does.
    #[inline]
    pub fn yields(&mut self, now: Instant) -> Option<u16> {
        self.together = if self.together.0 == now { (now, self.together.1 + 1) } else { (now, 1) };
        if self.any_yields { self.this_yields() } else { None }
    }

    #[inline(never)]
    fn this_yields(&mut self) -> Option<u16> {
        let (now, number) = self.together;
        let mut rules = self.rules.iter_mut().enumerate();
        rules.find_map(|(place, rule)| match rule.fault {
            Fault::Yield { at, nth } if at == now && nth == number => {
                rule.strikes(Which::Nth(1)).then_some(place as u16)
            }
            _ => None,
        })
    }

    /// How many places are noted; none if no place is.
    #[inline]
    pub fn places(&self) -> Option<usize> {
        self.probe.as_ref().map(|probe| probe.passed.len())
    }

    /// While the last event came something else was due, too: a place before those that were noted after the first so
    /// many.
    pub fn note_tie(&mut self, places: usize) {
        if let Some(probe) = &mut self.probe {
            probe.passed.insert(places, Passed::Tie(self.together.0, self.together.1));
        }
    }

    pub fn get(&self, place: u16) -> Option<Fault> {
        self.rules.get(place as usize).map(|rule| rule.fault)
    }

    pub fn crash_after_next(&mut self, actor: ActorId) {
        self.after_next[actor.0 as usize] = true;
        self.any_after_next = true;
    }

    /// Whether the party was to crash after its next step, which this was.
    #[inline]
    pub fn take_after_next(&mut self, actor: ActorId) -> bool {
        self.any_after_next && std::mem::take(&mut self.after_next[actor.0 as usize])
    }

    #[inline]
    pub fn watches(&self, actor: ActorId, step: Step) -> bool {
        self.steps[actor.0 as usize] >> step as u32 & 1 == 1
    }

    /// How late this occurrence of the step is made, with the rule that says so.
    pub fn slows(&mut self, actor: ActorId, step: Step) -> Option<(u16, Span)> {
        let mut found = None;
        for (place, rule) in self.rules.iter_mut().enumerate() {
            if let Fault::AtStep { actor: a, step: s, which, fault: StepFault::Slow(by) } = rule.fault
                && (a, s) == (actor, step)
                && rule.strikes(which)
            {
                found = found.or(Some((place as u16, by)));
            }
        }
        found
    }

    /// Whether something is wrong with the messages of the unit of work that the service takes in, with the rule
    /// that says so.
    pub fn spoils(&mut self, actor: ActorId) -> Option<u16> {
        if self.steps[actor.0 as usize] & SPOILS == 0 {
            return None;
        }
        let mut found = None;
        for (place, rule) in self.rules.iter_mut().enumerate() {
            if let Fault::Spoil { actor: a, which } = rule.fault
                && a == actor
                && rule.strikes(which)
            {
                found = found.or(Some(place as u16));
            }
        }
        found
    }

    /// What else is to happen at this occurrence of the step.
    pub fn at_step(&mut self, actor: ActorId, step: Step) -> StepVerdict {
        if let Some(probe) = &mut self.probe {
            let count = &mut probe.steps[actor.0 as usize][step as usize];
            *count += 1;
            probe.passed.push(Passed::Step(actor, step, *count));
        }
        let mut verdict = StepVerdict::default();
        for (place, rule) in self.rules.iter_mut().enumerate() {
            let Fault::AtStep { actor: a, step: s, which, fault } = rule.fault else { continue };
            if (a, s) != (actor, step) || matches!(fault, StepFault::Slow(_)) || !rule.strikes(which) {
                continue;
            }
            let place = place as u16;
            match fault {
                StepFault::Crash(Side::Before, down) => verdict.crash_before.get_or_insert((place, down)),
                StepFault::Crash(Side::After, down) => verdict.crash_after.get_or_insert((place, down)),
                StepFault::Fail => {
                    verdict.fail.get_or_insert(place);
                    continue;
                }
                StepFault::Slow(_) => continue,
            };
        }
        verdict
    }

    /// What becomes of a packet, with the rules that say so: how quick its wire is, and what else. Of each the first rule
    /// that strikes decides.
    #[inline]
    pub fn on_packet(&mut self, actor: ActorId, kind: PacketKind) -> [Option<(u16, PacketFault)>; 2] {
        if self.packets[actor.0 as usize] >> kind as u32 & 1 == 0 {
            return [None; 2];
        }
        if let Some(probe) = &mut self.probe {
            let count = &mut probe.packets[actor.0 as usize][kind as usize];
            *count += 1;
            probe.passed.push(Passed::Packet(actor, kind, *count));
        }
        let mut found = [None; 2];
        for (place, rule) in self.rules.iter_mut().enumerate() {
            if let Fault::OnPacket { actor: a, kind: k, which, fault } = rule.fault
                && (a, k) == (actor, kind)
                && rule.strikes(which)
            {
                let is_moved = matches!(fault, PacketFault::Hurry(_) | PacketFault::Lag(_));
                found[usize::from(!is_moved)].get_or_insert((place as u16, fault));
            }
        }
        found
    }
}

impl Rule {
    /// Counts an occurrence; says whether the rule strikes it.
    fn strikes(&mut self, which: Which) -> bool {
        match (which, &mut self.dice) {
            (Which::Rate(rate), Some(dice)) => dice.strikes(rate),
            _ => {
                let strikes = self.left == 1;
                self.left = self.left.saturating_sub(1);
                strikes
            }
        }
    }
}

impl Rules {
    /// What may still strike. Rules that are spent are over, and what is counted for the search changes nothing.
    pub fn shape(&self, shape: &mut Shape) {
        let Rules {
            rules,
            seed: _,
            steps: _,
            packets: _,
            after_next,
            any_after_next: _,
            any_yields: _,
            together,
            probe: _,
        } = self;
        for (place, Rule { fault, left, dice }) in rules.iter().enumerate() {
            // An interval stands in the agenda.
            if *left == 0 || matches!(fault, Fault::During { .. }) {
                continue;
            }
            if let Fault::Yield { at, .. } = *fault {
                match at.cmp(&together.0) {
                    // Its moment is over.
                    Ordering::Less => continue,
                    Ordering::Equal => shape.word(u64::from(together.1)),
                    Ordering::Greater => {}
                }
            }
            shape.word(place as u64);
            shape.word(u64::from(*left));
            fault.hash(shape);
            dice.iter().for_each(|dice| dice.shape(shape));
        }
        after_next.iter().for_each(|&crashes| shape.word(u64::from(crashes)));
    }
}

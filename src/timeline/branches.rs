//! What was tried, and what would have been without it? Whoever goes back and does something else starts a branch;
//! the old future stays as one to return to. A branch is a seed, what was done by hand, and perhaps a name: its run
//! is computed when it is looked at.

use crate::broker::command::Placed;

/// The most branches that are kept; then the oldest without a name goes.
pub const MOST: usize = 24;
/// The longest name of a branch, in characters.
pub const LONGEST_NAME: usize = 40;

/// One way in which a scenario's run goes on.
#[derive(Clone, PartialEq, Debug)]
pub struct Branch {
    number: u32,
    /// What it is called, if somebody has named it.
    pub name: Option<String>,
    /// The seed.
    pub seed: u64,
    /// What was done by hand, in the order of the steps.
    pub commands: Vec<Placed>,
    /// The branch that it left.
    from: Option<u32>,
    /// The last step of it that somebody has seen.
    seen: u32,
    /// How many steps it has and how many promises are broken at its end, once it was computed.
    outcome: Option<(u32, usize)>,
}

impl Branch {
    /// How many promises are broken at its end, once somebody has seen that end.
    pub fn came_to(&self) -> Option<usize> {
        self.outcome.filter(|(steps, _)| self.seen >= *steps).map(|(_, broken)| broken)
    }

    /// By which it is named to others: never that of another branch, also after this one is gone.
    pub fn number(&self) -> u32 {
        self.number
    }
}

/// The branches of a session, of which one is on show.
#[derive(Clone, PartialEq, Debug)]
pub struct Branches {
    list: Vec<Branch>,
    /// The place of the one on show.
    current: usize,
    next: u32,
}

impl Branches {
    /// The run as it goes by itself, and, if something was done by hand, the branch of that.
    pub fn new(seed: u64, commands: Vec<Placed>) -> Branches {
        let mut branches = Branches { list: Vec::new(), current: 0, next: 0 };
        branches.current = branches.add(seed, Vec::new(), None);
        if !commands.is_empty() {
            branches.current = branches.add(seed, commands, Some(0));
        }
        branches
    }

    /// The branch on show.
    pub fn current(&self) -> &Branch {
        &self.list[self.current]
    }

    /// All of them as a tree, each after the one it came from: how deep, and the branch.
    pub fn tree(&self) -> Vec<(usize, &Branch)> {
        // Who came later was added later, so a branch stands behind the one it came from: one way through is enough.
        let mut tree: Vec<(usize, &Branch)> = Vec::new();
        for branch in &self.list {
            let parent = branch.from.and_then(|from| tree.iter().position(|(_, b)| b.number == from));
            match parent {
                Some(at) => {
                    let depth = tree[at].0;
                    let after = tree[at + 1..].iter().position(|&(deep, _)| deep <= depth);
                    tree.insert(after.map_or(tree.len(), |n| at + 1 + n), (depth + 1, branch));
                }
                None => tree.push((0, branch)),
            }
        }
        tree
    }

    /// How many of a branch's commands are those of the one it came from.
    fn shared(&self, branch: &Branch) -> usize {
        let from = branch.from.and_then(|from| self.get(from)).map_or(&[][..], |from| &from.commands);
        from.iter().zip(&branch.commands).take_while(|(one, other)| one == other).count()
    }

    /// When a branch left the one it came from: what was done by hand first on it alone.
    pub fn parted(&self, branch: &Branch) -> Option<Placed> {
        branch.commands.get(self.shared(branch)).copied()
    }

    /// The branch of that number.
    pub fn get(&self, number: u32) -> Option<&Branch> {
        self.list.iter().find(|branch| branch.number == number)
    }

    /// The number of the next branch in the order of the tree, or of the one before; round and round.
    pub fn neighbour(&self, forward: bool) -> u32 {
        let tree = self.tree();
        let here = tree.iter().position(|(_, branch)| branch.number == self.current().number).unwrap_or(0);
        let step = if forward { 1 } else { tree.len() - 1 };
        tree[(here + step) % tree.len()].1.number
    }

    /// The branch on show has been seen up to that step.
    pub fn saw(&mut self, step: u32) {
        let seen = &mut self.list[self.current].seen;
        *seen = step.max(*seen);
    }

    /// The branch on show has that many steps, and breaks that many promises.
    pub(super) fn judged(&mut self, steps: u32, broken: usize) {
        self.list[self.current].outcome = Some((steps, broken));
    }

    /// Something was done by hand on the branch on show, after that many steps; these are all its commands then.
    /// Where a future had been seen, or nothing done yet, this is a new branch and the old one stays.
    pub fn act(&mut self, step: u32, commands: Vec<Placed>) {
        let here = self.current();
        let (seed, from) = (here.seed, here.number);
        let same = |branch: &Branch| branch.seed == seed && branch.commands == commands;
        if let Some(place) = self.list.iter().position(same) {
            // The same thing once more leads to the same future.
            self.current = place;
            return;
        }
        let here = &mut self.list[self.current];
        if !here.commands.is_empty() && step >= here.seen {
            here.commands = commands;
            here.outcome = None;
            here.seen = step + 1;
        } else {
            self.current = self.add(seed, commands, Some(from));
        }
    }

    /// Takes the last command of the branch on show back. What began a branch ends it: the one it came from is on
    /// show again. False if nothing was done by hand.
    pub fn undo(&mut self) -> bool {
        let here = self.current();
        let Some(&last) = here.commands.last() else { return false };
        let own = here.commands.len() - self.shared(here);
        if own == 1
            && let Some(place) = self.list.iter().position(|branch| Some(branch.number) == here.from)
        {
            let gone = here.number;
            self.current = place;
            self.delete(gone);
            return true;
        }
        let here = &mut self.list[self.current];
        here.seen = last.step;
        here.outcome = None;
        here.commands.pop();
        true
    }

    /// Keeps a branch beside the one on show, if there is none like it.
    pub fn keep(&mut self, seed: u64, commands: &[Placed]) {
        if !self.list.iter().any(|branch| branch.seed == seed && branch.commands == commands) {
            let root = self.list.iter().find(|branch| branch.seed == seed && branch.commands.is_empty());
            let from = root.map(|branch| branch.number);
            self.add(seed, commands.to_vec(), from);
        }
    }

    /// Puts these beside what was kept; the one on show stays on show.
    pub(super) fn recall(&mut self, kept: Branches) {
        let (seed, commands) = (self.current().seed, self.current().commands.clone());
        let fresh = std::mem::replace(self, kept);
        for branch in fresh.list {
            self.keep(branch.seed, &branch.commands);
            let same = |other: &&mut Branch| other.seed == branch.seed && other.commands == branch.commands;
            if let (Some(name), Some(other)) = (branch.name, self.list.iter_mut().find(same)) {
                other.name = Some(name);
            }
        }
        let here = self.list.iter().position(|branch| branch.seed == seed && branch.commands == commands);
        self.current = here.unwrap_or(self.current);
    }

    /// Shows the branch of that number. False if there is none.
    pub fn show(&mut self, number: u32) -> bool {
        let place = self.list.iter().position(|branch| branch.number == number);
        self.current = place.unwrap_or(self.current);
        place.is_some()
    }

    /// Shows the run under that seed in which nothing was done by hand, made if there is none.
    pub fn untouched(&mut self, seed: u64) {
        let found = self.list.iter().position(|branch| branch.seed == seed && branch.commands.is_empty());
        self.current = found.unwrap_or_else(|| self.add(seed, Vec::new(), None));
    }

    /// The same under another seed: a tree of its own, which takes the place of the one on show if that is no more
    /// than a run that nobody touched or named.
    pub fn reseed(&mut self, seed: u64) {
        let here = self.current();
        let (gone, alone) = (here.number, here.commands.is_empty() && here.name.is_none());
        let left = self.list.iter().any(|branch| branch.from == Some(gone));
        self.untouched(seed);
        if alone && !left && self.current().number != gone {
            self.delete(gone);
        }
    }

    /// Names a branch; an empty name takes it away.
    pub fn name(&mut self, number: u32, name: &str) {
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
        if let Some(branch) = self.list.iter_mut().find(|branch| branch.number == number) {
            branch.name = (!name.is_empty()).then_some(name);
        }
    }

    /// Deletes a branch. What came from it then comes from where it came from itself; if it was on show, that is now.
    /// The last one stays: false.
    pub fn delete(&mut self, number: u32) -> bool {
        let Some(place) = self.list.iter().position(|branch| branch.number == number) else { return false };
        if self.list.len() == 1 {
            return false;
        }
        let gone = self.list.remove(place);
        for branch in self.list.iter_mut().filter(|branch| branch.from == Some(number)) {
            branch.from = gone.from;
        }
        if self.current == place {
            let parent = self.list.iter().position(|branch| gone.from == Some(branch.number));
            self.current = parent.unwrap_or(place.saturating_sub(1));
        } else if self.current > place {
            self.current -= 1;
        }
        true
    }

    /// Adds a branch and returns its place.
    fn add(&mut self, seed: u64, commands: Vec<Placed>, from: Option<u32>) -> usize {
        if self.list.len() >= MOST {
            let here = self.current().number;
            let spare = |branch: &&Branch| branch.number != here;
            let unnamed = self.list.iter().filter(spare).find(|branch| branch.name.is_none());
            let oldest = unnamed.or_else(|| self.list.iter().find(spare)).map(|branch| branch.number);
            oldest.map(|number| self.delete(number));
        }
        let seen = commands.last().map_or(0, |placed| placed.step + 1);
        self.list.push(Branch { number: self.next, name: None, seed, commands, from, seen, outcome: None });
        self.next += 1;
        self.list.len() - 1
    }
}

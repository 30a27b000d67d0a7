//! What was tried, and what stands beside: branches by click and key, and the difference of two runs.

use super::super::branches::{self, Chip};
use super::super::browser;
use super::super::compare::{self, Choice, Wish, compare};
use super::super::transport::Control;
use super::focus::Focus;
use super::{App, Msg, seed_text};
use crate::scenario::catalogue;
use crate::scenario::write::write_command;
use crate::scene::story;
use crate::timeline::beside::Against;
use crate::timeline::branches::Branch;
use crate::timeline::compare::{Difference, Parting, Place, Side, difference};
use crate::timeline::link::Tab;
use crate::timeline::marks::{Mark, MarkKind};
use crate::timeline::run::Run;
use crate::words::page as words;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What the page keeps of comparing.
#[derive(Default)]
pub(super) struct Comparing {
    /// What the runs beside each other have apart.
    difference: Option<Difference>,
    /// The list of what can stand beside.
    list: NodeRef,
}

impl Comparing {
    /// The moment at which the run on show goes another way than the one beside.
    pub(super) fn mark(&self) -> Option<Mark> {
        let Place { step, at } = self.difference.as_ref()?.parting?.here?;
        Some(Mark { at, step, kind: MarkKind::Parting })
    }
}

impl App {
    #[inline(never)]
    pub(super) fn hear_wish(&mut self, ctx: &Context<Self>, wish: Wish) {
        match wish {
            Wish::Flip(number) => self.flip_to(number),
            Wish::Delete(number) => {
                self.session.delete_branch(number);
                self.branch_changed();
            }
            Wish::Name(number, name) => {
                self.session.name_branch(number, &name);
                self.write_address();
            }
            Wish::Beside(choice) => {
                match self.against(&choice) {
                    Some(against) => {
                        self.session.lay(&against);
                    }
                    None => self.session.take_beside_away(),
                }
                self.run_changed();
            }
            Wish::Part => {
                let parting = self.comparing.difference.as_ref().and_then(|difference| difference.parting);
                match parting {
                    Some(Parting { here: Some(here), .. }) => self.control(ctx, Control::Jump(here.step)),
                    Some(Parting { there: Some(there), .. }) => self.control(ctx, Control::Seek(there.at)),
                    _ => {}
                }
            }
        }
    }

    /// Another branch is on show.
    fn branch_changed(&mut self) {
        self.selected = None;
        self.typed = None;
        self.seed_problem = None;
        self.run_changed();
    }

    /// Goes over to the next branch or the one before.
    pub(super) fn flip(&mut self, forward: bool) {
        self.flip_to(self.session.branches().neighbour(forward));
    }

    /// Goes over to a branch. Where that stood beside, the two change places.
    #[inline(never)]
    fn flip_to(&mut self, number: u32) {
        // The only one, or a click on the one that is on show: what is typed and looked at stays.
        if number == self.session.branches().current().number() {
            return;
        }
        let branch = |branch: &Branch| Against::Branch(branch.seed, branch.commands.clone());
        let left = branch(self.session.branches().current());
        let there = self.session.branches().get(number).map(branch);
        let swap = there.is_some() && there.as_ref() == self.session.beside().map(|beside| &beside.against);
        self.session.flip(number);
        if swap {
            self.session.lay(&left);
        }
        self.branch_changed();
    }

    /// The panel that compares is wanted.
    #[inline(never)]
    pub(super) fn open_compare(&mut self) {
        self.tab = Tab::Compare;
        self.write_address();
        self.focus = Some(Focus::Compare);
    }

    /// Finds what the two runs on show have apart.
    pub(super) fn find_difference(&mut self) {
        let here = Side { scenario: self.session.scenario(), run: self.session.run() };
        let beside = self.session.beside();
        let there = beside.map(|beside| Side { scenario: &beside.scenario, run: &beside.run });
        self.comparing.difference = there.map(|there| difference(here, there));
    }

    /// What a choice of the list stands for; none for nothing.
    fn against(&self, choice: &str) -> Option<Against> {
        match choice.split_once(':').unwrap_or((choice, "")) {
            ("counterpart", _) => Some(Against::Counterpart),
            ("seed", _) => Some(Against::Seed(browser::any_seed())),
            ("run", name) => Some(Against::Scenario(name.to_owned())),
            ("branch", number) => {
                let branch = self.session.branches().get(number.parse().ok()?)?;
                Some(Against::Branch(branch.seed, branch.commands.clone()))
            }
            _ => None,
        }
    }

    /// The choice of the list that stands beside now.
    fn chosen(&self) -> String {
        match self.session.beside().map(|beside| &beside.against) {
            None => String::new(),
            Some(Against::Counterpart) => "counterpart".to_owned(),
            Some(Against::Seed(_)) => "seed".to_owned(),
            Some(Against::Scenario(name)) => format!("run:{name}"),
            Some(Against::Branch(seed, commands)) => self
                .branch_like(*seed, commands)
                .map_or(String::new(), |branch| format!("branch:{}", branch.number())),
        }
    }

    fn branch_like(&self, seed: u64, commands: &[crate::broker::command::Placed]) -> Option<&Branch> {
        let tree = self.session.branches().tree();
        tree.into_iter()
            .map(|(_, branch)| branch)
            .find(|branch| branch.seed == seed && branch.commands == commands)
    }

    /// Shows in the list what stands beside.
    pub(super) fn choose_beside(&self) {
        if let Some(list) = self.comparing.list.cast::<HtmlSelectElement>() {
            list.set_value(&self.chosen());
        }
    }

    /// What a branch is called: its name, or what was done first on it alone.
    fn branch_title(&self, branch: &Branch) -> AttrValue {
        if let Some(name) = &branch.name {
            return name.clone().into();
        }
        let branches = self.session.branches();
        let Some(first) = branches.parted(branch).or(branch.commands.last().copied()) else {
            let seeds = branches.tree().iter().any(|(_, other)| other.seed != branch.seed);
            return match seeds {
                true => format!("{}, {}", words::UNTOUCHED, seed_text(branch.seed)).into(),
                false => words::UNTOUCHED.into(),
            };
        };
        let more = branch.commands.iter().filter(|placed| placed.step > first.step).count();
        let what = write_command(&first.command, self.session.run().here().world.cast());
        format!("{what}, {}{}", first.at, words::and_more(more)).into()
    }

    fn chips(&self) -> Vec<Chip> {
        let current = self.session.branches().current().number();
        let tree = self.session.branches().tree();
        let chip = |(depth, branch): (usize, &Branch)| Chip {
            number: branch.number(),
            depth,
            title: self.branch_title(branch),
            current: branch.number() == current,
            broken: branch.came_to().filter(|_| !self.is_open_question() && !self.podium.keeps_back()),
        };
        tree.into_iter().map(chip).collect()
    }

    /// The row of branches, under the line or in a presenter's hand.
    pub(super) fn branch_strip(&self, ctx: &Context<Self>) -> Html {
        if self.session.branches().tree().len() < 2 {
            return Html::default();
        }
        let say = ctx.link();
        let onflip = say.callback(|number| Msg::Compare(Wish::Flip(number)));
        let oncompare = say.callback(|()| Msg::OpenCompare);
        // The panel is not to be seen everywhere.
        let panel = !self.podium.on && !self.embedded;
        branches::strip(&self.chips(), &onflip, panel.then_some(&oncompare))
    }

    /// What stands beside, for the caption of its stage; none for a counterpart, which has its own words.
    pub(super) fn words_beside(&self) -> Option<AttrValue> {
        let beside = self.session.beside()?;
        match &beside.against {
            Against::Counterpart => None,
            Against::Seed(seed) => Some(words::under_seed(&seed_text(*seed)).into()),
            Against::Scenario(_) => Some(words::other_scenario(&beside.scenario.title).into()),
            Against::Branch(seed, commands) => {
                let title = self.branch_like(*seed, commands).map(|branch| self.branch_title(branch));
                Some(words::branch(&title.unwrap_or_default()).into())
            }
        }
    }

    /// The same for the run on show, where a branch stands beside.
    pub(super) fn words_here(&self) -> Option<AttrValue> {
        let branch = matches!(self.session.beside()?.against, Against::Branch(..));
        branch.then(|| words::branch(&self.branch_title(self.session.branches().current())).into())
    }

    /// The panel.
    #[inline(never)]
    pub(super) fn compare(&self, ctx: &Context<Self>) -> Html {
        let session = &self.session;
        let scenario = session.scenario();
        let mut first: Vec<Choice> = vec![(String::new(), words::BESIDE_NOTHING.into())];
        if scenario.counterpart.is_some() {
            first.push(("counterpart".to_owned(), words::BESIDE_COUNTERPART.into()));
        }
        first.push(("seed".to_owned(), words::BESIDE_SEED.into()));
        let chips = self.chips();
        let others = chips.iter().filter(|chip| !chip.current);
        let branches = others.map(|chip| (format!("branch:{}", chip.number), chip.title.clone())).collect();
        let others = catalogue::scenarios().iter().filter(|other| other.id != scenario.id);
        let scenarios =
            others.map(|other| (format!("run:{}", other.id), other.title.clone().into())).collect();
        let line = |run: &Run, place: Option<Place>| {
            let step = place?.step;
            let end = run.end();
            story::lines(&end.world, &end.ledger, step, step).pop()
        };
        let told = self.comparing.difference.as_ref().zip(session.beside()).map(|(difference, beside)| {
            let (here, there) =
                difference.parting.map_or((None, None), |parting| (parting.here, parting.there));
            (difference, [line(session.run(), here), line(&beside.run, there)])
        });
        compare(&compare::Props {
            first,
            branches,
            scenarios,
            list: self.comparing.list.clone(),
            under_another_seed: matches!(
                session.beside().map(|beside| &beside.against),
                Some(Against::Seed(_))
            ),
            difference: told,
            blind: self.is_open_question(),
            noun: scenario.setup.noun(),
            chips: &chips,
            name: session.branches().current().name.clone().unwrap_or_default().into(),
            onwish: ctx.link().callback(Msg::Compare),
        })
    }
}

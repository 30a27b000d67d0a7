//! What an operator says, in the words of the grammar: which rows of a dead-letter table, which messages of a polled
//! queue.

use super::{Parsed, Words, digits};
use crate::broker::command::{Amount, Command, Letters, Operator};
use crate::broker::poll::LONGEST_DELAY;
use crate::broker::setup::{Queue, Role};
use crate::fault::point::ActorId;
use crate::scenario::nearest::unknown;
use crate::scenario::problem::quoted;
use crate::sim::time::Span;

impl Words<'_> {
    /// `all of SERVICE` or `#N of SERVICE`: rows of its dead-letter table.
    pub(super) fn letters(&mut self) -> Parsed<(ActorId, Letters)> {
        let word = self.take("`all` or a row like #1 of a dead-letter table")?;
        let number = word.strip_prefix('#').filter(|number| digits(number)).and_then(|n| n.parse().ok());
        let which = match (word, number) {
            ("all", _) => Letters::All,
            (_, Some(number)) if number > 0 => Letters::One(number),
            _ => {
                return self.back(format!(
                    "{} is not a row of a dead-letter table; write `all`, or #1 for the first, #2 for the second …",
                    quoted(word)
                ));
            }
        };
        if !self.accept("of") {
            return self.wrong("here stands `of` and the service whose dead letters are meant");
        }
        let actor = self.actor()?;
        let has = |role: Role| match role {
            Role::Service(index) => self.setup.services[index as usize].has_dead_letters(),
            _ => false,
        };
        if !has(self.cast.role(actor)) {
            let name = self.cast.name(actor);
            return self.back(format!(
                "`{name}` has no dead-letter table; a service with on-failure = \"park\" has one"
            ));
        }
        Ok((actor, which))
    }

    /// Rows of a dead-letter table and, with `to`, what their amount is to say.
    pub(super) fn edit(&mut self) -> Parsed<Command> {
        let (service, letters) = self.letters()?;
        let to = self.amount_after("to")?;
        Ok(Command::Operate(Operator::Edit { service, letters, to }))
    }

    /// A message in a queue and, with `with`, what the amount of its copy is to say.
    pub(super) fn resend(&mut self) -> Parsed<Command> {
        let word = self.take("a message like #1")?;
        let message = self.message(word)?;
        if !self.accept("of") {
            return self.wrong("here stands `of` and the queue whose message is taken out");
        }
        let queue = self.queue_that_holds()?;
        let to = self.amount_after("with")?;
        Ok(Command::Operate(Operator::SendEdited { queue, message, to }))
    }

    fn amount_after(&mut self, word: &str) -> Parsed<Option<Amount>> {
        if !self.accept(word) {
            return Ok(None);
        }
        let word = self.take("what the amount is to say, like 20,")?;
        match Amount::new(word) {
            None => self.back(format!(
                "{} cannot be an amount: write up to {} letters, digits, `.`, `+` and `-`, like 19.90",
                quoted(word),
                Amount::LONGEST
            )),
            amount => Ok(amount),
        }
    }

    /// Any queue that holds messages: all but those by which one party calls another.
    pub(super) fn queue_that_holds(&mut self) -> Parsed<u8> {
        let word = self.take("a queue")?;
        let holds = |queue: &&Queue| !queue.door;
        match self.setup.queues.iter().position(|queue| holds(&queue) && queue.name == word) {
            Some(index) => Ok(index as u8),
            None => {
                let known = self.setup.queues.iter().filter(holds);
                let known: Vec<&str> = known.map(|queue| queue.name.as_str()).collect();
                self.back(unknown("queue", word, "queues", &known))
            }
        }
    }

    /// Whether what stands after the next two words is a service.
    pub(super) fn names_a_service(&self) -> bool {
        let name = self.words.get(self.next + 2).and_then(|(_, name)| self.cast.find(name));
        name.is_some_and(|actor| matches!(self.cast.role(actor), Role::Service(_)))
    }

    /// `all of QUEUE` or `#N of QUEUE`: messages that a polled queue holds.
    pub(super) fn messages(&mut self) -> Parsed<(u8, Option<u32>)> {
        self.messages_of(Words::polled_queue)
    }

    /// The same for the queues that are taken by that.
    pub(super) fn messages_of(
        &mut self,
        queue: impl Fn(&mut Self) -> Parsed<u8>,
    ) -> Parsed<(u8, Option<u32>)> {
        let word = self.take("`all` or a message like #1")?;
        let message = if word == "all" { None } else { Some(self.message(word)?) };
        if !self.accept("of") {
            return self.wrong("here stands `of` and the queue whose messages are meant");
        }
        Ok((queue(self)?, message))
    }

    pub(super) fn hide(&mut self) -> Parsed<Command> {
        let word = self.take("a message like #1")?;
        let message = self.message(word)?;
        if !self.accept("of") {
            return self.wrong("here stands `of` and the queue whose message is meant");
        }
        let queue = self.polled_queue()?;
        if !self.accept("for") {
            return self.wrong(
                "here stands `for` and how long from now, like 5s; 0s gives the message back at once",
            );
        }
        let span = self.span("the span", Span::ZERO)?;
        Ok(Command::Operate(Operator::Hide { queue, message, span }))
    }

    pub(super) fn set_delay(&mut self) -> Parsed<Command> {
        if !self.accept("delay") || !self.accept("of") {
            return self.wrong("here stands `delay of` and the queue whose delay is meant");
        }
        let queue = self.polled_queue()?;
        if !self.accept("to") {
            return self.wrong("here stands `to` and how long new messages are hidden, like 5s");
        }
        let delay = self.span("the delay", Span::ZERO)?;
        if delay > LONGEST_DELAY {
            return self.back(format!("a delay is at most {LONGEST_DELAY}"));
        }
        Ok(Command::Operate(Operator::Delay { queue, delay }))
    }

    /// The message of the number that was just taken, as people count: from 1.
    pub(super) fn message(&mut self, word: &str) -> Parsed<u32> {
        let number =
            word.strip_prefix('#').filter(|number| digits(number)).and_then(|n| n.parse::<u32>().ok());
        match number.and_then(|number| number.checked_sub(1)) {
            Some(message) => Ok(message),
            None => self.back(format!(
                "{} is not a message; write #1 for the first, #2 for the second …",
                quoted(word)
            )),
        }
    }

    pub(super) fn polled_queue(&mut self) -> Parsed<u8> {
        let word = self.take("a queue")?;
        let polled = |(_, queue): &(usize, &Queue)| queue.poll.is_some();
        let known: Vec<&str> = self
            .setup
            .queues
            .iter()
            .enumerate()
            .filter(polled)
            .map(|(_, queue)| queue.name.as_str())
            .collect();
        match self.setup.queues.iter().position(|queue| queue.name == word) {
            Some(index) if self.setup.queues[index].poll.is_some() => Ok(index as u8),
            Some(_) => {
                self.back(format!("the queue `{word}` pushes; this is done to a queue with model = \"poll\""))
            }
            None => self.back(unknown("queue", word, "polled queues", &known)),
        }
    }
}

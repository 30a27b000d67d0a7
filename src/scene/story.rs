//! What just happened, and why? One plain sentence for each step.

use super::names::{self, sentence};
use crate::broker::record::{Kind, NONE, Record, Why};
use crate::broker::setup::{Publishing, Role};
use crate::broker::world::World;
use crate::check::finding::{Finding, Verdict};
use crate::check::ledger::Ledger;
use crate::check::ledger::OrderState;
use crate::fault::point::PacketKind;
use crate::sim::time::Instant;

/// How a sentence sounds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// Life goes on.
    Plain,
    /// A step forward that matters.
    Good,
    /// Something failed, and may yet be mended.
    Trouble,
    /// The judge found something.
    Broken(Verdict),
}

/// The sentence of one step.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// The step.
    pub step: u32,
    /// When.
    pub at: Instant,
    /// What happened.
    pub text: String,
    /// Why, or what it means, where that helps.
    pub why: Option<String>,
    /// How it sounds.
    pub tone: Tone,
    /// The message it is about.
    pub message: Option<u32>,
}

/// The sentence of a step, from the records of that step. `records` are (place, record) pairs of one step.
pub fn line(world: &World, ledger: &Ledger, records: &[(u32, Record)]) -> Option<Line> {
    let first = records.first()?.1;
    let found = findings_of_step(ledger, first.step).max_by_key(|finding| weight(finding.verdict));
    found.map(|finding| found_line(world, ledger, &finding)).or_else(|| event(world, ledger, records))
}

/// The sentence of a step as it goes on by itself, whatever the judge found in it.
fn event(world: &World, ledger: &Ledger, records: &[(u32, Record)]) -> Option<Line> {
    let first = records.first()?.1;
    let (_, record) = records.iter().max_by_key(|(place, record)| (interest(record), u32::MAX - place))?;
    let (text, why, tone) = of_record(world, ledger, record);
    Some(Line { step: first.step, at: first.at, text: sentence(text), why, tone, message: record.message() })
}

/// The sentence of something that the judge found.
fn found_line(world: &World, ledger: &Ledger, finding: &Finding) -> Line {
    let (text, why) = of_finding(world, ledger, finding);
    Line {
        step: finding.step,
        at: finding.at,
        text: sentence(text),
        why: Some(why),
        tone: Tone::Broken(finding.verdict),
        message: (finding.message != NONE).then_some(finding.message),
    }
}

/// The sentences of the steps from `first` to `last`, both included.
pub fn lines(world: &World, ledger: &Ledger, first: u32, last: u32) -> Vec<Line> {
    each_step(world, first, last, |lines, step| lines.extend(line(world, ledger, step)))
}

/// The same at length: for each step what happened, then all that the judge found in it.
pub fn account(world: &World, ledger: &Ledger, first: u32, last: u32) -> Vec<Line> {
    each_step(world, first, last, |lines, step| {
        lines.extend(event(world, ledger, step));
        let number = step.first().map_or(0, |(_, record)| record.step);
        lines.extend(findings_of_step(ledger, number).map(|finding| found_line(world, ledger, &finding)));
    })
}

fn each_step(
    world: &World,
    first: u32,
    last: u32,
    tell: impl Fn(&mut Vec<Line>, &[(u32, Record)]),
) -> Vec<Line> {
    let history = world.history();
    let mut lines = Vec::new();
    let mut step: Vec<(u32, Record)> = Vec::new();
    let start = first_place_of(world, first);
    for (place, record) in (start..).zip(history.iter_from(start as usize)) {
        if record.step > last {
            break;
        }
        if step.first().is_some_and(|(_, other)| other.step != record.step) {
            tell(&mut lines, &step);
            step.clear();
        }
        step.push((place, *record));
    }
    tell(&mut lines, &step);
    lines
}

/// The place in the history of the first record of that step or a later one.
pub fn first_place_of(world: &World, step: u32) -> u32 {
    let history = world.history();
    let (mut low, mut high) = (0, history.len() as u32);
    while low < high {
        let middle = low.midpoint(high);
        if history.get(middle).is_some_and(|record| record.step < step) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// The life of a message so far: a sentence for each record about it.
pub fn life_of(world: &World, ledger: &Ledger, message: u32) -> Vec<Line> {
    let mut lines = Vec::new();
    for record in world.history().iter().filter(|record| record.message() == Some(message)) {
        let (text, why, tone) = of_record(world, ledger, record);
        let at = record.at;
        lines.push(Line { step: record.step, at, text: sentence(text), why, tone, message: Some(message) });
    }
    lines
}

/// The life of an order so far: a sentence for each record about it that is not about one of its messages.
pub fn life_of_order(world: &World, ledger: &Ledger, order: u32) -> Vec<Line> {
    use Kind::*;
    let about = |record: &&Record| {
        let service = matches!(world.cast().role(record.actor), Role::Service(_));
        service
            && record.subject == order
            && matches!(record.kind, Requested | Produced | Began | Wrote | Committed | RolledBack)
    };
    let line = |record: &Record| {
        let (text, why, tone) = of_record(world, ledger, record);
        Line { step: record.step, at: record.at, text: sentence(text), why, tone, message: None }
    };
    world.history().iter().filter(about).map(line).collect()
}

fn findings_of_step(ledger: &Ledger, step: u32) -> impl Iterator<Item = Finding> + '_ {
    // Findings stand in the order of their steps.
    let (mut low, mut high) = (0, ledger.finding_count());
    while low < high {
        let middle = low.midpoint(high);
        if ledger.finding(middle).is_some_and(|finding| finding.step < step) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    (low..).map_while(|index| ledger.finding(index)).take_while(move |finding| finding.step == step).copied()
}

fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Ghost => 6,
        Verdict::Lost => 5,
        Verdict::HalfSent => 4,
        Verdict::Duplicate => 3,
        Verdict::OutOfOrder => 2,
        Verdict::Stuck => 1,
        Verdict::Parked => 0,
    }
}

/// Which record of a step speaks for it.
fn interest(record: &Record) -> u8 {
    use Kind::*;
    match record.kind {
        Crashed | Restarted => 9,
        RolledBack | SerializationFailed | DecodeFailed | HandlerFailed => 8,
        Applied | Committed | Recognised | Lost | Unroutable | DeadLettered | Dropped => 7,
        Accepted | Received | Cut | Healed | DatabaseDown | DatabaseUp | NotTaken | TimedOut => 6,
        Requested | Produced | Began | Wrote | Serialized | WroteOutbox | Polled | Marked | Confirmed => 5,
        WroteInbox | Staged | Settled | Requeued | Stale | Refused | GaveUp | Ended => 4,
        Doubled | Delayed | Held | Released | Laid | Slowed => 4,
        Sent => 3,
        Enqueued => 2,
        Struck => 0,
    }
}

fn of_record(world: &World, ledger: &Ledger, record: &Record) -> (String, Option<String>, Tone) {
    use Kind::*;
    let who = names::party(world, record.actor);
    let role = world.cast().role(record.actor);
    let setup = world.setup();
    let order = |order| names::order(world, order);
    let message = || names::message(world, record.subject);
    let plain = |text: String| (text, None, Tone::Plain);
    let with = |text: String, why: &str, tone| (text, Some(why.to_owned()), tone);
    match record.kind {
        Requested => plain(format!("{who} takes in {}.", order(record.subject))),
        Refused => with(
            format!("{who} is down: the next one is refused."),
            "Nothing was promised, so nothing is lost.",
            Tone::Plain,
        ),
        Produced => plain(format!("{who} has something to say about {}.", order(record.subject))),
        Began => match role {
            Role::Service(_) => plain(format!("{who} opens a transaction for {}.", order(record.subject))),
            _ => plain(format!("{who} opens a transaction for {}.", message())),
        },
        Wrote => with(
            format!("The row of {} is staged.", order(record.subject)),
            "Only this transaction sees it until the commit.",
            Tone::Plain,
        ),
        Serialized => plain(format!("{} is turned into bytes.", message())),
        SerializationFailed => with(
            format!("{} cannot be turned into bytes.", message()),
            "The serializer fails on it, as it would every time.",
            Tone::Trouble,
        ),
        WroteOutbox => with(
            format!("{} goes into the outbox table.", message()),
            "In the same transaction as the order: both will be there, or neither.",
            Tone::Plain,
        ),
        Committed => {
            let outbox = matches!(role, Role::Service(s) if setup.services[s as usize].publishing == Publishing::Outbox);
            let why = if outbox {
                "Its message is safe in the outbox, whatever crashes now."
            } else {
                "From now on it is a fact."
            };
            with(format!("{} is committed.", order(record.subject)), why, Tone::Good)
        }
        RolledBack => rolled_back(world, ledger, record, role),
        GaveUp => with(format!("{} will never be sent.", message()), gave_up(record), Tone::Trouble),
        Sent => sent(world, ledger, record),
        Confirmed => plain(format!("{who} knows now that the broker has {}.", message())),
        NotTaken => with(
            format!("{who} cannot reach the broker: {} was not taken.", message()),
            "The connection was refused.",
            Tone::Trouble,
        ),
        TimedOut => with(
            format!("{who} has waited in vain for the broker's word on {}.", message()),
            "It may have arrived or not: nobody on this side can tell.",
            Tone::Trouble,
        ),
        Polled if record.subject == 0 => plain(format!("{who} looks into the outbox: nothing waits.")),
        Polled => plain(format!("{who} looks into the outbox: {} waiting.", record.subject)),
        Marked => with(
            format!("{who} marks {} as sent.", message()),
            "Only now will it not be sent again.",
            Tone::Good,
        ),
        Accepted => plain(format!("{} reaches the broker.", message())),
        Enqueued => plain(format!("{} waits in queue {}.", message(), names::queue(setup, record.other))),
        Unroutable => with(
            format!("Nobody has subscribed: {} is gone.", message()),
            "A topic keeps nothing.",
            Tone::Trouble,
        ),
        Settled => plain(format!(
            "The broker deletes {} from queue {}: it is done.",
            message(),
            names::queue(setup, record.other)
        )),
        Requeued => with(
            format!("{} goes back to its place in queue {}.", message(), names::queue(setup, record.other)),
            "It was handed out and never acknowledged: it will be handed out again.",
            Tone::Trouble,
        ),
        DeadLettered => with(
            format!("{} is parked.", message()),
            "Set aside where an operator can look at it and replay it.",
            Tone::Trouble,
        ),
        Dropped => with(
            format!("{} is thrown away from queue {}.", message(), names::queue(setup, record.other)),
            if world.setup().queues.get(record.other as usize).is_some_and(|queue| !queue.durable) {
                "The queue is not durable: it forgets everything when the broker goes down."
            } else {
                "It was rejected, and the queue has no dead letters."
            },
            Tone::Trouble,
        ),
        Stale => plain(format!("{who} hears about {} too late: nobody waits for that any more.", message())),
        Lost => lost(world, record),
        Doubled => with(format!("The wire doubles {}.", message()), "Its twin arrives later.", Tone::Trouble),
        Delayed => with(
            format!("{} is delayed on the wire.", message()),
            "What was sent later may overtake it.",
            Tone::Trouble,
        ),
        Held => plain(format!("{} is held on the wire.", message())),
        Released => plain(format!("{} goes on.", message())),
        Received if record.other == 1 => with(
            format!("{who} receives {}, marked as a possible repeat.", message()),
            "It was delivered before and never acknowledged.",
            Tone::Plain,
        ),
        Received => plain(format!("{who} receives {}.", message())),
        DecodeFailed => with(
            format!("{who} cannot read {}.", message()),
            "Bytes that cannot be decoded today cannot be tomorrow: it is rejected without another try.",
            Tone::Trouble,
        ),
        WroteInbox => with(
            format!("{who} notes the id of {} in its inbox.", message()),
            "In the same transaction as the effect: both, or neither.",
            Tone::Plain,
        ),
        Recognised => with(
            format!("{who} knows {} already and does nothing.", message()),
            "Its id is in the inbox: this is a repeat.",
            Tone::Good,
        ),
        Staged => plain(format!("{who} stages its effect for {}.", message())),
        Applied => (applied(world, record), None, Tone::Good),
        HandlerFailed => {
            with(format!("The handler of {who} fails on {}.", message()), "An exception.", Tone::Trouble)
        }
        Struck => plain("The fault strikes.".to_owned()),
        Laid => plain("A fault was laid down by hand.".to_owned()),
        Crashed => match role {
            Role::Broker => with(
                "The broker goes down.".to_owned(),
                "Every connection breaks. Durable queues keep what they hold.",
                Tone::Trouble,
            ),
            _ => with(
                format!("{who} crashes."),
                "What was only in its memory is gone; what was committed stays.",
                Tone::Trouble,
            ),
        },
        Restarted => match role {
            Role::Broker => plain("The broker is up again.".to_owned()),
            _ => plain(format!("{who} is up again.")),
        },
        DatabaseDown => with(
            format!("The database of {who} does not answer."),
            "No statement succeeds until it does.",
            Tone::Trouble,
        ),
        DatabaseUp => plain(format!("The database of {who} answers again.")),
        Cut => with(
            format!("The wire between {who} and the broker is cut."),
            "Nothing passes, and nobody is told.",
            Tone::Trouble,
        ),
        Healed => plain(format!("The wire between {who} and the broker is whole again.")),
        Slowed => with(format!("{who} is held up."), "It goes on later than it would have.", Tone::Trouble),
        Ended if record.subject == 0 => plain("All is quiet: nothing is left to happen.".to_owned()),
        Ended => plain("The scenario's time is over.".to_owned()),
    }
}

/// The effect in the scenario's words: `the mail service wrote to the customer about order 3.`
fn applied(world: &World, record: &Record) -> String {
    let who = names::party(world, record.actor);
    let order = world.message(record.subject).map_or(String::new(), |m| names::order(world, m.order));
    let did = world.setup().consumers.get(record.other as usize).map_or("handled {}", |c| &c.did);
    format!("{who} {}.", did.replace("{}", &order))
}

fn sent(world: &World, ledger: &Ledger, record: &Record) -> (String, Option<String>, Tone) {
    let who = names::party(world, record.actor);
    let message = names::message(world, record.subject);
    let (kind, to) = record.packet();
    let to = names::party(world, to);
    let text = match kind {
        PacketKind::Publish => format!("{who} publishes {message}."),
        PacketKind::Confirm => format!("The broker confirms to {to} that it has {message}."),
        PacketKind::Refuse => format!("Nothing answers at the broker: {message} is refused."),
        PacketKind::Delivery => format!("The broker hands {message} to {to}."),
        PacketKind::Ack => format!("{who} acknowledges {message}."),
        PacketKind::Nack => format!("{who} gives {message} back."),
    };
    let open =
        ledger.order_of(record.subject).and_then(|order| ledger.order_state(order)) == Some(OrderState::Open);
    let why = match (kind, world.cast().role(record.actor)) {
        (PacketKind::Publish, Role::Service(s))
            if open && world.setup().services[s as usize].publishing == Publishing::BeforeCommit =>
        {
            Some(
                "The transaction is still open: it is not certain that there is anything to tell.".to_owned(),
            )
        }
        (PacketKind::Publish, Role::Relay(_)) => {
            Some("The row waits in the outbox until the broker has confirmed it.".to_owned())
        }
        _ => None,
    };
    (text, why, if kind == PacketKind::Refuse { Tone::Trouble } else { Tone::Plain })
}

fn lost(world: &World, record: &Record) -> (String, Option<String>, Tone) {
    let message = names::message(world, record.subject);
    let (kind, to) = record.packet();
    let to = names::party(world, to);
    let (text, why) = match kind {
        PacketKind::Publish => (format!("{message} is lost on its way to the broker."), "Nobody is told."),
        PacketKind::Confirm | PacketKind::Refuse => (
            format!("The broker's word on {message} never reaches {to}."),
            "The sender can't tell whether it arrived.",
        ),
        PacketKind::Delivery => (
            format!("{message} is lost on its way to {to}."),
            "The queue keeps its copy until it is acknowledged.",
        ),
        PacketKind::Ack | PacketKind::Nack => (
            format!("The acknowledgement of {message} is lost."),
            "The broker does not know that it was handled, and will hand it out again.",
        ),
    };
    (text, Some(why.to_owned()), Tone::Trouble)
}

fn gave_up(record: &Record) -> &'static str {
    match Why::of(record.other) {
        Why::Crash => "The plan to send it was only in memory, and the memory is gone.",
        Why::NotTaken => "The broker could not be reached, and nobody tries again.",
        Why::TimedOut => "No confirmation came, and nobody tries again.",
        Why::Serialization => "It could not be turned into bytes.",
        _ => "Its transaction was undone.",
    }
}

fn rolled_back(
    world: &World,
    ledger: &Ledger,
    record: &Record,
    role: Role,
) -> (String, Option<String>, Tone) {
    if !matches!(role, Role::Service(_)) {
        let text = format!(
            "{} rolls back its work on {}.",
            names::party(world, record.actor),
            names::message(world, record.subject)
        );
        return (text, Some("Effect and inbox id are undone together.".to_owned()), Tone::Trouble);
    }
    let order = names::order(world, record.subject);
    let reason = match Why::of(record.other) {
        Why::CommitFailed => "The commit failed.",
        Why::Serialization => "A message could not be serialized.",
        Why::NotTaken => "The broker could not be reached.",
        Why::TimedOut => "No confirmation came from the broker.",
        Why::Crash => "The service crashed with the transaction open.",
        Why::Database => "The database did not answer.",
        _ => "The work failed.",
    };
    let out = ledger.messages_sent(record.subject) > 0;
    let more = if out { " But a message about it is already out, and cannot be called back." } else { "" };
    (format!("{order} is rolled back: it never happened."), Some(format!("{reason}{more}")), Tone::Trouble)
}

fn of_finding(world: &World, ledger: &Ledger, finding: &Finding) -> (String, String) {
    let history = world.history();
    let proof = |n: usize| history.get(finding.proof[n]).copied();
    let order = names::order(world, finding.order);
    let message = names::message(world, finding.message);
    match finding.verdict {
        Verdict::Ghost => {
            let who = proof(2).map_or("a consumer".to_owned(), |r| names::party(world, r.actor));
            (
                format!("{who} is told about {order}, which does not exist: a ghost message."),
                "The message left before the transaction ended. The order was rolled back, and a message cannot be called back.".to_owned(),
            )
        }
        Verdict::Lost => {
            let why = match proof(1).map(|r| (r.kind, Why::of(r.other))) {
                Some((Kind::GaveUp, Why::Crash)) => {
                    "The service crashed between the commit and the publish. That a message was still to be sent stood only in its memory."
                }
                Some((Kind::GaveUp, Why::NotTaken)) => {
                    "The broker could not be reached, the order was committed already, and nobody tries again."
                }
                Some((Kind::GaveUp, _)) => "It was committed, its message could not be sent, and nobody tries again.",
                Some((Kind::Lost, _)) => "Its message was lost on the wire, and nothing is kept from which it could be sent again.",
                Some((Kind::Dropped, _)) => "The queue threw its message away.",
                Some((Kind::Crashed, _)) => "The consumer had acknowledged before it was done, and crashed.",
                _ => "Nothing that can still happen will bring it there.",
            };
            (format!("{order} is committed, and nobody will ever hear of it: {message} is lost."), why.to_owned())
        }
        Verdict::Duplicate => {
            let text = proof(1).map_or_else(|| format!("{order} is handled again."), |r| {
                let done = applied(world, &r);
                format!("{} A second time.", sentence(done))
            });
            let why = if ledger.times_accepted(finding.message) > 1 {
                "The message was published twice: the relay crashed after it had sent it and before it had marked the row, and could not know. The consumer does not remember what it has done."
            } else {
                "The message was delivered twice: the broker never got the acknowledgement of the first time. The consumer does not remember what it has done."
            };
            (text, why.to_owned())
        }
        Verdict::HalfSent => (
            format!("{order} is half told: one of its messages is out, and {message} never will be."),
            "Messages were serialized one by one as they were sent; the first had left when the next one failed.".to_owned(),
        ),
        Verdict::Stuck => (
            format!("{message} is stuck: it waits for something that no longer comes."),
            "It is not lost: an operator could still move it.".to_owned(),
        ),
        Verdict::Parked => (
            format!("{message} is parked."),
            "Set aside with the dead letters, where an operator can look at it and replay it.".to_owned(),
        ),
        Verdict::OutOfOrder => (
            format!("{order} is handled after one that was committed later."),
            "Nothing keeps the order between them.".to_owned(),
        ),
    }
}

//! How is a fault written down? The grammar of [`super::spec`], the other way round: what is written reads back
//! as the same value.

use crate::broker::command::{Command, Letters, Operator};
use crate::broker::setup::Cast;
use crate::fault::plan::{Fault, Outage, PacketFault, Side, StepFault, Which};
use crate::sim::chance::Rate;
use crate::sim::time::{Instant, Span};
use std::fmt::Write;

/// The fault as [`super::spec::parse_fault`] reads it.
pub fn write_fault(fault: &Fault, cast: &Cast) -> String {
    match *fault {
        Fault::AtStep { actor, step, which, fault } => {
            let (actor, step, which) = (cast.name(actor), step.name(), write_which(which));
            match fault {
                StepFault::Crash(side, down) => {
                    let side = if side == Side::Before { "before" } else { "after" };
                    let down = down.map_or(String::new(), |span| format!(" for {span}"));
                    format!("crash {actor} {side} {step} {which}{down}")
                }
                StepFault::Fail => format!("fail {actor} {step} {which}"),
                StepFault::Slow(by) => format!("slow {actor} {step} {which} by {by}"),
            }
        }
        Fault::OnPacket { actor, kind, which, fault } => {
            let (verb, by) = match fault {
                PacketFault::Lose => ("lose", None),
                PacketFault::Hold => ("hold", None),
                PacketFault::Delay(by) => ("delay", Some(by)),
                PacketFault::Double(by) => ("double", Some(by)),
                PacketFault::Hurry(by) => ("hurry", Some(by)),
                PacketFault::Lag(by) => ("lag", Some(by)),
            };
            let by = by.map_or(String::new(), |span| format!(" by {span}"));
            format!("{verb} {} {} {}{by}", kind.name(), cast.name(actor), write_which(which))
        }
        Fault::Spoil { actor, which } => format!("poison {} {}", cast.name(actor), write_which(which)),
        Fault::Yield { at, nth } => format!("yield at {} #{nth}", Span(at.0)),
        Fault::During { outage, from, until } => {
            let what = match outage {
                Outage::Down(actor) => format!("down {}", cast.name(actor)),
                Outage::Stop(actor) => format!("stop {}", cast.name(actor)),
                Outage::Database(actor) => format!("down {}.database", cast.name(actor)),
                Outage::Cut(actor) => format!("cut {}", cast.name(actor)),
                Outage::Subscription { topic, queue } => format!("down {}", link(cast, topic, queue)),
            };
            let moment = |at: Instant| Span(at.0);
            match until {
                Some(until) => format!("{what} {}..{}", moment(from), moment(until)),
                None => format!("{what} from {}", moment(from)),
            }
        }
    }
}

/// The command as [`super::spec::parse_command`] reads it.
pub fn write_command(command: &Command, cast: &Cast) -> String {
    match *command {
        Command::Crash(actor) => format!("crash {}", cast.name(actor)),
        Command::CrashAfterNextStep(actor) => format!("crash {} after-next-step", cast.name(actor)),
        Command::Stop(actor) => format!("stop {}", cast.name(actor)),
        Command::Restart(actor) => format!("restart {}", cast.name(actor)),
        Command::DatabaseDown(actor) => format!("down {}.database", cast.name(actor)),
        Command::DatabaseUp(actor) => format!("up {}.database", cast.name(actor)),
        Command::Cut(actor) => format!("cut {}", cast.name(actor)),
        Command::Heal(actor) => format!("heal {}", cast.name(actor)),
        Command::SubscriptionDown(topic, queue) => format!("down {}", link(cast, topic, queue)),
        Command::SubscriptionUp(topic, queue) => format!("up {}", link(cast, topic, queue)),
        Command::Lay(fault) => write_fault(&fault, cast),
        Command::Lose(packet) => format!("lose packet {packet}"),
        Command::Hold(packet) => format!("hold packet {packet}"),
        Command::Release(packet) => format!("release packet {packet}"),
        Command::Operate(act) => write_operator(act, cast),
    }
}

/// The text as one word of a shell.
pub fn shell_word(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// The text as TOML has one: in quotes, with escapes where it wants them.
pub fn toml_text(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn write_operator(act: Operator, cast: &Cast) -> String {
    let number = |message: u32| u64::from(message) + 1;
    let which =
        |message: Option<u32>| message.map_or("all".to_owned(), |message| format!("#{}", number(message)));
    match act {
        Operator::Redrive { queue, message } => {
            format!("redrive {} of {}", which(message), cast.queue(queue))
        }
        Operator::Discard { queue, message } => {
            format!("discard {} of {}", which(message), cast.queue(queue))
        }
        Operator::Hide { queue, message, span } => {
            format!("hide #{} of {} for {span}", number(message), cast.queue(queue))
        }
        Operator::Delay { queue, delay } => format!("set delay of {} to {delay}", cast.queue(queue)),
        Operator::Peek { queue } => format!("peek {}", cast.queue(queue)),
        Operator::SendEdited { queue, message, to } => {
            let to = to.map_or(String::new(), |amount| format!(" with {}", amount.text()));
            format!("resend #{} of {}{to}", number(message), cast.queue(queue))
        }
        Operator::Replay { service, letters } => {
            format!("replay {} of {}", write_letters(letters), cast.name(service))
        }
        Operator::Edit { service, letters, to } => {
            let to = to.map_or(String::new(), |amount| format!(" to {}", amount.text()));
            format!("edit {} of {}{to}", write_letters(letters), cast.name(service))
        }
        Operator::DiscardLetters { service, letters } => {
            format!("discard {} of {}", write_letters(letters), cast.name(service))
        }
    }
}

fn write_letters(letters: Letters) -> String {
    match letters {
        Letters::All => "all".to_owned(),
        Letters::One(number) => format!("#{number}"),
    }
}

fn link(cast: &Cast, topic: u8, queue: u8) -> String {
    format!("{}.{}", cast.topics[topic as usize], cast.queues[queue as usize])
}

fn write_which(which: Which) -> String {
    match which {
        Which::Nth(n) => format!("#{n}"),
        Which::Rate(Rate(millionths)) => {
            let number = format!("{}.{:04}", millionths / 10_000, millionths % 10_000);
            format!("rate {}%", number.trim_end_matches('0').trim_end_matches('.'))
        }
    }
}

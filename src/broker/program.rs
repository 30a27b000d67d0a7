//! In which order does a service do its work? The single steps of a unit of work, by when it publishes.

use super::setup::{Publishing, Serialization, Service};
use crate::fault::point::Step;

/// A single step of a unit of work. The number says which of its messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    /// Open the transaction.
    Begin,
    /// Stage the business row.
    Write,
    /// Lay the message into the collector, which sends nothing yet.
    Collect(u8),
    /// Stage the rest of the unit's rows: the handler can still fail here.
    WriteMore,
    /// Turn the message into bytes.
    Serialize(u8),
    /// Stage the outbox row of the message.
    WriteOutbox(u8),
    /// Hand the message to the wire.
    Publish(u8),
    /// Wait until the broker confirms it.
    Await(u8),
    /// Write the message, which could not be sent, into the dead-letter table. Stands in no program: it comes
    /// between two of its steps when sending has failed.
    Park(u8),
    /// Commit.
    Commit,
    /// Call who is to do what the message asks for.
    Call(u8),
    /// Wait until it replies.
    AwaitReply(u8),
}

impl Op {
    /// The step's name.
    pub fn step(self) -> Step {
        match self {
            Op::Begin => Step::Begin,
            Op::Write => Step::Write,
            Op::Collect(_) => Step::Collect,
            Op::WriteMore => Step::WriteMore,
            Op::Serialize(_) => Step::Serialize,
            Op::WriteOutbox(_) => Step::WriteOutbox,
            Op::Publish(_) => Step::Publish,
            Op::Await(_) => Step::Confirmed,
            Op::Park(_) => Step::Park,
            Op::Commit => Step::Commit,
            Op::Call(_) => Step::Call,
            Op::AwaitReply(_) => Step::Replied,
        }
    }

    /// The message that the step is about, if it sends one.
    pub(super) fn sends(self) -> Option<u8> {
        match self {
            Op::Serialize(n) | Op::WriteOutbox(n) | Op::Publish(n) | Op::Await(n) => Some(n),
            Op::Call(n) | Op::AwaitReply(n) => Some(n),
            _ => None,
        }
    }
}

/// The program of one unit of work.
pub fn program(service: &Service) -> Vec<Op> {
    use Publishing::*;
    let all = 0..service.messages.len() as u8;
    let how = service.publishing;
    let collects = matches!(how, CollectBeforeCommit | CollectAfterCommit);
    let all_first = collects || service.serialization == Serialization::AllFirst;
    let after = matches!(how, AfterCommit | CollectAfterCommit);
    let mut ops = Vec::new();
    if how != Plain {
        ops.extend([Op::Begin, Op::Write]);
    }
    if collects {
        ops.extend(all.clone().map(Op::Collect));
        ops.push(Op::WriteMore);
    }
    // What it asks for in a call is no message that could be kept apart from the asking.
    let serializes = !matches!(how, Plain | Call);
    if all_first && serializes {
        ops.extend(all.clone().map(Op::Serialize));
    }
    let send = |ops: &mut Vec<Op>, message: u8| {
        if how == Call {
            return ops.extend([Op::Call(message), Op::AwaitReply(message)]);
        }
        if !all_first && serializes {
            ops.push(Op::Serialize(message));
        }
        if service.in_outbox(message) {
            ops.push(Op::WriteOutbox(message));
        } else {
            ops.push(Op::Publish(message));
            ops.extend(service.confirm.map(|_| Op::Await(message)));
        }
    };
    // An outbox row belongs in the transaction, whenever the others are sent.
    let (first, rest): (Vec<u8>, Vec<u8>) = all.partition(|&message| !after || service.in_outbox(message));
    first.into_iter().for_each(|message| send(&mut ops, message));
    match how {
        Plain => {}
        InHandler => ops.extend([Op::WriteMore, Op::Commit]),
        _ => ops.push(Op::Commit),
    }
    rest.into_iter().for_each(|message| send(&mut ops, message));
    ops
}

//! The sequence diagram: two or three words at a packet and at what a party does.

// Packets.
pub const POLL: &str = "poll";
pub const NOTHING_THERE: &str = "nothing there";

pub fn deliver(label: &str, again: &str) -> String {
    format!("deliver {label}{again}")
}

pub const AGAIN: &str = " again";

pub fn reply_done(label: &str) -> String {
    format!("done {label}")
}

pub fn lost(name: &str) -> String {
    format!("{name} lost")
}

pub fn refused(name: &str) -> String {
    format!("{name} refused")
}

// What a party does or what happens to it.

pub fn takes_in(order: &str) -> String {
    format!("takes in {order}")
}

pub fn makes(order: &str) -> String {
    format!("makes {order}")
}

pub const REQUEST_REFUSED: &str = "a request is refused";
pub const REQUEST_COMES: &str = "a request comes";

pub fn fails(order: &str) -> String {
    format!("{order} fails")
}

pub fn answered(order: &str) -> String {
    format!("{order} answered")
}

pub const BEGIN: &str = "begin";

pub fn writes(order: &str) -> String {
    format!("write {order}")
}

pub const WRITES_THE_REST: &str = "write the rest";

pub fn serializes(label: &str) -> String {
    format!("serialize {label}")
}

pub fn cannot_serialize(label: &str) -> String {
    format!("cannot serialize {label}")
}

pub fn outbox_row(label: &str) -> String {
    format!("outbox row {label}")
}

pub fn collects(label: &str) -> String {
    format!("collect {label}")
}

pub fn committed(order: &str) -> String {
    format!("{order} committed")
}

pub fn rolled_back(order: &str) -> String {
    format!("{order} rolled back")
}

pub const ROLL_BACK: &str = "roll back";

pub fn never_sent(label: &str) -> String {
    format!("will never send {label}")
}

pub fn sent_again(label: &str) -> String {
    format!("will send {label} again")
}

pub fn no_confirmation(label: &str) -> String {
    format!("no confirmation of {label}")
}

pub const NO_ANSWER: &str = "no answer";
pub const CANNOT_READ_OUTBOX: &str = "cannot read the outbox";

pub fn not_taken(label: &str) -> String {
    format!("{label} not taken: a queue is full")
}

pub const NOTHING_TO_SEND: &str = "nothing to send";

pub fn read_of_outbox(rows: &str) -> String {
    format!("read {rows} of the outbox")
}

pub const ONE_ROW: &str = "1 row";

pub fn rows(count: u32) -> String {
    format!("{count} rows")
}

pub fn marked(label: &str) -> String {
    format!("{label} marked as sent")
}

pub fn position_saved(label: &str) -> String {
    format!("position saved: {label}")
}

pub fn deleted(rows: &str) -> String {
    format!("{rows} deleted")
}

/// How [`in_queue`] begins: of several only the first says it.
pub const IN: &str = "in ";

pub fn in_queue(queue: &str) -> String {
    format!("{IN}{queue}")
}

pub fn no_queue(label: &str) -> String {
    format!("no queue for {label}")
}

pub fn back_in(label: &str, queue: &str) -> String {
    format!("{label} back in {queue}")
}

pub fn parked(label: &str) -> String {
    format!("{label} parked")
}

pub fn forgotten(label: &str) -> String {
    format!("{label} forgotten")
}

pub const TOO_LATE: &str = "too late";

pub fn visible_again(label: &str) -> String {
    format!("{label} visible again")
}

pub fn there_again(label: &str) -> String {
    format!("{label} is there again")
}

pub fn another_delay(queue: &str) -> String {
    format!("another delay of {queue}")
}

pub fn can_be_received(label: &str) -> String {
    format!("{label} can be received")
}

pub const NO_MORE_TIME: &str = "no more time";

pub fn moved_back(label: &str, queue: &str) -> String {
    format!("{label} moved back to {queue}")
}

pub fn thrown_away(label: &str) -> String {
    format!("{label} thrown away")
}

pub fn taken_out(label: &str) -> String {
    format!("{label} taken out")
}

pub fn not_taken_out(label: &str) -> String {
    format!("{label} not taken out")
}

pub const WAITS_FOR_MESSAGE: &str = "waits for a message";

pub fn set_again(label: &str) -> String {
    format!("{label} set again")
}

pub fn applied(label: &str) -> String {
    format!("{label} applied")
}

pub fn stages(label: &str) -> String {
    format!("stage the effect of {label}")
}

pub fn skipped(label: &str) -> String {
    format!("{label} known, skipped")
}

pub fn is_new(label: &str) -> String {
    format!("{label} is new")
}

pub fn inbox_row(label: &str) -> String {
    format!("inbox row {label}")
}

pub fn id_kept(label: &str) -> String {
    format!("id of {label} kept")
}

pub fn forgets(label: &str) -> String {
    format!("forget {label}")
}

pub fn stored(label: &str) -> String {
    format!("{label} stored")
}

pub fn waits_again(label: &str) -> String {
    format!("{label} waits again")
}

pub fn cannot_read(label: &str) -> String {
    format!("cannot read {label}")
}

pub fn handler_fails(label: &str) -> String {
    format!("handler fails on {label}")
}

pub fn dead_letter_row(label: &str) -> String {
    format!("dead-letter row {label}")
}

pub fn replays(label: &str) -> String {
    format!("replay {label}")
}

pub fn cannot_replay(label: &str) -> String {
    format!("cannot replay {label}")
}

pub fn no_longer_parked(label: &str) -> String {
    format!("{label} no longer parked")
}

pub fn mended(label: &str) -> String {
    format!("{label} mended")
}

pub fn is_bad(label: &str) -> String {
    format!("{label} is bad")
}

pub fn subscribes(queue: &str) -> String {
    format!("{queue} subscribes")
}

pub fn queue_cut_off(queue: &str) -> String {
    format!("{queue} cut off")
}

pub fn reachable_again(queue: &str) -> String {
    format!("{queue} reachable again")
}

pub fn not_for(queue: &str) -> String {
    format!("not for {queue}")
}

pub fn none_for(label: &str, queue: &str) -> String {
    format!("no {label} for {queue}")
}

pub fn full(queue: &str) -> String {
    format!("{queue} is full")
}

pub fn too_often(label: &str) -> String {
    format!("{label} came back too often")
}

pub const DOWN: &str = "down";
pub const CRASHED: &str = "crashed";
pub const UP_AGAIN: &str = "up again";
pub const ASKED_TO_STOP: &str = "asked to stop";
pub const STOPPED: &str = "stopped";
pub const DATABASE_DOWN: &str = "database down";
pub const DATABASE_UP: &str = "database up again";
pub const CUT_OFF: &str = "cut off";
pub const CONNECTED: &str = "connected again";
pub const YIELDS: &str = "lets others go first";

pub fn held_up(step: &str) -> String {
    format!("held up before {step}")
}

pub fn delayed(packet: &str) -> String {
    format!("{packet} delayed")
}

pub fn quick(packet: &str) -> String {
    format!("{packet} quick")
}

pub fn slow(packet: &str) -> String {
    format!("{packet} slow")
}

pub fn doubled(packet: &str) -> String {
    format!("{packet} doubled")
}

pub fn held(packet: &str) -> String {
    format!("{packet} held")
}

pub fn goes_on(packet: &str) -> String {
    format!("{packet} goes on")
}

pub const BY_HAND: &str = "a fault by hand";
pub const ALL_QUIET: &str = "all is quiet";
pub const TIME_OVER: &str = "time is over";

// What happens to a whole party, and bars.
pub const IS_DOWN: &str = "is down";
pub const HAS_NO_DATABASE: &str = "has no database";
pub const IS_CUT_OFF: &str = "is cut off";
pub const A_TRANSACTION: &str = "a transaction";

pub fn is_hidden(message: &str) -> String {
    format!("{message} is hidden from others")
}

/// What a party did, for who hears it and does not see where it stands.
pub fn at_step(party: &str, step: u32, words: &str) -> String {
    format!("{party}, step {step}: {words}")
}

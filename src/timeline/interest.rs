//! Where is it worth stopping? The steps of a run at which something begins, breaks or is settled, without the
//! traffic between them.

use super::run::Run;
use crate::broker::record::Kind;

/// Whether a record of that kind makes its step interesting: a fault or its end, something that failed, what was
/// done by hand, a commit, an effect, and the end. What the judge finds counts too, whatever the record.
pub fn is_interesting(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Struck
            | Kind::Laid
            | Kind::Crashed
            | Kind::Restarted
            | Kind::Stopping
            | Kind::Stopped
            | Kind::DatabaseDown
            | Kind::DatabaseUp
            | Kind::Cut
            | Kind::Healed
            | Kind::SubscriptionDown
            | Kind::SubscriptionUp
            | Kind::Lost
            | Kind::Doubled
            | Kind::Held
            | Kind::Released
            | Kind::SerializationFailed
            | Kind::DecodeFailed
            | Kind::HandlerFailed
            | Kind::CallFailed
            | Kind::RolledBack
            | Kind::GaveUp
            | Kind::DeadLettered
            | Kind::WroteDeadLetter
            | Kind::ReplayAsked
            | Kind::LetterEdited
            | Kind::LetterDiscarded
            | Kind::Redriven
            | Kind::Discarded
            | Kind::TakenOut
            | Kind::NotTakenOut
            | Kind::Committed
            | Kind::Produced
            | Kind::Applied
            | Kind::Ended
    )
}

/// The next interesting step after that one, or the last before it. None if there is no other.
#[inline(never)]
pub fn interesting(run: &Run, step: u32, forward: bool) -> Option<u32> {
    let history = run.end().world.history();
    let ledger = &run.end().ledger;
    if forward {
        let from = history.first_not(|record| record.step <= step) as usize;
        let record =
            history.iter_from(from).find(|record| is_interesting(record.kind)).map(|record| record.step);
        let found = ledger.findings().map(|finding| finding.step).find(|&found| found > step);
        record.into_iter().chain(found).min()
    } else {
        let record = history.before_step(step).find(|record| is_interesting(record.kind));
        let record = record.map(|record| record.step);
        let found = ledger.findings().map(|finding| finding.step).rfind(|&found| found < step);
        record.into_iter().chain(found).max()
    }
}

//! Can every task be done, and is none done before?

use super::lessons;
use brokerlab::lesson::condition::all_hold;
use brokerlab::lesson::text::How;

#[test]
fn every_task_can_be_done_and_is_not_done_before() {
    for lesson in lessons() {
        let mut plain = How::default().open(&lesson.scenario).unwrap();
        plain.seek(plain.end());
        for (n, task) in lesson.tasks.iter().enumerate() {
            let place = format!("lessons/en/{}.toml, `{}`", lesson.scenario, task.task);
            assert!(!task.done.is_empty(), "{place}: nothing has to hold");
            assert!(!all_hold(&task.done, &plain), "{place}: done before anything was tried");
            let session = lesson.done(n).unwrap_or_else(|what| panic!("{place}: {what}"));
            for condition in &task.done {
                let counts = session.run().end().ledger.counts();
                assert!(condition.holds(&session), "{place}: {condition:?} does not hold; found: {counts:?}");
            }
        }
    }
}

#[test]
fn a_task_is_ticked_when_the_run_has_come_so_far_and_not_before() {
    let lesson = lessons().into_iter().find(|lesson| lesson.scenario == "dual-write-ghost").unwrap();
    let mut session = lesson.tasks[0].how.open(&lesson.scenario).unwrap();
    assert!(!all_hold(&lesson.tasks[0].done, &session), "nothing has happened yet");
    session.seek(session.end());
    assert!(all_hold(&lesson.tasks[0].done, &session));
}

//! Does the shop keep its promises, whatever fails? The same tests natively and as WebAssembly.

use brokerlab::testing::*;
use wasm_bindgen_test::wasm_bindgen_test;

/// The shop as it is to be built, from its scenario file.
fn shop() -> Result<Case, Wrong> {
    Case::text("shop", include_str!("shop.toml"))
}

/// What somebody might build first: publish in the same method, before the commit or after it.
fn first_draft(publishing: Publishing) -> Result<Case, Wrong> {
    Case::build("The first draft")
        .service(Service::new("orders", publishing).orders(2).sends(Message::new("order placed", "mails")))
        .queue(Queue::new("mails"))
        .consumer(Consumer::new("mailer", "mails"))
        .ready()
}

#[wasm_bindgen_test(unsupported = test)]
fn publishing_before_the_commit_writes_to_customers_about_orders_that_do_not_exist() -> Result<(), Wrong> {
    let run = first_draft(Publishing::BeforeCommit)?.fault("rollback orders #2")?.run();
    run.assert_broken(Promise::NoGhost);
    assert_eq!(run.verdict().ghosts, 1, "{run}");

    // The moment at which it happens: the mail is on its way, the order is gone.
    let ghost = run.at_break_of(Promise::NoGhost)?.expect("it was broken");
    let orders = ghost.table("orders")?;
    assert_eq!(orders[1].state, RowState::RolledBack, "{run}");
    Ok(())
}

#[wasm_bindgen_test(unsupported = test)]
fn publishing_after_the_commit_loses_orders() -> Result<(), Wrong> {
    // No need to know where: the machine finds the gap, and hands over the shortest way into it.
    let found = first_draft(Publishing::AfterCommit)?.explore(&Search::of_faults(1).kinds("crash")?);
    found.assert_always_kept(Promise::NoGhost);
    let shortest = found.assert_sometimes_broken(Promise::NothingLost);
    assert_eq!(shortest.report().faults, ["crash orders after commit #1 for 1s"], "{shortest}");
    assert_eq!(shortest.verdict().lost, 1, "{shortest}");
    Ok(())
}

#[wasm_bindgen_test(unsupported = test)]
fn the_shop_keeps_its_promises_when_all_goes_well() -> Result<(), Wrong> {
    let run = shop()?.run();
    run.assert_as_expected();
    let end = run.end();
    assert_eq!(end.table("mailer")?.len(), 2, "{run}");
    assert_eq!(end.table("warehouse")?.len(), 2, "{run}");
    assert!(end.queue("mails")?.is_empty() && end.queue("stock")?.is_empty(), "{run}");
    Ok(())
}

#[wasm_bindgen_test(unsupported = test)]
fn a_broker_that_is_down_only_delays() -> Result<(), Wrong> {
    let run = shop()?.fault("down broker 0s..10s")?.run();
    run.assert_as_expected().assert_reached(Promise::BrokerDown);
    // Meanwhile the orders wait in the outbox.
    let waiting = run.at(secs(9)).outbox("orders")?;
    assert!(waiting.iter().all(|row| row.state != RowState::Sent) && waiting.len() == 2, "{run}");
    Ok(())
}

#[wasm_bindgen_test(unsupported = test)]
fn a_relay_that_crashes_at_the_worst_moment_sends_twice_and_the_inbox_notices() -> Result<(), Wrong> {
    let run = shop()?.run();
    // Step by step up to the moment at which the row is sent and not marked yet.
    let sent =
        run.first(|look| look.queue("mails").is_ok_and(|queue| !queue.is_empty())).expect("it is sent");
    let crashed = run.inject(sent.step(), "crash relay")?;
    crashed.assert_kept(Promise::NothingTwice).assert_kept(Promise::NothingLost);
    crashed.assert_reached(Promise::ARedelivery).assert_reached(Promise::ARecognisedRepeat);
    Ok(())
}

#[wasm_bindgen_test(unsupported = test)]
fn no_two_faults_break_the_shop() -> Result<(), Wrong> {
    let found = shop()?.explore(&Search::of_faults(2));
    // Not `all-or-none`: with one message an order, nothing puts it to the test, and the assertion says so.
    for promise in ["nothing-lost", "nothing-twice", "no-ghost"] {
        found.assert_always_kept(promise);
    }
    assert!(found.placements() > 10_000, "{found}");
    Ok(())
}

#[wasm_bindgen_test(unsupported = test)]
fn a_message_that_nobody_can_handle_is_set_aside() -> Result<(), Wrong> {
    let run = Case::build("A polled queue")
        .service(
            Service::new("orders", Publishing::Plain).orders(3).sends(Message::new("order placed", "mails")),
        )
        .queue(
            Queue::polled("mails").visibility(secs(2)).max_receives(shop::MAX_RECEIVES).dead_letter("review"),
        )
        .queue(Queue::polled("review"))
        .consumer(Consumer::new("mailer", "mails"))
        .fault("poison orders #2")
        .ready()?
        .run();
    assert_eq!((run.verdict().parked, run.verdict().lost), (1, 0), "{run}");
    assert_eq!(run.end().queue("review")?.ready, ["2 order placed"], "{run}");
    Ok(())
}

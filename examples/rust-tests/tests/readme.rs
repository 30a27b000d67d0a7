//! What the README shows, word for word (`tests/tidy.rs` holds the two together).
#![cfg(not(target_arch = "wasm32"))]

use brokerlab::testing::*;

#[test]
fn no_crash_loses_an_order() -> Result<(), Wrong> {
    // Built in Rust; or Case::file("tests/shop.toml")?, or Case::named("outbox-with-inbox")?
    let shop = Case::build("My shop")
        .service(Service::new("shop", Publishing::Outbox).sends(Message::new("order placed", "mails")))
        .relay(Relay::new("relay", "shop"))
        .queue(Queue::new("mails"))
        .consumer(Consumer::new("mailer", "mails").inbox(Inbox::Ids))
        .ready()?;
    let run = shop.fault("crash relay before mark-sent #2 for 1s")?.run();
    run.assert_kept("nothing-twice");
    assert_eq!(run.verdict().lost, 0, "{run}");
    assert!(run.end().queue("mails")?.is_empty(), "{run}");
    // Every crash in every gap between two steps.
    shop.explore(&Search::of_faults(1).kinds("crash")?).assert_always_kept("nothing-lost");
    Ok(())
}

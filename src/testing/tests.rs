//! Does the builder say what a file says, and does a failed assertion tell what one needs?

use super::*;
use crate::check::measures::Measure;
use crate::scenario::file::keys;
use crate::scenario::{Part, Scenario, catalogue};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a failed assertion tells.
fn told<T>(test: impl FnOnce() -> T) -> String {
    let failed = catch_unwind(AssertUnwindSafe(|| drop(test()))).expect_err("the assertion fails");
    *failed.downcast::<String>().expect("a text")
}

fn shop(publishing: Publishing) -> Builder {
    Case::build("My shop")
        .service(Service::new("shop", publishing).orders(3).sends(Message::new("order placed", "mails")))
        .queue(Queue::new("mails"))
        .consumer(Consumer::new("mailer", "mails"))
}

#[test]
fn what_is_built_is_what_the_file_says() {
    let built = Case::build("The relay crashes: the same mail twice")
        .group("The outbox pattern")
        .part(Part::Naive)
        .counterpart("outbox-with-inbox")
        .seed("quiet-plum-panda")
        .fault("crash relay before mark-sent #2 for 1s")
        .keeps(Promise::NothingLost)
        .keeps(Promise::NoGhost)
        .keeps(Promise::EverythingArrives)
        .breaks(Promise::NothingTwice)
        .keeps(Promise::ACrash)
        .keeps(Promise::ARedelivery)
        .keeps(Promise::AnEffect)
        .service(
            Service::new("orders", Publishing::Outbox)
                .items(&["shoes", "lamp", "chair", "kettle", "scarf"])
                .orders(5)
                .every(ms(1400)..=ms(1600))
                .sends(Message::new("order placed", "mails")),
        )
        .relay(Relay::new("relay", "orders").every(ms(400)))
        .queue(Queue::new("mails"))
        .consumer(Consumer::new("mail", "mails").did("wrote to the customer about {}").effects("mails sent"))
        .ready()
        .unwrap();
    let file = catalogue::find("outbox-relay-crash").unwrap();
    let shows = file.shows.clone();
    let built = Scenario { id: file.id.clone(), shows, ..built.scenario().clone() };
    assert_eq!(&built, file);
}

/// Whether two lists have the same entries.
fn alike<'k>(what: &str, set: impl Iterator<Item = &'k str>, known: &[&str]) {
    let (mut set, mut known) = (set.collect::<Vec<_>>(), known.to_vec());
    set.sort_unstable();
    known.sort_unstable();
    assert_eq!(set, known, "{what}");
}

const GAP: crate::sim::time::Span = crate::sim::time::Span::from_millis(1);

#[test]
fn every_key_of_a_scenario_file_can_be_set() {
    let retry = Retry::new(3).wait(Wait::Fixed).base(ms(1)).factor(2).cap(secs(1)).jitter(Jitter::Full);
    alike("a retry", retry.0.keys(), keys::RETRY);
    let message =
        Message::new("order \"placed\"\n", "mails").outbox(false).delay(ms(1)).ttl(ms(1)).key(&["a", "b"]);
    let message = message.attribute("policy", &["car"]).attribute("land", &["de"]).mandatory(false);
    alike("a message", message.0.keys(), keys::MESSAGE);
    let service = Service::new("shop", Publishing::Plain).noun("order").items(&["lamp"]).orders(2);
    let service = service.first(ms(5)).every(ms(7)).keys(1).at_once(1).serialize(Serialization::AllFirst);
    let service = service.answers(true).step(ms(1)).confirm(None).on_failure(OnSendFailure::Drop);
    let service = service.restart(None).latency(ms(1)..=ms(2)).retry(retry).sends(message);
    let service = service.new_ids(true);
    alike("a service", service.0.keys(), keys::SERVICE);
    let relay =
        Relay::new("relay", "shop").finds(Reading::GapWait(GAP)).lock(Locking::SkipLocked).every(ms(1));
    let relay = relay.batch(1).mark(Marking::PerBatch).on_failure(OnFailure::Skip).confirm(ms(1));
    let relay = relay.sent_rows(SentRows::Delete).step(ms(1)).restart(None).latency(ms(1));
    alike("a relay", relay.0.keys(), keys::RELAY);
    alike("a topic", Topic::new("t", &[]).0.keys(), keys::TOPIC);
    let subscription = Subscription::new("t", "q").from(ms(1)).wrapped(true).dead_letter_queue("d");
    let subscription = subscription.filter("a", &[Condition::Exists(true)]);
    alike("a subscription", subscription.0.keys(), keys::SUBSCRIPTION);
    alike("an exchange", Exchange::new("e", TopicKind::Headers).0.keys(), keys::EXCHANGE);
    let binding = Binding::new("e", "q").key("a").header("b", "c").header("d", "e").all(false);
    alike("a binding", binding.0.keys(), keys::BINDING);
    let queue = Queue::polled("q").durable(true).dead_letters(true).ttl(ms(1)).max_length(1);
    let queue = queue.overflow(Overflow::RejectPublish).delivery_limit(1).dead_letter_exchange("e");
    let queue = queue.dead_letter_key("k").visibility(ms(1)).delay(ms(1)).wait(ms(1)).max_receives(1);
    alike("a queue", queue.dead_letter("d").order(QueueOrder::Fifo).0.keys(), keys::QUEUE);
    let consumer = Consumer::new("c", "q").did("d").effects("e").workers(1).prefetch(1).handler(ms(1));
    let consumer = consumer.step(ms(1)).ack(AckTime::BeforeEffect).inbox(Inbox::Ids).inbox_window(None);
    let consumer = consumer.inbox_key(InboxKey::BusinessKey);
    let consumer = consumer.unwraps(true).on_error(OnError::Reject).restart(None).latency(ms(1)).receive(1);
    alike("a consumer", consumer.pause(ms(1)).heartbeat(ms(1)).0.keys(), keys::CONSUMER);

    let whole = shop(Publishing::Outbox).group("g").shows("s").counterpart("x").part(Part::Plain);
    let whole = whole.measure(Measure::Makespan).seed(1).until(secs(1)).latency(ms(1)).fault("f");
    let whole = whole.operator("o").keeps(Promise::InOrder).keeps(Promise::ACrash).breaks(Promise::NoGhost);
    let whole = whole.answers_within(ms(1)).done_within(ms(1)).broker("b").relay(Relay::new("r", "shop"));
    let whole = whole.topic(Topic::new("t", &[])).subscription(Subscription::new("t", "mails"));
    let whole = whole.exchange(Exchange::new("e", TopicKind::Fanout)).binding(Binding::new("e", "mails"));
    let toml = whole.toml();
    for key in keys::FILE {
        let there = [format!("{key} = "), format!("[{key}]"), format!("[[{key}]]")];
        assert!(toml.lines().any(|line| there.iter().any(|form| line.starts_with(form))), "{key}: {toml}");
    }
    for key in keys::PROMISES.iter().chain(keys::BROKER) {
        assert!(toml.contains(&format!("\n{key} = ")), "{key}: {toml}");
    }
}

#[test]
fn whatever_is_built_is_written_so_that_it_is_read() {
    use Condition::*;
    let odd = "a \"b\" \\ c\n\u{1}é]} = [";
    let conditions = [
        Is(odd.to_owned()),
        AnythingBut(vec![odd.to_owned()]),
        Prefix("p".to_owned()),
        Suffix("s".to_owned()),
        IgnoreCase("i".to_owned()),
        Numeric(vec![(Compare::AtLeast, -1), (Compare::Below, 5)]),
        Exists(true),
    ];
    let case = Case::build(odd)
        .service(
            Service::new("shop", Publishing::Plain)
                .items(&[odd])
                .retry(Retry::new(3).base(ms(100)))
                .sends(Message::new(odd, "topic").attribute("a", &[odd]).attribute("b", &["1", "2"]))
                .sends(Message::new("other", "exchange")),
        )
        .topic(Topic::new("topic", &["all"]))
        .subscription(
            Subscription::new("topic", "some").filter("a", &conditions).filter("b", &[Is("1".to_owned())]),
        )
        .exchange(Exchange::new("exchange", TopicKind::Headers))
        .binding(Binding::new("exchange", "all").header("a", odd).header("b", "c").all(false))
        .queue(Queue::new("all"))
        .queue(Queue::new("some"))
        .consumer(Consumer::new("c", "all").inbox(Inbox::StoreFirst).workers(2))
        .consumer(Consumer::new("d", "some").inbox_window(Some(secs(5))).inbox(Inbox::Ids))
        .ready()
        .unwrap();
    let setup = &case.scenario().setup;
    assert_eq!(case.scenario().title, odd);
    assert_eq!(setup.services[0].messages[0].name, odd);
    assert_eq!(setup.services[0].messages[0].routing.attributes[0], ("a".to_owned(), vec![odd.to_owned()]));
    let terms = &setup.topics[0].subscriptions[0].terms;
    let crate::broker::routing::Terms::Filter(filter) = terms else { panic!("{terms:?}") };
    assert_eq!(filter[0], ("a".to_owned(), conditions.to_vec()));
    assert!(!case.run().end().table("c").unwrap().is_empty());
}

#[test]
fn what_is_wrong_is_said() {
    let nobody = shop(Publishing::Outbox).ready().unwrap_err().to_string();
    assert!(nobody.contains("relay"), "{nobody}");
    let slip = shop(Publishing::Plain).consumer(Consumer::new("stock", "mals")).ready().unwrap_err();
    assert!(format!("{slip:?}").contains("did you mean `mails`?"), "{slip}");
    let nanos = shop(Publishing::Plain).until(std::time::Duration::from_nanos(1_500)).ready().unwrap_err();
    assert!(nanos.to_string().contains("write it like 250us"), "{nanos}");

    let case = shop(Publishing::Plain).ready().unwrap();
    let fault = case.fault("crash shop befor commit").unwrap_err().to_string();
    assert!(fault.starts_with("the fault `crash shop befor commit`, character 12: "), "{fault}");
    assert!(case.seed("calm-amber-oter").unwrap_err().to_string().contains("did you mean `otter`?"));
    assert!(Case::named("dual-write-gost").unwrap_err().to_string().contains("`dual-write-ghost`"));
    assert!(Case::file("no-such.toml").unwrap_err().to_string().starts_with("no-such.toml: cannot be read"));
    assert!(Case::text("mine", "title = 1").unwrap_err().to_string().contains("mine:1:9: "));
    let (run, end) = (case.run(), case.run().end());
    assert!(run.inject(1, "restart shp").unwrap_err().to_string().contains("did you mean `shop`?"));
    assert!(run.inject(1, "restart shp").unwrap_err().to_string().contains("`restart shp`, character 9: "));
    assert!(end.queue("mals").unwrap_err().to_string().contains("did you mean `mails`?"));
    assert!(end.table("shpo").unwrap_err().to_string().contains("did you mean `shop`?"));
    assert_eq!(end.outbox("shop").unwrap_err().to_string(), "`shop` has no outbox");
    assert!(Search::of_faults(1).kinds("crush").unwrap_err().to_string().contains("crash"));
    let none = Search::of_faults(1).kinds("none").unwrap_err().to_string();
    assert!(none.contains("nothing is tried; name some of crash, fail"), "{none}");
    assert!(told(|| run.assert_kept("nothing-losst")).contains("`nothing-lost`"));
}

#[test]
fn a_failed_assertion_tells_the_story_up_to_the_break_the_command_and_the_link() {
    let run = Case::named("outbox-relay-crash").unwrap().seed(7).unwrap().run();
    let text = told(|| run.assert_kept(Promise::NothingTwice));
    assert!(text.starts_with("`nothing-twice` is broken at step "), "{text}");
    assert!(text.contains("fault: crash relay before mark-sent #2 for 1s"), "{text}");
    assert!(text.contains("brokerlab run outbox-relay-crash --seed 7\n"), "{text}");
    let link = text.split("open the page with #").nth(1).expect("a link").trim();
    let session = crate::timeline::session::Session::follow(link).expect("a link that opens");
    let broken = run.at_break_of("nothing-twice").unwrap().expect("it breaks").step();
    assert_eq!(session.run().here().step(), broken);
    let last = text.lines().filter(|line| line.starts_with(">>")).collect::<Vec<_>>();
    assert_eq!(last.len(), 1, "the story ends where it breaks: {text}");
    assert!(text.lines().count() < 80, "{text}");
}

#[test]
fn the_command_says_all_that_was_changed() {
    let case = Case::named("outbox-relay-crash").unwrap().without_own_faults();
    let case = case.fault("crash orders after commit #1").unwrap().until(ms(2500));
    assert_eq!(
        case.run().command(),
        "brokerlab run outbox-relay-crash --seed 199720 --no-own-faults --fault 'crash orders after commit #1' --until 2500ms"
    );
    let built = shop(Publishing::Plain).ready().unwrap();
    assert_eq!(built.run().command(), "brokerlab run my-shop.toml --seed 1");
    assert!(Case::text("again", built.toml().unwrap()).is_ok());
}

#[test]
fn assertions_fail_where_they_should_and_only_there() {
    let naive = shop(Publishing::BeforeCommit).ready().unwrap().fault("rollback shop #2").unwrap().run();
    naive.assert_broken("no-ghost").assert_kept("nothing-lost").assert_reached("a-rollback");
    assert!(told(|| naive.assert_broken("nothing-lost")).starts_with("`nothing-lost` is kept"));
    assert!(told(|| naive.assert_reached("a-crash")).starts_with("`a-crash` is never reached"));
    assert!(told(|| naive.assert_kept("done-in-time")).contains("done-within under [promises]"));
    // A promise that the scenario names and does not keep.
    let expects = shop(Publishing::BeforeCommit).keeps(Promise::NoGhost).fault("rollback shop #2");
    let expects = expects.ready().unwrap().run();
    assert!(told(|| expects.assert_as_expected()).starts_with("`no-ghost` should be kept"));

    let found = shop(Publishing::BeforeCommit).ready().unwrap().explore(&Search::of_faults(1));
    found.assert_sometimes_broken("no-ghost").assert_broken("no-ghost");
    let text = told(|| found.assert_always_kept("no-ghost"));
    assert!(text.starts_with("`no-ghost` can be broken: "), "{text}");
    assert!(text.contains("brokerlab run my-shop.toml --seed 1 --fault '"), "{text}");
    assert!(told(|| found.assert_sometimes_broken("in-order")).contains("is kept in all"));
    assert!(told(|| found.assert_always_kept("a-crash")).contains("a fact"));
    // One message for each unit of work: none can be half sent.
    let untested = told(|| found.assert_always_kept("all-or-none"));
    assert!(untested.starts_with("nothing puts `all-or-none` to the test, in none of "), "{untested}");
}

#[test]
fn times_beyond_what_a_scenario_can_name_count_as_the_nearest() {
    let shop = shop(Publishing::AfterCommit).ready().unwrap();
    for (down, faults) in [(ms(0), "for 1ms"), (secs(100_000), "for 86400s")] {
        let found = shop.explore(&Search::of_faults(1).kinds("crash").unwrap().down(down));
        let shortest = found.assert_sometimes_broken("nothing-lost").report().faults;
        assert!(shortest[0].ends_with(faults), "{shortest:?}");
    }
    for (until, limit) in [(ms(0), "1us"), (std::time::Duration::MAX, "86400s")] {
        let command = shop.until(until).run().command();
        assert!(command.ends_with(&format!("--until {limit}")), "{command}");
    }
}

#[test]
fn a_run_can_be_looked_into_and_broken_by_hand() {
    let run = shop(Publishing::AfterCommit).ready().unwrap().run();
    let full = run.first(|look| look.queue("mails").is_ok_and(|queue| !queue.is_empty())).unwrap();
    let queue = full.queue("mails").unwrap();
    assert_eq!([queue.ready, queue.out].concat(), ["1 order placed"], "{}", full.sentence());
    assert_eq!(full.sentence(), run.at_step(full.step()).sentence());
    assert_eq!(full.time(), run.at(full.time()).time());
    let committed = run.first(|look| {
        look.table("shop").is_ok_and(|rows| rows.iter().any(|row| row.state == RowState::Committed))
    });
    let step = committed.unwrap().step();
    let other = run.inject(step, "crash shop").unwrap();
    assert_eq!(other.at_step(step + 1).is_up("shop"), Ok(false));
    other.assert_broken("nothing-lost");
    run.assert_kept("nothing-lost");
    let text = other.to_string();
    assert!(text.contains(&format!("by hand, after step {step}: crash shop")), "{text}");
    // In the catalogue's scenario, what was done by hand is in the link.
    let named = Case::named("dual-write-lost").unwrap().without_own_faults().run();
    let step = named.first(|look| look.table("orders").is_ok_and(|rows| !rows.is_empty())).unwrap().step();
    let lost = (step..step + 10).map(|step| named.inject(step, "crash orders").unwrap());
    let lost = lost.into_iter().find(|run| run.verdict().lost == 1).expect("in one of these gaps it is lost");
    let opened = |link: String| crate::timeline::link::Link::parse(link.trim_start_matches('#')).unwrap();
    let link = opened(lost.link().expect("a link"));
    assert!(link.bare);
    assert_eq!(link.commands.len(), 1);
    // And so is any other moment, with faults that were added.
    let added = Case::named("dual-write-lost").unwrap().fault("lose publish orders #3").unwrap().run();
    let session = crate::timeline::session::Session::at(&opened(added.link_to_step(20).unwrap())).unwrap();
    assert_eq!(session.run().end().ledger.counts(), added.verdict());
    assert_eq!(session.run().here().now().0, added.at_step(20).time().as_micros() as u64);
    // What the page does not have is carried by the link.
    let link = opened(run.link_to_step(20).unwrap());
    assert_eq!((link.scenario.as_str(), link.step), ("my-shop", 20));
    let session = crate::timeline::session::Session::at(&link).unwrap();
    assert_eq!(session.scenario().setup, run.case().scenario().setup);
    assert_eq!(session.run().end().ledger.counts(), run.verdict());
    let lost = opened(other.link().expect("a link"));
    assert_eq!(lost.commands.len(), 1, "with what was done by hand");
    let sooner = Case::named("dual-write-lost").unwrap().until(ms(4_000)).run();
    let link = opened(sooner.link_to_step(10).unwrap());
    assert_eq!(link.scenario, "dual-write-lost-changed", "and so is one with another end");
    assert_eq!(crate::timeline::session::Session::at(&link).unwrap().run().end().step(), sooner.steps());
    let value = Case::from(run.case().scenario().clone()).run();
    assert_eq!(value.link_to_step(20), None, "of a scenario alone there is no file");
}

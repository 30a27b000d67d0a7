//! Does the stage show what is there? Layout, tokens, tables and actions of the catalogue's scenarios.

use super::callout::{Points, callout};
use super::layout::{Layout, Rect, Room};
use super::stage::Stage;
use super::story::{self, Tone};
use super::tables::RowState;
use super::tokens::{Look, Token};
use super::{actions, names, review};
use crate::broker::setup::Role;
use crate::check::finding::Verdict;
use crate::fault::plan::{Fault, StepFault, Which};
use crate::fault::point::{ActorId, PacketKind, Step};
use crate::scenario::Scenario;
use crate::scenario::catalogue;
use crate::sim::time::Instant;
use crate::timeline::moment::Moment;
use crate::timeline::run::Run;
use crate::timeline::session::Session;

fn run(id: &str) -> Run {
    let scenario = catalogue::find(id).expect("a scenario of the catalogue");
    Run::new(scenario.setup.clone(), scenario.seed, Vec::new())
}

fn stage(moment: &Moment, room: Room) -> Stage {
    super::stage::stage(&moment.world, &moment.ledger, room)
}

fn tokens(moment: &Moment, layout: &Layout, playhead: Instant, steps_only: bool) -> Vec<Token> {
    super::tokens::tokens(&moment.world, &moment.ledger, layout, playhead, steps_only)
}

fn apart(one: Rect, other: Rect) -> bool {
    one.x + one.w <= other.x
        || other.x + other.w <= one.x
        || one.y + one.h <= other.y
        || other.y + other.h <= one.y
}

const ROOMS: [Room; 4] = [
    Room { width: 860.0, height: 640.0, compact: false },
    Room { width: 712.0, height: 540.0, compact: false },
    Room { width: 860.0, height: 300.0, compact: true },
    Room { width: 390.0, height: 600.0, compact: false },
];

#[test]
fn no_box_stands_on_another_or_outside_the_stage_in_any_room() {
    for scenario in catalogue::scenarios() {
        let run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
        for room in ROOMS {
            let stage = stage(run.end(), room);
            for (n, party) in stage.parties.iter().enumerate() {
                let Rect { x, y, w, h } = party.rect;
                let inside = x >= 0.0 && y >= 0.0 && x + w <= room.width && y + h <= stage.layout.height;
                assert!(
                    inside,
                    "{}: {} stands outside of {room:?}: {:?}",
                    scenario.id, party.name, party.rect
                );
                for other in &stage.parties[n + 1..] {
                    assert!(
                        apart(party.rect, other.rect),
                        "{}: {} on {}",
                        scenario.id,
                        party.name,
                        other.name
                    );
                }
            }
        }
    }
}

#[test]
fn a_message_leaves_from_its_sender_and_arrives_at_its_receiver() {
    let mut run = run("dual-write-ghost");
    while run.here().world.packets().next().is_none() {
        run.seek(run.here().step() + 1);
    }
    let moment = run.here();
    let packet = *moment.world.packets().next().expect("a packet in flight");
    let stage = stage(moment, ROOMS[0]);
    let at = |when: Instant| tokens(moment, &stage.layout, when, false)[0].clone();
    let (service, broker) = (stage.parties[0].rect, stage.parties[1].rect);
    assert_eq!(at(packet.sent).x, service.x + service.w);
    assert_eq!(at(packet.arrives).x, broker.x);
    let half = at(Instant(packet.sent.0.midpoint(packet.arrives.0))).x;
    assert!(half > service.x + service.w && half < broker.x);
    // With reduced motion it stands half-way until it arrives.
    let still = |when| tokens(moment, &stage.layout, when, true)[0].x;
    assert_eq!(still(packet.sent), still(packet.arrives));
}

#[test]
fn a_message_whose_order_was_rolled_back_is_a_ghost_on_the_wire_and_in_the_table() {
    let mut run = run("dual-write-ghost");
    let mut seen_on_the_wire = false;
    for step in 0..=run.end().step() {
        run.seek(step);
        let stage = stage(run.here(), ROOMS[0]);
        let now = run.here().now();
        seen_on_the_wire |=
            tokens(run.here(), &stage.layout, now, false).iter().any(|t| t.look == Look::Ghost);
    }
    assert!(seen_on_the_wire);
    let stage = stage(run.end(), ROOMS[0]);
    let orders = &stage.parties[0].tables[0].rows;
    assert_eq!(orders[2].state, RowState::RolledBack);
    let mails = &stage.parties[2].tables[0].rows;
    assert_eq!(mails[2].badge, Some(Verdict::Ghost));
    assert!(mails.iter().enumerate().all(|(n, row)| (n == 2) == row.badge.is_some()));
}

#[test]
fn outbox_rows_wait_are_taken_in_hand_and_are_sent() {
    let mut run = run("outbox-polling-relay");
    let mut states = Vec::new();
    for step in 0..=run.end().step() {
        run.seek(step);
        let stage = stage(run.here(), ROOMS[0]);
        if let Some(row) = stage.parties[0].tables[1].rows.first()
            && states.last() != Some(&row.state)
        {
            states.push(row.state);
        }
    }
    assert_eq!(states, [RowState::Staged, RowState::Waits, RowState::Sending, RowState::Sent]);
}

#[test]
fn every_scenario_offers_what_can_be_broken_in_it_and_nothing_else() {
    let labels = |scenario: &Scenario| {
        let run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
        let groups = actions::groups(&run.here().world);
        groups.iter().map(|group| group.name.clone()).collect::<Vec<_>>()
    };
    for scenario in catalogue::scenarios() {
        let names = labels(scenario);
        let relay = !scenario.setup.relays.is_empty();
        assert_eq!(names.iter().any(|name| name.starts_with("relay")), relay, "{}: {names:?}", scenario.id);
        let broker = scenario.setup.uses_broker();
        assert_eq!(names.iter().any(|name| name == "broker"), broker, "{}: {names:?}", scenario.id);
    }
    let plain = run("pubsub-every-subscriber");
    let service = &actions::groups(&plain.here().world)[0];
    assert!(service.actions.iter().all(|action| !action.label.contains("Roll back")), "{service:?}");
}

#[test]
fn a_party_that_is_down_offers_only_its_restart() {
    let mut run = run("outbox-broker-down");
    let broker = run.setup().cast().broker;
    while run.here().world.is_up(broker) {
        run.seek(run.here().step() + 1);
    }
    let offered = actions::closer(&run.here().world, broker);
    assert_eq!(offered.len(), 1);
    assert!(offered[0].mends);
    assert_eq!(names::party_title(&run.here().world, broker), "broker");
}

#[test]
fn the_dead_letter_table_says_what_was_parked_why_and_what_came_of_it() {
    let mut run = run("sender-dead-letter");
    let mut told = Vec::new();
    for step in 0..=run.end().step() {
        run.seek(step);
        let here = run.here();
        let stores = review::stores(&here.world, &here.ledger);
        let [table] = stores.as_slice() else { panic!("{stores:?}") };
        let actions = |actions: &[actions::Action]| {
            actions.iter().map(|action| action.label.as_str()).collect::<Vec<_>>().join(", ")
        };
        let row = |row: &review::Row| {
            format!(
                "#{} {}: {} {}. [{}]",
                row.id,
                row.label,
                row.lines.join(" "),
                row.state,
                actions(&row.actions)
            )
        };
        let line =
            format!("{} | {}\n", table.rows.iter().map(row).collect::<String>(), actions(&table.actions));
        if told.last() != Some(&line) {
            told.push(line);
        }
    }
    expect_test::expect![[r#"
         | 
        #1 2 order placed: Sent 2 times; the last time, the broker could not be reached. staged. [] | 
        #1 2 order placed: Sent 2 times; the last time, the broker could not be reached. parked. [Replay it, Discard it] | Replay all dead letters, Discard all dead letters
        #1 2 order placed: Sent 2 times; the last time, the broker could not be reached. is replayed. [] | 
        #1 2 order placed: Sent 3 times; the last time, the broker could not be reached. is replayed. [] | 
        #1 2 order placed: Sent 3 times; the last time, the broker could not be reached. The broker has it. is replayed. [] | 
        #1 2 order placed: Sent 3 times; the last time, the broker could not be reached. The broker has it. replayed. [] | 
        #1 2 order placed: Sent 3 times; the last time, the broker could not be reached. The mail service has handled it. replayed. [] | 
    "#]].assert_eq(&told.concat());
}

#[test]
fn who_misses_what_is_lost_is_named_where_others_have_it_or_it_had_come() {
    let told = |name: &str| {
        let mut run = run(name);
        let (_, finding) = run.end().ledger.first_finding(Verdict::Lost).expect("something is lost");
        run.seek(finding.step);
        let stage = stage(run.here(), ROOMS[0]);
        stage.parties.into_iter().find_map(|party| party.alert).expect("it is told").1
    };
    assert_eq!(told("dual-write-lost"), "nobody hears of order 2");
    assert_eq!(told("sns-sqs-one-subscriber-fails"), "mail never hears of payment 3");
    assert_eq!(told("consumer-acks-first"), "order 2: never done by mail");
    assert_eq!(told("inbox-in-two-transactions"), "order 2: never done by mail");
}

#[test]
fn a_log_shows_its_rows_in_the_order_of_their_commits() {
    let stage = stage(run("outbox-log-tailing").end(), ROOMS[0]);
    let ids = stage.parties[0].tables[1].rows.iter().map(|row| row.label.clone()).collect::<Vec<String>>();
    assert_eq!(ids, ["id 2", "id 3", "id 1", "id 4", "id 5"]);
}

#[test]
fn of_what_is_stuck_the_first_is_told_and_not_what_waits_behind_it() {
    let stage = stage(run("poison-blocks-the-queue").end(), ROOMS[0]);
    let alert = stage.parties.into_iter().find_map(|party| party.alert).expect("it is told");
    assert_eq!(alert, (Verdict::Stuck, "order 2 is stuck".to_owned()));
}

#[test]
fn an_inbox_shows_the_ids_of_one_message_apart_and_a_business_key_as_one() {
    let inbox = |name: &str| {
        let stage = stage(run(name).end(), ROOMS[0]);
        let rows = &stage.parties[2].tables[1].rows;
        rows.iter().map(|row| row.label.clone()).collect::<Vec<String>>()
    };
    assert_eq!(inbox("inbox-new-ids"), ["id 2", "id 2b", "id 3", "id 4"]);
    assert_eq!(inbox("inbox-business-key"), ["key 1", "key 2", "key 3", "key 4"]);
}

#[test]
fn rows_that_are_locked_look_different_from_rows_that_are_only_in_hand() {
    let states = |id: &str| {
        let mut run = run(id);
        let mut states = Vec::new();
        for step in 0..=run.end().step() {
            run.seek(step);
            let stage = stage(run.here(), ROOMS[0]);
            let outbox = stage.parties[0].tables.iter().find(|table| table.title == "table outbox");
            states.extend(outbox.into_iter().flat_map(|table| &table.rows).map(|row| row.state));
        }
        states
    };
    let (locks, reads) = (states("outbox-skip-locked"), states("outbox-two-relays"));
    assert!(locks.contains(&RowState::Locked) && !locks.contains(&RowState::Sending));
    assert!(reads.contains(&RowState::Sending) && !reads.contains(&RowState::Locked));
}

#[test]
fn an_effect_that_is_out_of_order_is_marked_where_it_was_done() {
    let mut run = run("outbox-row-overtaken");
    run.seek(run.end().step());
    let stage = stage(run.here(), ROOMS[0]);
    let mail = stage.parties.iter().find(|party| party.name == "mail service").expect("a consumer");
    let marked: Vec<&str> = (mail.tables[0].rows.iter())
        .filter(|row| row.badge == Some(Verdict::OutOfOrder))
        .map(|row| row.label.as_str())
        .collect();
    assert_eq!(marked, ["order 1"]);
    assert_eq!(mail.alert.as_ref().map(|(verdict, _)| *verdict), Some(Verdict::OutOfOrder));
}

#[test]
fn the_answer_stands_on_the_stage_beside_what_it_points_at_in_any_room() {
    for scenario in catalogue::scenarios() {
        let run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
        for room in ROOMS {
            let stage = stage(run.end(), room);
            for party in &stage.parties {
                let callout = callout(&stage, Some(party.actor));
                let Rect { x, y, w, h, .. } = callout.rect;
                let place = format!("{}, {}, {} wide", scenario.id, party.name, room.width);
                assert!(x >= 0.0 && x + w <= room.width, "{place}: {callout:?}");
                assert!(y >= 0.0 && y + h <= stage.layout.height.max(h), "{place}: {callout:?}");
                let beside = match callout.points {
                    Points::Left | Points::Right => {
                        party.role == Role::Broker || apart(callout.rect, party.rect)
                    }
                    _ => true,
                };
                assert!(beside, "{place}: it hides what it is about, {callout:?}, {:?}", party.rect);
            }
        }
    }
}

#[test]
fn a_dead_letter_shows_its_broken_part_and_goes_once_that_is_corrected() {
    let scenario = catalogue::find("sender-dead-letter").expect("a scenario of the catalogue");
    let orders = scenario.setup.cast().find("orders").expect("a service");
    let fails = StepFault::Fail;
    let fault = Fault::AtStep { actor: orders, step: Step::Serialize, which: Which::Nth(1), fault: fails };
    let mut session = Session::open_with(scenario, scenario.seed, &[fault]);
    session.seek(session.end());
    let payload = |session: &Session| {
        let here = session.run().here();
        review::stores(&here.world, &here.ledger)[0].rows[0].payload.clone().expect("a payload")
    };
    let said = |session: &Session| {
        let (here, step) = (session.run().here(), session.run().here().step());
        story::lines(&here.world, &here.ledger, step, step).pop().expect("a sentence")
    };
    let broken = payload(&session);
    assert_eq!(
        format!("{}{}{}", broken.before, broken.amount, broken.after),
        "{ \"type\": \"order placed\", \"order\": \"1 shoes\", \"amount\": NaN }"
    );
    assert!(broken.broken);
    assert_eq!(broken.edit("1 0"), None, "no amount");
    session.act(broken.edit("ten").expect("it can be edited"));
    assert_eq!((payload(&session).amount.as_str(), payload(&session).broken), ("ten", true));
    assert_eq!(said(&session).tone, story::Tone::Trouble);
    session.act(broken.edit("10").expect("it can be edited"));
    assert_eq!((payload(&session).amount.as_str(), payload(&session).broken), ("10", false));
    assert_eq!(
        said(&session).text,
        "The operator edits the message about order 1 in the dead-letter table: its amount is now 10."
    );
    // The link holds what was written.
    let link = session.link().write(scenario);
    let other = Session::follow(&link).expect("a whole link");
    let end = |session: &Session| session.run().end().world.history().fingerprint();
    assert_eq!(end(&other), end(&session));
    assert_eq!(payload(&other).amount, "10");
}

#[test]
fn the_stage_shows_dead_letters_and_the_collector() {
    let states = |id: &str, table: usize| {
        let mut run = run(id);
        let mut states = Vec::new();
        for step in 0..=run.end().step() {
            run.seek(step);
            let stage = stage(run.here(), ROOMS[0]);
            if let Some(row) = stage.parties[0].tables[table].rows.first()
                && states.last() != Some(&row.state)
            {
                states.push(row.state);
            }
        }
        states
    };
    use RowState::*;
    assert_eq!(states("sender-dead-letter", 1), [Staged, Parked, Sending, Sent]);
    assert_eq!(states("ghost-collector-after-commit", 1), [Held, Sent]);
}

#[test]
fn an_account_that_is_kept_back_gives_nothing_away() {
    for scenario in catalogue::scenarios() {
        let mut run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
        for step in 0..=run.end().step() {
            run.seek(step);
            let ledger = run.here().ledger.kept_back();
            let moment = Moment { world: run.here().world.clone(), ledger };
            let place = format!("{}, step {step}", scenario.id);
            let stage = stage(&moment, ROOMS[0]);
            for party in &stage.parties {
                assert_eq!(party.alert, None, "{place}: {}", party.name);
                let mut rows = party.tables.iter().flat_map(|table| &table.rows);
                assert!(rows.all(|row| row.badge.is_none()), "{place}: a row of {}", party.name);
            }
            assert!(stage.strips.iter().flat_map(|strip| &strip.chips).all(|chip| !chip.ghost), "{place}");
            let tokens = tokens(&moment, &stage.layout, moment.now(), false);
            assert!(tokens.iter().all(|token| token.look != Look::Ghost), "{place}");
            let told = story::lines(&moment.world, &moment.ledger, step, step);
            for line in told {
                assert!(!matches!(line.tone, Tone::Broken(_)), "{place}: {}", line.text);
                let text = format!("{} {}", line.text, line.why.unwrap_or_default()).to_lowercase();
                for word in ["ghost", "duplicate", "half-sent", "does not exist"] {
                    assert!(!text.contains(word), "{place}: {text}");
                }
            }
        }
    }
}

#[test]
fn what_two_workers_did_is_marked_at_the_second_who_was_done() {
    let mut run = run("sqs-visibility-timeout-too-short");
    run.seek(run.end().step());
    let stage = stage(run.here(), ROOMS[0]);
    let marked: Vec<(&str, &str)> = (stage.parties.iter())
        .flat_map(|party| {
            party.tables.iter().flat_map(|table| &table.rows).map(|row| (party.name.as_str(), row))
        })
        .filter(|(_, row)| row.badge == Some(Verdict::Duplicate))
        .map(|(name, row)| (name, row.label.as_str()))
        .collect();
    assert_eq!(marked, [("resize 1", "photo 3")]);
}

#[test]
fn a_message_that_comes_back_travels_as_a_message_and_nobody_says_that_the_broker_has_it() {
    let mut run = run("exchange-routing");
    let (mut seen, mut told) = (false, String::new());
    while run.here().step() < run.end().step() {
        let stage = stage(run.here(), ROOMS[0]);
        for token in tokens(run.here(), &stage.layout, run.here().now(), false) {
            let looks = matches!(token.look, Look::Message | Look::Ghost | Look::Repeat);
            let carries =
                matches!(token.kind, PacketKind::Publish | PacketKind::Return | PacketKind::Delivery);
            assert_eq!(looks, carries, "{:?} looks like {:?}", token.kind, token.look);
            seen |= token.kind == PacketKind::Return;
        }
        run.seek(run.here().step() + 1);
        let here = run.here();
        for line in story::lines(&here.world, &here.ledger, here.step(), here.step()) {
            told += &line.text;
            told += "\n";
        }
    }
    assert!(seen, "one message comes back");
    let ends =
        told.matches("that the broker is done with the message about event 4: no queue wanted it.").count();
    assert_eq!(ends, 1, "{told}");
    assert!(!told.contains("that the broker has the message about event 4"), "{told}");
    assert!(told.contains("that the broker has the message about event 3"), "{told}");
}

#[test]
fn what_comes_back_stands_apart_from_the_word_that_comes_with_it() {
    let mut run = run("exchange-routing");
    for room in ROOMS {
        run.seek(0);
        while run.here().step() < run.end().step() {
            let stage = stage(run.here(), room);
            let tokens = tokens(run.here(), &stage.layout, run.here().now(), true);
            let of = |kind| tokens.iter().find(move |token| token.kind == kind);
            if let (Some(back), Some(word)) = (of(PacketKind::Return), of(PacketKind::Confirm)) {
                let (x, y) = ((back.x - word.x).abs(), (back.y - word.y).abs());
                assert!(x > 24.0 || y > 20.0, "{room:?}: {x} and {y}");
            }
            run.seek(run.here().step() + 1);
        }
    }
}

#[test]
fn on_a_phone_no_relay_sends_past_another_party() {
    for scenario in catalogue::scenarios() {
        let run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
        let stage = stage(run.end(), ROOMS[3]);
        let is_relay = |actor: ActorId| matches!(run.end().world.cast().role(actor), Role::Relay(_));
        for wire in stage.wires.iter().filter(|wire| is_relay(wire.actor)) {
            let others = stage.parties.iter().filter(|party| party.actor != wire.actor);
            for party in others.filter(|party| party.role != Role::Broker) {
                let Rect { x, y, w, h } = party.rect;
                let on = |part: f32| {
                    let (px, py) = wire.path.at(part);
                    px > x && px < x + w && py > y && py < y + h
                };
                let hit = (1..20).any(|part| on(part as f32 / 20.0));
                assert!(!hit, "{}: the wire of {:?} runs over {}", scenario.id, wire.actor, party.name);
            }
        }
    }
}

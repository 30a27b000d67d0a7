//! What must be true after every step, by looking at the world beside its records.

use brokerlab::broker::record::Kind;
use brokerlab::broker::setup::{Reading, Role, Setup};
use brokerlab::timeline::moment::Moment;
use std::collections::BTreeMap;

/// What the records say must be there.
pub struct Laws {
    seen: usize,
    /// By service: the orders committed, in order.
    rows: Vec<Vec<u32>>,
    /// By service: the messages committed and not marked or left behind by a position, in order.
    outboxes: Vec<Vec<u32>>,
    /// By service: the messages whose rows were inserted, in order: the place is the id.
    inserted: Vec<Vec<u32>>,
    /// By service: the highest id that counts as read, where a cursor reads.
    cursors: Vec<usize>,
    /// The messages of each order, from its first record.
    messages: BTreeMap<u32, (u32, u32)>,
    next_message: u32,
    /// By (message, queue): copies that came and did not go for good.
    copies: BTreeMap<(u32, u8), i64>,
    /// By queue: messages parked, in order.
    parked: Vec<Vec<u32>>,
    /// By consumer: effects.
    applied: Vec<u32>,
}

impl Laws {
    pub fn new(setup: &Setup) -> Laws {
        Laws {
            seen: 0,
            rows: vec![Vec::new(); setup.services.len()],
            outboxes: vec![Vec::new(); setup.services.len()],
            inserted: vec![Vec::new(); setup.services.len()],
            cursors: vec![0; setup.services.len()],
            messages: BTreeMap::new(),
            next_message: 0,
            copies: BTreeMap::new(),
            parked: vec![Vec::new(); setup.queues.len()],
            applied: vec![0; setup.consumers.len()],
        }
    }

    pub fn check(&mut self, moment: &Moment) {
        self.take_in(moment);
        let world = &moment.world;
        let setup = world.setup();
        for (place, rows) in self.rows.iter().enumerate() {
            let service = world.service(place as u8);
            assert!(service.rows().iter().eq(rows), "a committed row is gone, or one that is not is there");
            let mut rows = self.outboxes[place].clone();
            match setup.reading_of(place as u8) {
                Reading::Log => {}
                Reading::Snapshot => rows.sort_unstable(),
                _ => rows.sort_by_key(|&row| self.id(place, row)),
            }
            assert!(service.outbox().messages().eq(rows), "an outbox row is gone, or too many");
        }
        let mut there: BTreeMap<(u32, u8), i64> = BTreeMap::new();
        for queue in 0..setup.queues.len() as u8 {
            let state = world.queue(queue);
            let out = world.takers(queue).iter().flat_map(|&worker| world.connection(worker).unacked());
            let hidden = state.polled().in_flight().map(|held| &held.stored);
            let delayed = state.polled().delayed().map(|waits| &waits.stored);
            let copies = state.ready().iter().chain(out.map(|out| &out.stored)).chain(hidden).chain(delayed);
            let mut positions: Vec<u32> = Vec::new();
            for copy in copies {
                *there.entry((copy.message, queue)).or_default() += 1;
                positions.push(copy.position);
            }
            let all = positions.len();
            positions.sort_unstable();
            positions.dedup();
            assert_eq!(positions.len(), all, "a copy is in two places");
            assert!(state.ready().iter().is_sorted_by_key(|copy| copy.position), "the queue is out of order");
            assert_eq!(state.parked(), self.parked[queue as usize]);
        }
        self.copies.retain(|_, count| *count != 0);
        assert_eq!(there, self.copies, "copies are gone or made up");
        for worker in 0..setup.consumers.iter().map(|consumer| consumer.workers).sum::<u8>() {
            let prefetch = setup.consumers[world.worker(worker).consumer() as usize].prefetch;
            let out = world.connection(worker).unacked().len();
            assert!(prefetch == 0 || out <= prefetch as usize, "{out} out with a prefetch of {prefetch}");
        }
        for (consumer, &applied) in self.applied.iter().enumerate() {
            assert_eq!(world.consumer_db(consumer as u8).applied(), applied);
        }
    }

    /// The id of a message's row, from 1; 0 if there is none.
    fn id(&self, service: usize, message: u32) -> usize {
        self.inserted[service].iter().position(|&row| row == message).map_or(0, |at| at + 1)
    }

    /// A relay counts everything up to that row as read.
    fn save_position(&mut self, service: usize, message: u32) {
        self.cursors[service] = self.cursors[service].max(self.id(service, message));
        let rows = std::mem::take(&mut self.outboxes[service]);
        let last = rows.iter().position(|&row| row == message).expect("a row that waits");
        self.outboxes[service] = rows[last + 1..].to_vec();
    }

    fn take_in(&mut self, moment: &Moment) {
        let world = &moment.world;
        let setup = world.setup();
        for record in world.history().iter_from(self.seen) {
            self.seen += 1;
            let (subject, queue) = (record.subject, record.other as u8);
            let role = world.cast().role(record.actor);
            match record.kind {
                Kind::Requested | Kind::Produced => {
                    self.messages.insert(subject, (self.next_message, u32::from(record.other)));
                    self.next_message += u32::from(record.other);
                }
                Kind::Committed => {
                    let Role::Service(service) = role else { panic!("{record:?}") };
                    self.rows[service as usize].push(subject);
                    let (first, count) = self.messages[&subject];
                    let place = service as usize;
                    let reading = setup.reading_of(service);
                    let cursor = matches!(reading, Reading::Cursor | Reading::GapWait(_));
                    let written = |row: &u32| self.inserted[place].contains(row);
                    let seen = |row: &u32| cursor && self.id(place, *row) <= self.cursors[place];
                    let rows = (first..first + count).filter(|row| written(row) && !seen(row));
                    let rows: Vec<u32> = rows.collect();
                    self.outboxes[place].extend(rows);
                    if cursor {
                        let mut rows = std::mem::take(&mut self.outboxes[place]);
                        rows.sort_by_key(|&row| self.id(place, row));
                        self.outboxes[place] = rows;
                    }
                    if reading == Reading::Snapshot {
                        self.outboxes[place].sort_unstable();
                    }
                }
                Kind::WroteOutbox => {
                    let Role::Service(service) = role else { panic!("{record:?}") };
                    self.inserted[service as usize].push(subject);
                }
                Kind::PositionSaved => {
                    let Role::Relay(relay) = role else { panic!("{record:?}") };
                    self.save_position(setup.relays[relay as usize].service as usize, subject);
                }
                Kind::Marked => {
                    let before: usize = self.outboxes.iter().map(Vec::len).sum();
                    self.outboxes.iter_mut().for_each(|outbox| outbox.retain(|&row| row != subject));
                    let after: usize = self.outboxes.iter().map(Vec::len).sum();
                    assert_eq!(after + 1, before, "a row was marked that was not there");
                }
                Kind::Enqueued => *self.copies.entry((subject, queue)).or_default() += 1,
                // One of the servers still has it.
                Kind::Settled if record.other >> 8 != 0 => {}
                Kind::Settled | Kind::Dropped => *self.copies.entry((subject, queue)).or_default() -= 1,
                Kind::DeadLettered => {
                    *self.copies.entry((subject, queue)).or_default() -= 1;
                    // What a polled queue sets aside, another queue holds; so with an exchange for dead letters.
                    let spec = &setup.queues[queue as usize];
                    if spec.poll.is_none() && spec.limits.dead_letter.is_none() {
                        self.parked[queue as usize].push(subject);
                    }
                }
                Kind::Redriven => {
                    *self.copies.entry((subject, queue)).or_default() += 1;
                    *self.copies.entry((subject, (record.other >> 8) as u8)).or_default() -= 1;
                }
                Kind::TakenOut if record.other >> 8 == 0 => {
                    *self.copies.entry((subject, queue)).or_default() -= 1;
                }
                Kind::TakenOut => {
                    let parked = &mut self.parked[queue as usize];
                    let at = parked.iter().position(|&message| message == subject).unwrap();
                    parked.remove(at);
                }
                Kind::Discarded => {
                    *self.copies.entry((subject, (record.other >> 8) as u8)).or_default() -= 1;
                }
                Kind::Applied => self.applied[record.other as usize] += 1,
                _ => {}
            }
        }
    }
}

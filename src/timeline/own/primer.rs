//! What has the model of a carried file read before its first letter? Files as `scenario::compact` writes them: every
//! key and word of theirs at least once, what is frequent last.

/// Part of version 3 of a link: it must never change, or links that carry a scenario no longer open.
pub const PRIMER: &str = r##"measure="makespan""answer-time""failed-requests""backlog"
operator=["redrive all of parked at 8s","replay #1 of orders at 9s","discard all of parked at 9s","hide #2 of mails for 3s at 7s","edit all of orders to EUR 12.50 at 8s"]
until="2m"
[broker]
name="rabbit"
[[binding]]
exchange="events"
headers={country="eu"}
key="order.placed.*"
match="all"
queue="to-pack"
[[consumer]]
ack="before-effect"
effects="photos resized"
handler="500ms..700ms"
heartbeat="1s"
inbox="store-first"
inbox-window="5s"
latency="150ms..250ms"
on-error="reject"
on-error="requeue"
pause="200ms"
prefetch=10
receive=10
restart="none"
unwraps=true
workers=2
[[exchange]]
kind="topic"
kind="fanout"
kind="headers"
name="events"
[promises]
answers-within="2s"
breaks=["all-or-none","no-request-fails","in-time"]
done-within="30s"
reaches=["a-crash","a-redelivery","a-rollback","a-retry","a-refused-publish","a-returned-message","a-dead-letter","a-visibility-timeout","a-recognised-repeat","a-planned-stop","broker-down"]
[[queue]]
dead-letter="parked"
dead-letter-exchange="dead"
dead-letter-key="parked"
dead-letters=true
delay="1s"
delivery-limit=3
durable=false
max-length=10
max-receives=3
model="poll"
name="parked"
order="fifo"
overflow="reject-publish"
ttl="5s"
visibility="2.5s"
wait="1s"
[[relay]]
batch=10
finds="gap-wait"
finds="cursor"
finds="log"
gap-wait="2s"
lock="skip-locked"
lock="per-key"
mark="before-publish"
mark="per-batch"
on-failure="hold-key"
sent-rows="delete"
[[service]]
answers=true
at-once=2
confirm="none"
first="500ms"
keys=2
on-failure="park"
publish="plain"
publish="in-handler"
publish="call"
publish="collect-before-commit"
publish="collect-after-commit"
retry={attempts=3,base="500ms",cap="5s",factor=2,jitter="full",wait="exponential"}
serialize="all-first"
step="80ms..120ms"
[[subscription]]
dead-letter-queue="undelivered"
filter={country=["eu"]}
from="3s"
queue="for-mail"
wrapped=true
topic="order-events"
[[topic]]
name="order-events"
queues=["for-mail","for-stock"]
counterpart="outbox-polling-relay"
faults=["down broker 3100ms..5400ms","crash mail after apply #1 for 1s","lose publish orders #2","double deliver mail #1 by 500ms","delay ack mail #2 by 2s","poison mail #3","fail orders commit #3","slow mail-1 apply #1 by 4s","stop invoices 3700ms..7800ms","cut relay 2s..4s"]
part="naive"
shows="The service sends the message, then its commit fails: the customer gets a mail about an order that does not exist. While the broker is down the messages wait there, and nothing is lost."
title="A ghost: sent, then rolled back"
[[consumer]]
did="booked the commission for {}"
effects="parcels packed"
name="packing"
queue="for-packing"
[[consumer]]
did="wrote to the customer about {}"
effects="mails sent"
name="mail"
queue="mails"
[promises]
breaks=["no-ghost"]
keeps=["nothing-lost","nothing-twice","in-order","everything-arrives"]
reaches=["a-rollback","an-effect"]
[[queue]]
name="mails"
[[service]]
every="1.4s..1.6s"
items=["shoes","lamp","chair","kettle","scarf"]
messages=[{attributes={country=["eu","us"]},delay="2s",key=["order.placed"],mandatory=true,name="order placed",outbox=true,to="order-events",ttl="5s"}]
name="orders"
noun="photo"
orders=6
publish="before-commit"
faults=["crash relay before mark-sent #2 for 1s"]
part="repaired"
shows="The message still comes twice, but the consumer finds its id in the inbox table and does the work once."
title="The inbox: the second mail is recognised"
[[consumer]]
did="wrote to the customer about {}"
effects="mails sent"
inbox=true
name="mail"
queue="mails"
[promises]
keeps=["nothing-lost","nothing-twice","no-ghost","everything-arrives"]
reaches=["a-crash","an-effect"]
[[queue]]
name="mails"
[[relay]]
every="400ms"
name="relay"
reads="orders"
[[service]]
every="900ms..1.1s"
messages=[{name="order placed",to="mails"}]
name="orders"
noun="order"
orders=5
publish="outbox"
"##;

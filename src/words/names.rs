//! What people call orders, messages and parties.

pub fn numbered(noun: &str, number: u64) -> String {
    format!("{noun} {number}")
}

pub const A_MESSAGE: &str = "a message";

pub fn message_of_kind(kind: &str, order: &str) -> String {
    format!("the message “{kind}” of {order}")
}

pub fn message_about(order: &str) -> String {
    format!("the message about {order}")
}

pub const ITS_MESSAGE: &str = "its message";

pub fn its_message(kind: &str) -> String {
    format!("its message “{kind}”")
}

pub const ANY_CONSUMER: &str = "any of its consumers";
pub const A_CONSUMER: &str = "a consumer";

pub fn the(name: &str) -> String {
    format!("the {name}")
}

pub const ANY: &str = "any?";
pub const NONE: &str = "none";

pub fn messages(count: u8) -> String {
    format!("{count} messages")
}

pub fn worker(number: u8, name: &str) -> String {
    format!("worker {number} of {name}")
}

pub const REQUEST: &str = "request";
pub const THE_BROKER: &str = "the broker";

/// The name of a kind of message.
pub fn in_quotes(kind: &str) -> String {
    format!("“{kind}”")
}

/// `the mail service`, and not `the mail-service service`.
pub fn service(name: &str) -> String {
    the(&service_title(name))
}

/// `orders service`; a name that says already what it is stays as it is: `push worker`.
pub fn service_title(name: &str) -> String {
    let says = |what: &str| name.to_ascii_lowercase().ends_with(what);
    match (says("service"), says("worker")) {
        (false, false) => format!("{name} service"),
        _ => name.replace('-', " "),
    }
}

/// More than one of them: `orders`, `batches`.
pub fn plural(noun: &str) -> String {
    let hisses = ["s", "x", "ch", "sh"].iter().any(|end| noun.ends_with(end));
    format!("{noun}{}", if hisses { "es" } else { "s" })
}

/// A sentence with a capital.
pub fn sentence(text: String) -> String {
    let mut letters = text.chars();
    match letters.next() {
        // ASCII alone: the tables of all other alphabets would weigh 11 KB in the page.
        Some(first) => std::iter::once(first.to_ascii_uppercase()).chain(letters).collect(),
        None => text,
    }
}

//! JSON, written by hand: what the page exports must not bring a library along.

use super::records::Line;
use std::fmt::Write;

/// A record, as `serde_json` would write it.
pub(super) fn record(out: &mut String, line: &Line<'_>) {
    let mut object = Object::begin(out);
    object.number("place", line.place).number("at_us", line.at_us).number("step", line.step);
    match line.cause {
        None => object.key("cause").push_str("null"),
        Some(cause) => _ = object.number("cause", cause),
    }
    object.text("kind", &line.kind).text("actor", line.actor);
    object.maybe_number("order", line.order).maybe_number("message", line.message);
    object.maybe_text("message_name", line.message_name).maybe_number("messages", line.messages);
    object.maybe_text("packet", line.packet).maybe_text("to", line.to).maybe_text("from", line.from);
    object.maybe_text("queue", line.queue).maybe_text("topic", line.topic);
    object.maybe_text("consumer", line.consumer).maybe_number("rows", line.rows);
    if let Some(again) = line.redelivered {
        object.key("redelivered").push_str(if again { "true" } else { "false" });
    }
    object.maybe_number("receives", line.receives).maybe_number("attempt", line.attempt);
    object.maybe_text("why", line.why.as_deref()).maybe_text("fault", line.fault.as_deref());
    object.maybe_text("slowed_step", line.slowed_step);
    object.end();
}

/// An object that is being written; [`Object::end`] closes it.
pub(super) struct Object<'o> {
    out: &'o mut String,
    any: bool,
}

impl<'o> Object<'o> {
    /// Opens an object at the end of the text.
    pub fn begin(out: &'o mut String) -> Object<'o> {
        out.push('{');
        Object { out, any: false }
    }

    /// Writes a key; its value is written by whoever asks.
    pub fn key(&mut self, key: &str) -> &mut String {
        if self.any {
            self.out.push(',');
        }
        self.any = true;
        quote(self.out, key);
        self.out.push(':');
        self.out
    }

    /// A text.
    pub fn text(&mut self, key: &str, value: &str) -> &mut Self {
        quote(self.key(key), value);
        self
    }

    /// A number.
    pub fn number(&mut self, key: &str, value: impl Into<u64>) -> &mut Self {
        let value: u64 = value.into();
        let _ = write!(self.key(key), "{value}");
        self
    }

    /// A text, if there is one.
    pub fn maybe_text(&mut self, key: &str, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            self.text(key, value);
        }
        self
    }

    /// A number, if there is one.
    pub fn maybe_number(&mut self, key: &str, value: Option<impl Into<u64>>) -> &mut Self {
        if let Some(value) = value {
            self.number(key, value);
        }
        self
    }

    /// An object within, which `fill` fills.
    pub fn object(&mut self, key: &str, fill: impl FnOnce(&mut Object<'_>)) -> &mut Self {
        let mut inner = Object::begin(self.key(key));
        fill(&mut inner);
        inner.end();
        self
    }

    /// Closes it.
    pub fn end(self) {
        self.out.push('}');
    }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            letter if letter < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::super::records;
    use super::*;
    use crate::scenario::catalogue;
    use crate::timeline::run::Run;

    #[test]
    fn a_record_is_written_as_the_library_for_it_does() {
        for scenario in catalogue::scenarios() {
            let run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
            for line in records::lines(&run.end().world) {
                let mut own = String::new();
                record(&mut own, &line);
                assert_eq!(own, serde_json::to_string(&line).unwrap());
            }
        }
    }

    #[test]
    fn whatever_a_name_holds_it_reads_back() {
        let mut out = String::new();
        let mut object = Object::begin(&mut out);
        let nasty = "a \"b\" \\ \n\t\u{1} ü ✓";
        object.text("x", nasty).number("y", 7_u32).object("z", |z| {
            z.text(nasty, "");
        });
        object.end();
        let read: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(read, serde_json::json!({"x": nasty, "y": 7, "z": {nasty: ""}}));
    }
}

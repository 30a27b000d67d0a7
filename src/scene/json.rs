//! How is a report written as JSON where every kilobyte counts? Text, whole numbers, yes and no, lists and objects:
//! what a [`Report`](crate::timeline::report::Report) is made of, and nothing more. A new field of it is written by itself.

use serde::ser::{Error, Impossible, Serialize, SerializeSeq, SerializeStruct, Serializer};
use std::fmt::{self, Display, Write};

/// Writes something as JSON.
///
/// # Errors
/// There is something in it that this does not write: a number with a fraction, bytes, a map.
pub fn write(value: &impl Serialize) -> Result<String, Unwritten> {
    let mut json = Json { text: String::new(), open: false };
    value.serialize(&mut json)?;
    Ok(json.text)
}

/// Something that has no place in a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unwritten;

impl Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a report holds something that is not written as JSON")
    }
}

impl std::error::Error for Unwritten {}

impl Error for Unwritten {
    fn custom<T: Display>(_: T) -> Unwritten {
        Unwritten
    }
}

struct Json {
    text: String,
    /// Whether a list or an object was just opened, and its first entry needs no comma.
    open: bool,
}

type Done = Result<(), Unwritten>;

impl Json {
    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.open = true;
    }

    fn close(&mut self, bracket: char) {
        self.text.push(bracket);
        self.open = false;
    }

    fn comma(&mut self) {
        if !std::mem::take(&mut self.open) {
            self.text.push(',');
        }
    }

    fn text(&mut self, text: &str) {
        self.text.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.text.extend(['\\', c]),
                c if c < ' ' => {
                    let _ = write!(self.text, "\\u{:04x}", c as u32);
                }
                c => self.text.push(c),
            }
        }
        self.text.push('"');
    }
}

/// The kinds that a report is not made of.
macro_rules! unwritten {
    ($($kind:ident($($value:ty),*) -> $what:ty;)*) => {
        $(fn $kind(self, $(_: $value),*) -> Result<$what, Unwritten> { Err(Unwritten) })*
    };
}

type No = Impossible<(), Unwritten>;

impl<'j> Serializer for &'j mut Json {
    type Ok = ();
    type Error = Unwritten;
    type SerializeSeq = &'j mut Json;
    type SerializeStruct = &'j mut Json;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStructVariant = No;

    fn serialize_bool(self, value: bool) -> Done {
        self.text.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_u64(self, value: u64) -> Done {
        write!(self.text, "{value}").map_err(|_| Unwritten)
    }

    fn serialize_u32(self, value: u32) -> Done {
        self.serialize_u64(value.into())
    }

    fn serialize_str(self, value: &str) -> Done {
        self.text(value);
        Ok(())
    }

    fn serialize_none(self) -> Done {
        self.text.push_str("null");
        Ok(())
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<&'j mut Json, Unwritten> {
        self.open('[');
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<&'j mut Json, Unwritten> {
        self.open('{');
        Ok(self)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Done {
        self.serialize_str(name)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Done {
        Err(Unwritten)
    }

    unwritten! {
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_tuple(usize) -> No;
        serialize_tuple_struct(&'static str, usize) -> No;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> No;
        serialize_map(Option<usize>) -> No;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> No;
    }
}

impl SerializeSeq for &mut Json {
    type Ok = ();
    type Error = Unwritten;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.comma();
        value.serialize(&mut **self)
    }

    fn end(self) -> Done {
        self.close(']');
        Ok(())
    }
}

impl SerializeStruct for &mut Json {
    type Ok = ();
    type Error = Unwritten;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Done {
        self.comma();
        self.text(name);
        self.text.push(':');
        value.serialize(&mut **self)
    }

    fn end(self) -> Done {
        self.close('}');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::catalogue;
    use crate::timeline::report::Report;
    use crate::timeline::run::Run;

    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn every_report_reads_back_as_what_the_terminal_prints() {
        for scenario in catalogue::scenarios() {
            let run = Run::new(scenario.setup.clone(), scenario.seed, Vec::new());
            let mut report = Report::new(scenario, &run);
            report.title = "\"quoted\", back\\slash,\n a line and a snowman: \u{2603}".to_owned();
            let text = write(&report).expect("a report is written");
            let read: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
            assert_eq!(read, serde_json::to_value(&report).expect("serde writes it too"), "{text}");
        }
    }

    #[test]
    fn lists_and_objects_may_be_empty_and_stand_in_each_other() {
        #[derive(serde::Serialize)]
        struct Empty {}
        let lists: [Vec<u32>; 3] = [vec![], vec![1], vec![2, 3]];
        assert_eq!(write(&lists.to_vec()).as_deref(), Ok("[[],[1],[2,3]]"));
        assert_eq!(write(&vec![Empty {}, Empty {}]).as_deref(), Ok("[{},{}]"));
        assert_eq!(write(&"a\u{1}").as_deref(), Ok("\"a\\u0001\""));
        assert_eq!(write(&-1), Err(Unwritten));
    }
}

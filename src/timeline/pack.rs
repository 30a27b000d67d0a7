//! How does a long link become a short one? A text, squeezed by a model that has read links before and coded with
//! whole numbers only, in letters that an address may hold.
//!
//! The bytes: the length of the text (two, the lower first), two of a checksum, then the code. What is read of a
//! damaged text is bounded by the length, and the length by [`LONGEST_TEXT`], before anything is reserved.
//!
//! All of it, `PRIMER` too, is part of version 2 of a link and must never change: other numbers, another version.

use crate::sim::digest::Digest;

/// The longest text that is packed or unpacked, in bytes.
pub const LONGEST_TEXT: usize = 49_152;
/// Before the code: length and checksum.
const HEAD: usize = 4;

/// What the model has read before the first letter: what links are made of.
const PRIMER: &str = "v=1&run=outbox-with-inbox&seed=calm-amber-otter&own=0&at=41&t=4120000&do=0@0:crash+mail+after+apply+%231\
    ;0@0:lose+publish+orders+%232;0@0:double+deliver+mail+%231+by+500ms;17@1900000:crash+orders;23@2345678:restart+orders\
    ;31@3456789:down+broker;38@4000000:up+broker;41@5012345:cut+relay;45@5678901:heal+relay;52@6123456:down+orders.database\
    ;60@7000000:up+orders.database;64@7890123:lose+packet+12;71@8234567:hold+packet+9;80@9000000:release+packet+9\
    ;85@9500000:crash+relay+after-next-step;90@10123456:fail+mail+apply+%232;95@11000000:stop+mail;99@12345678:crash+broker\
    &name=crashed&beside=1&halt=1&view=present&run=dual-write-ghost&beside=seed%3A&beside=branch%3A";

/// The text in letters, digits, `-` and `_`. None if it is too long.
pub fn pack(text: &str) -> Option<String> {
    pack_after(PRIMER, text)
}

/// The same, for texts that are more like that one.
#[inline(never)]
pub fn pack_after(primer: &str, text: &str) -> Option<String> {
    let length = Some(text.len()).filter(|&length| length <= LONGEST_TEXT)? as u16;
    let mut bytes = [length.to_le_bytes(), checksum(text.as_bytes())].concat();
    let mut coder = Coder::new(primer);
    for byte in text.bytes() {
        for place in (0..8).rev() {
            coder.encode(byte >> place & 1 == 1, &mut bytes);
        }
    }
    coder.finish(&mut bytes);
    Some(letters(&bytes))
}

/// The text that [`pack`] was given.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn unpack(packed: &str) -> Result<String, String> {
    unpack_after(PRIMER, packed)
}

/// The text that [`pack_after`] was given with that primer.
///
/// # Errors
/// What is wrong with it, as a sentence.
#[inline(never)]
pub fn unpack_after(primer: &str, packed: &str) -> Result<String, String> {
    let bytes = bytes(packed)?;
    let (head, code) = bytes.split_at_checked(HEAD).ok_or("it is cut off: there is next to nothing of it")?;
    let length = usize::from(u16::from_le_bytes([head[0], head[1]]));
    if length > LONGEST_TEXT {
        return Err(format!(
            "it says that it holds {length} bytes; the most that is unpacked is {LONGEST_TEXT}"
        ));
    }
    let mut coder = Coder::open(primer, code);
    let mut text = Vec::with_capacity(length);
    for _ in 0..length {
        // The code may run out, and then reads as nothing but zeros: the checksum knows.
        text.push((0..8).fold(0, |byte, _| byte << 1 | u8::from(coder.decode(code))));
    }
    let damaged = "it is damaged: not all of it is there, or some of it is something else";
    if checksum(&text) != head[2..] {
        return Err(damaged.to_owned());
    }
    String::from_utf8(text).map_err(|_| damaged.to_owned())
}

fn checksum(text: &[u8]) -> [u8; 2] {
    let mut digest = Digest::default();
    digest.bytes(text);
    let value = digest.value();
    ((value ^ value >> 16 ^ value >> 32 ^ value >> 48) as u16).to_le_bytes()
}

/// How many letters of context each of the models looks back.
const ORDERS: [u32; 5] = [0, 1, 2, 3, 5];
/// The places of each model's table, as a power of two.
const TABLE: u32 = 16;
/// How sure of the next bit one can be at most, and how unsure: of 65,536.
const SUREST: u32 = 65_536 - 48;

/// What a model expects where it has been before: that the bit is one, of 65,536, and how often it was there.
#[derive(Clone, Copy)]
struct Expected {
    one: u16,
    times: u16,
}

/// Where each model keeps what it expects after these letters and bits.
fn places(past: u64, letter: u32) -> [usize; ORDERS.len()] {
    ORDERS.map(|order| {
        let context = past & ((1 << (8 * order)) - 1);
        let mixed = (context << 8 | u64::from(letter)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> (64 - TABLE)) as usize
    })
}

/// The model and the code, for either direction.
struct Coder {
    tables: [Vec<Expected>; ORDERS.len()],
    /// The last eight letters.
    past: u64,
    /// The bits of this letter so far, after a leading one.
    letter: u32,
    low: u32,
    high: u32,
    /// The part of the code that is looked at, and where the rest begins.
    code: u32,
    at: usize,
}

impl Coder {
    fn new(primer: &str) -> Coder {
        let fresh = vec![Expected { one: 1 << 15, times: 0 }; 1 << TABLE];
        let tables = std::array::from_fn(|_| fresh.clone());
        let mut coder = Coder { tables, past: 0, letter: 1, low: 0, high: u32::MAX, code: 0, at: 0 };
        for byte in primer.bytes() {
            for place in (0..8).rev() {
                coder.learn(byte >> place & 1 == 1);
            }
        }
        coder
    }

    fn open(primer: &str, code: &[u8]) -> Coder {
        let mut coder = Coder::new(primer);
        (0..4).for_each(|_| coder.read(code));
        coder
    }

    /// How likely a one is, of 65,536: the models together, those that know more heard more.
    fn likely(&self) -> u32 {
        let (mut sum, mut weights) = (0u64, 0u64);
        for (n, place) in places(self.past, self.letter).into_iter().enumerate() {
            let Expected { one, times } = self.tables[n][place];
            // One that is sure of itself, and one that looks further back, is heard most.
            let sure = u64::from(one.abs_diff(1 << 15)) >> 7;
            let weight = u64::from(times) * (1 << (2 * n)) * (1 + sure) + 1;
            sum += weight * u64::from(one);
            weights += weight;
        }
        ((sum / weights) as u32).clamp(65_536 - SUREST, SUREST)
    }

    fn learn(&mut self, bit: bool) {
        for (table, place) in self.tables.iter_mut().zip(places(self.past, self.letter)) {
            let Expected { one, times } = &mut table[place];
            *times = (*times + 1).min(30);
            // Fast at first (5/7 of the way), slower with each time.
            let aim = if bit { 65_535 } else { 0 };
            *one = (i32::from(*one) + (aim - i32::from(*one)) * 5 / (5 * i32::from(*times) + 2)) as u16;
        }
        self.letter = self.letter << 1 | u32::from(bit);
        if self.letter >= 256 {
            self.past = self.past << 8 | u64::from(self.letter & 255);
            self.letter = 1;
        }
    }

    /// Where ones end and zeros begin, between the bounds of the code.
    fn middle(&self) -> u32 {
        let span = u64::from(self.high - self.low);
        self.low + ((span * u64::from(self.likely())) >> 16) as u32
    }

    fn narrow(&mut self, bit: bool, middle: u32) {
        if bit {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
        self.learn(bit);
    }

    fn encode(&mut self, bit: bool, out: &mut Vec<u8>) {
        self.narrow(bit, self.middle());
        while (self.low ^ self.high) >> 24 == 0 {
            out.push((self.high >> 24) as u8);
            self.shift();
        }
    }

    fn decode(&mut self, code: &[u8]) -> bool {
        let middle = self.middle();
        let bit = self.code <= middle;
        self.narrow(bit, middle);
        while (self.low ^ self.high) >> 24 == 0 {
            self.shift();
            self.read(code);
        }
        bit
    }

    fn shift(&mut self) {
        self.low <<= 8;
        self.high = self.high << 8 | 255;
    }

    fn read(&mut self, code: &[u8]) {
        self.code = self.code << 8 | u32::from(code.get(self.at).copied().unwrap_or(0));
        self.at += 1;
    }

    /// The fewest bytes that lie between the bounds, with zeros behind them.
    fn finish(self, out: &mut Vec<u8>) {
        for kept in 0..=4u32 {
            let rest = u32::MAX.checked_shr(8 * kept).unwrap_or(0);
            if let Some(value) = self.low.checked_add(rest).map(|value| value & !rest)
                && value <= self.high
            {
                out.extend(&value.to_be_bytes()[..kept as usize]);
                return;
            }
        }
    }
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 for addresses, without padding (RFC 4648, section 5).
fn letters(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for three in bytes.chunks(3) {
        let word =
            three.iter().fold(0u32, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - three.len()));
        for n in 0..=three.len() {
            out.push(LETTERS[(word >> (18 - 6 * n) & 63) as usize] as char);
        }
    }
    out
}

fn bytes(letters: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(letters.len() * 3 / 4);
    let (mut word, mut bits) = (0u32, 0);
    for letter in letters.bytes() {
        let value = LETTERS.iter().position(|&one| one == letter);
        let value = value.ok_or("it holds a letter that does not belong there")?;
        word = word << 6 | value as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
        }
    }
    Ok(out)
}

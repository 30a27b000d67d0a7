//! Which of the program's data come with its second part? What only later functions speak of: sentences, names,
//! tables. Half of all data.
//!
//! The linker says where each object begins and ends, and which addresses the code names (`--emit-relocs`, which
//! `cargo xtask` asks for). An object stays in the first part if one of its functions names an address in it, or if
//! an object that stays points to it. Only what nobody writes is moved: the second part may be loaded twice, when a
//! click overtakes it, and the bytes it lays are the same then.

use crate::glue;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use walrus::ir::{Instr, InstrLocId, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, DataKind, GlobalKind, LocalFunction, Module};

/// What the linker wrote of the data that nobody writes.
pub struct Map {
    /// Where each object lies, in order; what overlaps is one.
    objects: Vec<Range<u32>>,
    /// The addresses that are named in the code and in the data, and the object that each of them means: an address
    /// can lie beside its object (`table - 4`, where the index begins with 1).
    named: BTreeMap<u32, BTreeSet<usize>>,
    bytes: Bytes,
}

/// The memory before the program runs.
struct Bytes {
    start: u32,
    bytes: Vec<u8>,
}

/// Between two pieces of data that go the same way, so much goes with them: beginning a new one costs as much.
const GAP: u32 = 9;

impl Map {
    /// Takes what the linker wrote out of a program. None where it wrote nothing.
    ///
    /// # Errors
    /// Where it wrote something else than LLVM's linker does.
    pub fn take(module: &mut Module) -> Result<Option<Map>, String> {
        let Some(linking) = module.customs.remove_raw("linking") else { return Ok(None) };
        let relocations: Vec<_> =
            ["reloc.CODE", "reloc.DATA"].iter().filter_map(|name| module.customs.remove_raw(name)).collect();
        let bytes = Bytes::of(module)?;
        let wrong = || "what the linker wrote of the data is of another form".to_owned();
        let symbols = symbols(&linking.data, bytes.start).ok_or_else(wrong)?;
        let objects = joined(symbols.iter().flatten().cloned().collect());
        let mut map = Map { objects, named: BTreeMap::new(), bytes };
        for section in &relocations {
            for (symbol, beside) in relocated(&section.data).ok_or_else(wrong)? {
                let Some(object) = symbols.get(symbol).and_then(Clone::clone) else { continue };
                let meant = map.at(object.start);
                map.named.entry(object.start.wrapping_add_signed(beside)).or_default().extend(meant);
            }
        }
        Ok(Some(map))
    }

    /// Moves the objects of which no function of the first part speaks into the second.
    ///
    /// # Errors
    /// Where the data does not lie where the linker said.
    pub fn part(&self, first: &mut Module, second: &mut Module) -> Result<(), String> {
        let later = self.later(first)?;
        let mut kept = Vec::new();
        for (start, bytes) in pieces(first)? {
            let (mut from, end) = (start, start + bytes.len() as u32);
            for goes in later.iter().filter(|goes| goes.start < end && goes.end > start) {
                kept.push(from..goes.start.max(from));
                from = goes.end.min(end);
            }
            kept.push(from..end);
        }
        lay(first, &self.bytes, kept)?;
        lay(second, &self.bytes, later)
    }

    fn later(&self, first: &Module) -> Result<Vec<Range<u32>>, String> {
        let named = named_in(first);
        self.assure(&named)?;
        let mut stay: BTreeSet<usize> = named.iter().flat_map(|&address| self.meant(address)).collect();
        stay.extend(self.beside().flat_map(|beside| self.bytes.words(&beside)).flat_map(|it| self.meant(it)));
        let mut look: Vec<usize> = stay.iter().copied().collect();
        while let Some(object) = look.pop() {
            for address in self.bytes.words(&self.objects[object]) {
                for more in self.meant(address) {
                    if stay.insert(more) {
                        look.push(more);
                    }
                }
            }
        }
        let goes = self.objects.iter().enumerate().filter(|(n, _)| !stay.contains(n));
        Ok(goes.map(|(_, object)| object.clone()).collect())
    }

    /// Wherever the data were moved after linking, the addresses in the code would be no longer those that the
    /// linker wrote.
    fn assure(&self, named: &BTreeSet<u32>) -> Result<(), String> {
        let all = self.objects.first().map_or(0, |first| first.start)..self.end();
        let in_data: Vec<_> = named.iter().filter(|address| all.contains(address)).collect();
        let known = in_data.iter().filter(|address| self.named.contains_key(address)).count();
        if known * 10 < in_data.len() * 9 {
            return Err(format!(
                "of {} addresses of data in the program the linker named {known}: the data does not lie where it said",
                in_data.len()
            ));
        }
        Ok(())
    }

    /// What is no object of ours: what somebody may write, above all. It stays, and can point to objects.
    fn beside(&self) -> impl Iterator<Item = Range<u32>> {
        let ends = std::iter::once(self.bytes.start).chain(self.objects.iter().map(|object| object.end));
        let starts = self.objects.iter().map(|object| object.start).chain([u32::MAX]);
        ends.zip(starts).map(|(from, to)| from..to)
    }

    /// The objects that an address can mean: those that the linker says, and what lies there. Where nothing does,
    /// the two beside it.
    fn meant(&self, address: u32) -> BTreeSet<usize> {
        let mut meant = self.named.get(&address).cloned().unwrap_or_default();
        meant.extend(self.at(address));
        if meant.is_empty() && (self.bytes.start..self.end()).contains(&address) {
            let next = self.objects.partition_point(|object| object.start <= address);
            meant.extend([next.checked_sub(1), Some(next)].into_iter().flatten());
            meant.retain(|&object| object < self.objects.len());
        }
        meant
    }

    fn at(&self, address: u32) -> Option<usize> {
        let before = self.objects.partition_point(|object| object.start <= address).checked_sub(1)?;
        self.objects[before].contains(&address).then_some(before)
    }

    fn end(&self) -> u32 {
        self.objects.last().map_or(self.bytes.start, |last| last.end)
    }
}

impl Bytes {
    fn of(module: &Module) -> Result<Bytes, String> {
        let pieces = pieces(module)?;
        let start = pieces.iter().map(|(start, _)| *start).min().unwrap_or(0);
        let mut bytes = Vec::new();
        for (at, piece) in pieces {
            let from = (at - start) as usize;
            bytes.resize(bytes.len().max(from + piece.len()), 0);
            bytes[from..from + piece.len()].copy_from_slice(piece);
        }
        Ok(Bytes { start, bytes })
    }

    /// What lies there; what lies behind them all is zero, and not among them.
    fn get(&self, at: &Range<u32>) -> &[u8] {
        let place = |address: u32| (address.saturating_sub(self.start) as usize).min(self.bytes.len());
        self.bytes.get(place(at.start)..place(at.end)).unwrap_or_default()
    }

    /// What could be addresses there.
    fn words(&self, at: &Range<u32>) -> impl Iterator<Item = u32> + use<'_> {
        let words = self.get(&(at.start.next_multiple_of(4)..at.end)).chunks_exact(4);
        words.map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
    }
}

fn lay(module: &mut Module, bytes: &Bytes, ranges: Vec<Range<u32>>) -> Result<(), String> {
    let old: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    old.into_iter().for_each(|id| module.data.delete(id));
    module.memories.iter_mut().for_each(|memory| memory.data_segments.clear());
    let mut pieces: Vec<Range<u32>> = Vec::new();
    for range in ranges.into_iter().filter(|range| !range.is_empty()) {
        match pieces.last_mut().filter(|last| range.start - last.end <= GAP) {
            Some(last) => last.end = range.end,
            None => pieces.push(range),
        }
    }
    for piece in pieces {
        let memory = module.memories.iter().next().ok_or("a part with data has no memory")?.id();
        let offset = ConstExpr::Value(Value::I32(piece.start as i32));
        let data = module.data.add(DataKind::Active { memory, offset }, bytes.get(&piece).to_vec());
        module.memories.get_mut(memory).data_segments.insert(data);
    }
    Ok(())
}

/// The data of a program and where they lie, in order.
fn pieces(module: &Module) -> Result<Vec<(u32, &[u8])>, String> {
    let mut pieces = Vec::new();
    for data in module.data.iter() {
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(at)), .. } = data.kind else {
            return Err("the program has data that lie at no fixed place".to_owned());
        };
        pieces.push((at as u32, data.value.as_slice()));
    }
    pieces.sort_unstable();
    Ok(pieces)
}

/// All numbers in the functions of a program that could be addresses.
fn named_in(module: &Module) -> BTreeSet<u32> {
    struct Named(BTreeSet<u32>);
    impl<'f> Visitor<'f> for Named {
        fn visit_instr(&mut self, instr: &'f Instr, _: &'f InstrLocId) {
            let offset = match instr {
                Instr::Const(number) => return self.0.extend(halves(&number.value)),
                Instr::Load(load) => load.arg.offset,
                Instr::Store(store) => store.arg.offset,
                Instr::LoadSimd(load) => load.arg.offset,
                Instr::AtomicRmw(atomic) => atomic.arg.offset,
                Instr::Cmpxchg(atomic) => atomic.arg.offset,
                _ => return,
            };
            self.0.insert(offset as u32);
        }
    }
    let mut named = Named(BTreeSet::new());
    let look =
        |(_, function): (_, &LocalFunction)| dfs_in_order(&mut named, function, function.entry_block());
    module.funcs.iter_local().for_each(look);
    for global in module.globals.iter() {
        if let GlobalKind::Local(ConstExpr::Value(number)) = &global.kind {
            named.0.extend(halves(number));
        }
    }
    named.0
}

/// The addresses that a number can hold: an address and a length that are stored together become one number.
fn halves(number: &Value) -> Vec<u32> {
    let bits = match *number {
        Value::I32(bits) => return vec![bits as u32],
        Value::F32(number) => return vec![number.to_bits()],
        Value::I64(bits) => bits as u128,
        Value::F64(number) => number.to_bits().into(),
        Value::V128(bits) => bits,
    };
    (0..128).step_by(32).map(|shift| (bits >> shift) as u32).collect()
}

fn joined(mut ranges: Vec<Range<u32>>) -> Vec<Range<u32>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<u32>> = Vec::new();
    for range in ranges {
        match joined.last_mut().filter(|last| range.start < last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => joined.push(range),
        }
    }
    joined
}

/// The symbols of the linker's section, by number: where an object of the first segment of data lies. None where it
/// is no section of that form.
///
/// The form: <https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md>
fn symbols(mut section: &[u8], base: u32) -> Option<Vec<Option<Range<u32>>>> {
    const SYMBOLS: u8 = 8;
    const DATA: u8 = 1;
    const SECTION: u8 = 3;
    const UNDEFINED: usize = 0x10;
    const NAMED: usize = 0x40;
    let version = glue::number(&mut section)?;
    let mut symbols = Vec::new();
    while let Some((&kind, mut rest)) = section.split_first() {
        let length = glue::number(&mut rest)?;
        let (mut body, next) = rest.split_at_checked(length)?;
        section = next;
        if kind != SYMBOLS {
            continue;
        }
        for _ in 0..glue::number(&mut body)? {
            let (&kind, after) = body.split_first()?;
            body = after;
            let flags = glue::number(&mut body)?;
            let (mut object, defined) = (None, flags & UNDEFINED == 0);
            match kind {
                DATA => {
                    glue::name(&mut body)?;
                    if defined {
                        let segment = glue::number(&mut body)?;
                        let start = base.checked_add(u32::try_from(glue::number(&mut body)?).ok()?)?;
                        let end = start.checked_add(u32::try_from(glue::number(&mut body)?).ok()?)?;
                        object = (segment == 0).then_some(start..end);
                    }
                }
                SECTION => {
                    glue::number(&mut body)?;
                }
                _ => {
                    glue::number(&mut body)?;
                    if defined || flags & NAMED != 0 {
                        glue::name(&mut body)?;
                    }
                }
            }
            symbols.push(object);
        }
    }
    (version == 2).then_some(symbols)
}

/// The addresses that a section of relocations puts in: the number of a symbol, and how far from its beginning.
fn relocated(mut section: &[u8]) -> Option<Vec<(usize, i32)>> {
    let mut relocated = Vec::new();
    glue::number(&mut section)?;
    for _ in 0..glue::number(&mut section)? {
        let (&kind, after) = section.split_first()?;
        section = after;
        glue::number(&mut section)?;
        let symbol = glue::number(&mut section)?;
        match kind {
            // Functions, types, globals, tags and tables.
            0..=2 | 6 | 7 | 10 | 12 | 13 | 18..=20 => {}
            // Addresses of memory: in code, in code with a sign, in data.
            3..=5 => relocated.push((symbol, signed(&mut section)?)),
            // Places in functions and sections.
            8 | 9 => {
                signed(&mut section)?;
            }
            _ => return None,
        }
    }
    Some(relocated)
}

/// A signed number in LEB128.
fn signed(bytes: &mut &[u8]) -> Option<i32> {
    let mut value = 0i64;
    for shift in (0..35).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= i64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            let unused = 64 - (shift + 7);
            return i32::try_from(value << unused >> unused).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::{FunctionBuilder, MemoryId, RawCustomSection};

    const START: u32 = 1024;
    /// Where each object begins and ends, counted from [`START`]: a sentence that is told at once; two that are told
    /// later; a pointer, and what it points to; a table whose index begins with 1.
    const OBJECTS: [Range<u32>; 6] = [0..32, 32..64, 64..96, 96..100, 100..132, 132..164];

    /// A program with these objects, each full of a letter of its own (`a` to `f`; that of the pointer is in its
    /// address), whose function names these
    /// addresses, counted from [`START`].
    fn program(names: &[u32]) -> (Module, MemoryId) {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        let mut body = FunctionBuilder::new(&mut module.types, &[], &[]);
        for name in names {
            body.func_body().i32_const((START + name) as i32).drop();
        }
        let function = body.finish(Vec::new(), &mut module.funcs);
        module.exports.add("draw", function);
        let mut bytes = Vec::new();
        for (object, letter) in OBJECTS.iter().zip(b'a'..) {
            bytes.resize(object.end as usize, letter);
        }
        bytes[96..100].copy_from_slice(&(START + 100).to_le_bytes());
        let offset = ConstExpr::Value(Value::I32(START as i32));
        let data = module.data.add(DataKind::Active { memory, offset }, bytes);
        module.memories.get_mut(memory).data_segments.insert(data);
        (module, memory)
    }

    /// What the linker would write: a symbol for each object, and that the code names all of them at their
    /// beginning, and the last one 4 bytes before.
    fn linked(module: &mut Module) {
        let mut table = vec![OBJECTS.len() as u8 + 1];
        // A function with a name.
        table.extend([0, 0, 0, 4, b'd', b'r', b'a', b'w']);
        for object in &OBJECTS {
            table.extend([1, 0, 1, b'x', 0]);
            glue::write(&mut table, object.start as usize);
            glue::write(&mut table, object.len());
        }
        let mut linking = vec![2, 8];
        glue::write(&mut linking, table.len());
        linking.extend(table);
        let mut code = vec![3, OBJECTS.len() as u8 + 2, 0, 5, 0];
        for symbol in 1..=OBJECTS.len() as u8 {
            code.extend([4, 9, symbol, 0]);
        }
        code.extend([4, 9, OBJECTS.len() as u8, 0x7c]);
        for (name, data) in [("linking", linking), ("reloc.CODE", code)] {
            module.customs.add(RawCustomSection { name: name.to_owned(), data });
        }
    }

    /// The letters that each part lays into memory when the first names these addresses.
    fn parted(names: &[u32]) -> (String, String) {
        let (mut first, _) = program(names);
        linked(&mut first);
        let map = Map::take(&mut first).expect("of that form").expect("the linker wrote it");
        let (mut second, _) = program(&[]);
        map.part(&mut first, &mut second).expect("it lies where the linker said");
        (letters(&first), letters(&second))
    }

    fn letters(module: &Module) -> String {
        let mut letters: Vec<char> = Vec::new();
        for (_, bytes) in pieces(module).expect("at fixed places") {
            letters.extend(bytes.iter().map(|&byte| char::from(byte)).filter(char::is_ascii_lowercase));
        }
        letters.dedup();
        letters.into_iter().collect()
    }

    #[test]
    fn what_only_later_functions_speak_of_comes_with_the_second_part() {
        assert_eq!(parted(&[0, 64]), ("ac".to_owned(), "bdef".to_owned()));
    }

    #[test]
    fn what_is_pointed_to_stays_with_what_points() {
        assert_eq!(parted(&[96]), ("de".to_owned(), "abcf".to_owned()));
    }

    #[test]
    fn what_may_be_written_stays_and_so_does_what_it_points_to() {
        let (mut first, memory) = program(&[64]);
        let offset = ConstExpr::Value(Value::I32(START as i32 + 168));
        let pointer = (START + 132).to_le_bytes().to_vec();
        let written = first.data.add(DataKind::Active { memory, offset }, pointer);
        first.memories.get_mut(memory).data_segments.insert(written);
        linked(&mut first);
        let map = Map::take(&mut first).expect("of that form").expect("the linker wrote it");
        let (mut second, _) = program(&[]);
        map.part(&mut first, &mut second).expect("it lies where the linker said");
        assert_eq!(letters(&first), "cf");
        assert_eq!(letters(&second), "abde");
    }

    #[test]
    fn an_address_and_a_length_in_one_number_are_seen() {
        for number in
            [Value::I64(i64::from(START + 32) | 9 << 32), Value::I64(i64::from(START + 32) << 32 | 9)]
        {
            let (mut first, _) = program(&[]);
            let mut body = FunctionBuilder::new(&mut first.types, &[], &[]);
            body.func_body().const_(number).drop();
            let function = body.finish(Vec::new(), &mut first.funcs);
            first.exports.add("more", function);
            linked(&mut first);
            let map = Map::take(&mut first).expect("of that form").expect("the linker wrote it");
            let (mut second, _) = program(&[]);
            map.part(&mut first, &mut second).expect("it lies where the linker said");
            assert_eq!(letters(&first), "b", "{number:?}");
        }
    }

    #[test]
    fn an_address_beside_its_object_means_both() {
        assert_eq!(
            parted(&[132 - 4]),
            ("ef".to_owned(), "abcd".to_owned()),
            "the linker says which it means"
        );
    }

    #[test]
    fn each_part_lays_its_bytes_where_they_were() {
        let (mut first, _) = program(&[64]);
        linked(&mut first);
        let map = Map::take(&mut first).expect("of that form").expect("the linker wrote it");
        let (mut second, _) = program(&[]);
        map.part(&mut first, &mut second).expect("it lies where the linker said");
        assert_eq!(pieces(&first), Ok(vec![(START + 64, [b'c'; 32].as_slice())]));
        let places = |module: &Module| -> Vec<u32> {
            pieces(module).expect("at fixed places").iter().map(|(at, _)| at - START).collect()
        };
        assert_eq!(places(&second), [0, 96]);
    }

    #[test]
    fn without_a_word_of_the_linker_nothing_is_known_of_the_data() {
        let (mut module, _) = program(&[0]);
        assert!(Map::take(&mut module).is_ok_and(|map| map.is_none()));
    }

    #[test]
    fn data_that_was_moved_after_linking_is_refused() {
        let (mut first, _) = program(&[7, 39, 71]);
        linked(&mut first);
        let map = Map::take(&mut first).expect("of that form").expect("the linker wrote it");
        let (mut second, _) = program(&[]);
        let wrong = map.part(&mut first, &mut second);
        assert!(wrong.is_err_and(|what| what.contains("3 addresses") && what.contains("named 0")));
    }

    #[test]
    fn another_form_is_refused() {
        let (mut module, _) = program(&[0]);
        module.customs.add(RawCustomSection { name: "linking".to_owned(), data: vec![1, 8, 1] });
        assert!(Map::take(&mut module).is_err());
    }

    #[test]
    fn signed_numbers_are_read() {
        for (bytes, number) in [(&[0x7c][..], -4), (&[4], 4), (&[0xc0, 0], 64), (&[0x80, 0x7f], -128)] {
            assert_eq!(signed(&mut &*bytes), Some(number));
        }
        assert_eq!(signed(&mut &[0x80][..]), None, "cut off");
    }
}

//! How does the page's program come in two parts? The first holds what the page needs to be drawn; the second is
//! loaded when somebody uses the page. They share one memory and one table.
//!
//! ```text
//! first   everything but the functions named in www/later.txt; in their place a door of a few bytes:
//!         load the second part unless it is there, then call through the table
//! second  those functions; what they need of the first they import, and they put themselves into the table; and the
//!         data that only they speak of (crate::data)
//! ```
//!
//! The list says what is wanted later, so a function that is not known stands in the first part: the page is
//! heavier then, and never slower. `cargo xtask first-load` writes the list from what a browser did.

use crate::data::Map;
use std::collections::{BTreeMap, BTreeSet};
use walrus::ir::{Instr, InstrLocId, Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalId,
    GlobalKind, ImportKind, ImportedFunction, LocalFunction, LocalId, Module, ModuleConfig, TableId, ValType,
};

/// The import of the first part that loads the second: www/later.js.
pub const LOADER: &str = "later";
/// The exported global that is 1 when the second part is there.
pub const THERE: &str = "$";

/// A program in two parts.
pub struct Parts {
    /// What the page begins with.
    pub first: Vec<u8>,
    /// What it loads when somebody uses it; None if that is nothing.
    pub second: Option<Vec<u8>>,
}

/// Takes the functions with these digests ([`digest`]) out of a program, and all names.
///
/// # Errors
/// A program of another form than rustc's and wasm-bindgen's.
pub fn split(program: &[u8], later: &BTreeSet<u32>) -> Result<Parts, String> {
    let mut first = read(program)?;
    let map = Map::take(&mut first)?;
    let doors = Doors::new(&first, later);
    if doors.later.is_empty() {
        first.customs = Default::default();
        return Ok(Parts { first: first.emit_wasm(), second: None });
    }
    let mut second = read(program)?;
    let (wanted, base) = second_part(&mut second, &doors)?;
    first_part(&mut first, &doors, &wanted, base)?;
    if let Some(map) = map {
        map.part(&mut first, &mut second)?;
    }
    Ok(Parts { first: first.emit_wasm(), second: Some(second.emit_wasm()) })
}

/// A program that notes which of its functions ran: of each name there is an exported global that becomes 1.
///
/// # Errors
/// As for [`split`].
pub fn mark(program: &[u8]) -> Result<Vec<u8>, String> {
    let mut module = read(program)?;
    let local = |id: &FunctionId| matches!(module.funcs.get(*id).kind, FunctionKind::Local(_));
    let ids: Vec<FunctionId> = ids(&module).into_iter().filter(local).collect();
    let mut marks: BTreeMap<u32, GlobalId> = BTreeMap::new();
    for id in ids {
        let Some(digest) = module.funcs.get(id).name.as_deref().map(digest) else { continue };
        let mark = *marks.entry(digest).or_insert_with(|| {
            let mark = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
            module.exports.add(&format!("ran {digest:08x}"), mark);
            mark
        });
        let function = module.funcs.get_mut(id).kind.unwrap_local_mut();
        let entry = function.entry_block();
        let one = Instr::from(walrus::ir::Const { value: Value::I32(1) });
        let set = Instr::from(walrus::ir::GlobalSet { global: mark });
        let at = InstrLocId::default();
        function.block_mut(entry).instrs.splice(0..0, [(one, at), (set, at)]);
    }
    Ok(module.emit_wasm())
}

/// What stands for a function's name in the list: FNV-1a over the name without the digests of crates (`[0123abcd]`),
/// which change with every compiler.
pub fn digest(name: &str) -> u32 {
    let mut inside = false;
    let mut digest = 0x811c_9dc5u32;
    for byte in name.bytes() {
        inside |= byte == b'[';
        if !inside {
            digest = (digest ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
        inside &= byte != b']';
    }
    digest
}

fn read(program: &[u8]) -> Result<Module, String> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    config.parse(program).map_err(|error| format!("the program cannot be read: {error:#}"))
}

/// A program without names and whatever else it is not run with.
///
/// # Errors
/// Something else than a program.
pub fn bare(program: &[u8]) -> Result<Vec<u8>, String> {
    let mut module = read(program)?;
    module.customs = Default::default();
    Ok(module.emit_wasm())
}

/// The functions in the order of the file, which is the same each time it is read.
fn ids(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(|function| function.id()).collect()
}

/// Which functions come later, and which of them the first part calls, exports or holds in its table.
struct Doors {
    later: BTreeSet<usize>,
    entered: Vec<usize>,
}

impl Doors {
    fn new(module: &Module, later: &BTreeSet<u32>) -> Doors {
        let ids = ids(module);
        let place: BTreeMap<FunctionId, usize> = ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
        let local = |n: &usize| match &module.funcs.get(ids[*n]).kind {
            FunctionKind::Local(function) => Some(function),
            _ => None,
        };
        let listed = |n: &usize| {
            let name = module.funcs.get(ids[*n]).name.as_deref();
            local(n).is_some() && name.is_some_and(|name| later.contains(&digest(name)))
        };
        let later: BTreeSet<usize> = (0..ids.len()).filter(listed).collect();
        let mut named = Vec::new();
        for function in (0..ids.len()).filter(|n| !later.contains(n)).filter_map(|n| local(&n)) {
            named.extend(named_in(function));
        }
        named.extend(module.exports.iter().filter_map(|export| match export.item {
            ExportItem::Function(id) => Some(id),
            _ => None,
        }));
        for element in module.elements.iter() {
            match &element.items {
                ElementItems::Functions(held) => named.extend(held),
                ElementItems::Expressions(_, held) => {
                    named.extend(held.iter().filter_map(|held| match held {
                        ConstExpr::RefFunc(id) => Some(*id),
                        _ => None,
                    }))
                }
            }
        }
        let entered: BTreeSet<usize> =
            named.iter().map(|id| place[id]).filter(|n| later.contains(n)).collect();
        Doors { later, entered: entered.into_iter().collect() }
    }
}

/// The functions that a function names, to call them or otherwise.
fn named_in(function: &LocalFunction) -> Vec<FunctionId> {
    struct Named(Vec<FunctionId>);
    impl<'f> Visitor<'f> for Named {
        fn visit_function_id(&mut self, id: &FunctionId) {
            self.0.push(*id);
        }
    }
    let mut named = Named(Vec::new());
    dfs_in_order(&mut named, function, function.entry_block());
    named.0
}

/// Something that the second part imports of the first, by its place among its kind.
#[derive(Clone, Copy, Eq, PartialEq, Ord, PartialOrd)]
enum Wanted {
    Function(usize),
    Table(usize),
    Memory(usize),
    Global(usize),
}

/// A short name for each, in the order in which they were noted: `$0`, `$1` to `$z`, `$10`.
fn short(mut number: usize) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(b"0123456789abcdefghijklmnopqrstuvwxyz"[number % 36]);
        number /= 36;
        if number == 0 {
            break;
        }
    }
    digits.push(b'$');
    digits.iter().rev().map(|digit| char::from(*digit)).collect()
}

fn main_table(module: &Module) -> Result<TableId, String> {
    let table = module.tables.main_function_table().map_err(|error| error.to_string())?;
    table.ok_or_else(|| "the program has no table of functions".to_owned())
}

/// Makes the second part of a whole program. Returns what it wants of the first, and where in the table it begins.
fn second_part(module: &mut Module, doors: &Doors) -> Result<(Vec<Wanted>, u64), String> {
    let ids = ids(module);
    let (tables, memories, globals): (Vec<_>, Vec<_>, Vec<_>) = (
        module.tables.iter().map(|table| table.id()).collect(),
        module.memories.iter().map(|memory| memory.id()).collect(),
        module.globals.iter().map(|global| global.id()).collect(),
    );
    module.start = None;
    module.customs = Default::default();
    clear(module);

    // All is imported that is not its own; what is not used of it goes again. The names are temporary.
    let mut all = Vec::new();
    let mut name = |wanted: Wanted| {
        all.push(wanted);
        (all.len() - 1).to_string()
    };
    for (n, id) in ids.iter().enumerate().filter(|(n, _)| !doors.later.contains(n)) {
        let name = name(Wanted::Function(n));
        let function = module.funcs.get(*id);
        let ty = function.ty();
        if let FunctionKind::Import(old) = &function.kind {
            let import = module.imports.get_mut(old.import);
            (import.module, import.name) = (String::new(), name);
        } else {
            let import = module.imports.add("", &name, ImportKind::Function(*id));
            module.funcs.get_mut(*id).kind = FunctionKind::Import(ImportedFunction { import, ty });
        }
    }
    for (n, id) in tables.iter().enumerate() {
        let import = module.imports.add("", &name(Wanted::Table(n)), ImportKind::Table(*id));
        module.tables.get_mut(*id).import = Some(import);
    }
    for (n, id) in memories.iter().enumerate() {
        let import = module.imports.add("", &name(Wanted::Memory(n)), ImportKind::Memory(*id));
        module.memories.get_mut(*id).import = Some(import);
    }
    for (n, id) in globals.iter().enumerate() {
        let import = module.imports.add("", &name(Wanted::Global(n)), ImportKind::Global(*id));
        module.globals.get_mut(*id).kind = GlobalKind::Import(import);
    }

    let table = main_table(module)?;
    let base = enlarge(module, table, doors);
    let offset = ConstExpr::Value(Value::I32(base as i32));
    let held = ElementItems::Functions(doors.entered.iter().map(|&n| ids[n]).collect());
    let element = module.elements.add(ElementKind::Active { table, offset }, held);
    module.tables.get_mut(table).elem_segments.insert(element);

    // Exported for a moment: what is exported is used.
    let root = module.exports.add("table", table);
    walrus::passes::gc::run(module);
    module.exports.delete(root);

    let mut wanted = Vec::new();
    for import in module.imports.iter_mut() {
        let temporary: usize = import.name.parse().map_err(|_| format!("the import {}", import.name))?;
        wanted.push(all[temporary]);
        import.name = short(wanted.len() - 1);
    }
    Ok((wanted, base))
}

/// Takes out what only the first part has: exports, and what is laid into memory and table at the beginning.
fn clear(module: &mut Module) {
    let exports: Vec<_> = module.exports.iter().map(|export| export.id()).collect();
    exports.into_iter().for_each(|id| module.exports.delete(id));
    let elements: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
    elements.into_iter().for_each(|id| module.elements.delete(id));
    module.tables.iter_mut().for_each(|table| table.elem_segments.clear());
    let data: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    data.into_iter().for_each(|id| module.data.delete(id));
    module.memories.iter_mut().for_each(|memory| memory.data_segments.clear());
}

/// Makes room in the table for the functions behind the doors. Returns where it begins.
fn enlarge(module: &mut Module, table: TableId, doors: &Doors) -> u64 {
    let table = module.tables.get_mut(table);
    let base = table.initial;
    table.initial += doors.entered.len() as u64;
    if let Some(most) = &mut table.maximum {
        *most += doors.entered.len() as u64;
    }
    base
}

/// Makes the first part of a whole program.
fn first_part(module: &mut Module, doors: &Doors, wanted: &[Wanted], base: u64) -> Result<(), String> {
    let ids = ids(module);
    module.customs = Default::default();
    for (number, wanted) in wanted.iter().enumerate() {
        let item = match *wanted {
            Wanted::Function(n) => ids[n].into(),
            Wanted::Table(n) => nth(module.tables.iter().map(|table| table.id()), n)?.into(),
            Wanted::Memory(n) => nth(module.memories.iter().map(|memory| memory.id()), n)?.into(),
            Wanted::Global(n) => nth(module.globals.iter().map(|global| global.id()), n)?.into(),
        };
        let item: ExportItem = item;
        module.exports.add(&short(number), item);
    }
    let table = main_table(module)?;
    enlarge(module, table, doors);
    let knock = knock(module)?;
    for (n, &door) in doors.entered.iter().enumerate() {
        let ty = module.funcs.get(ids[door]).ty();
        let (params, results) = module.types.params_results(ty);
        let (params, results) = (params.to_vec(), results.to_vec());
        let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
        let args: Vec<LocalId> = params.iter().map(|param| module.locals.add(*param)).collect();
        let mut body = builder.func_body();
        body.call(knock);
        for arg in &args {
            body.local_get(*arg);
        }
        body.i32_const((base as usize + n) as i32).call_indirect(ty, table);
        module.funcs.get_mut(ids[door]).kind = FunctionKind::Local(builder.local_func(args));
    }
    walrus::passes::gc::run(module);
    Ok(())
}

/// A function that loads the second part unless it is there.
fn knock(module: &mut Module) -> Result<FunctionId, String> {
    let there = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
    module.exports.add(THERE, there);
    let from = module.imports.iter().next().map(|import| import.module.clone());
    let from = from.ok_or("the program imports nothing, so nothing can load its second part")?;
    let ty = module.types.add(&[], &[]);
    let (load, _) = module.add_import_func(&from, LOADER, ty);
    let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
    builder.func_body().global_get(there).if_else(
        None,
        |_| {},
        |missing| {
            missing.call(load);
        },
    );
    Ok(builder.finish(Vec::new(), &mut module.funcs))
}

fn nth<T>(mut all: impl Iterator<Item = T>, n: usize) -> Result<T, String> {
    all.nth(n).ok_or_else(|| "the program was read differently the second time".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `start` (exported) calls `draw` and `show`; `show` calls `help`, and `help` calls `draw` and the import.
    fn program() -> Vec<u8> {
        let mut module = Module::default();
        let ty = module.types.add(&[ValType::I32], &[ValType::I32]);
        let (log, _) = module.add_import_func("web", "a0", ty);
        let memory = module.memories.add_local(false, false, 1, None, None);
        module.exports.add("memory", memory);
        let table = module.tables.add_local(false, 1, Some(1), walrus::RefType::FUNCREF);
        let mut function = |name: &str, calls: &[FunctionId]| {
            let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
            let arg = module.locals.add(ValType::I32);
            let mut body = builder.name(name.to_owned()).func_body();
            body.local_get(arg);
            for call in calls {
                body.call(*call);
            }
            builder.finish(vec![arg], &mut module.funcs)
        };
        let draw = function("page[0123abcd]::draw", &[]);
        let help = function("page[0123abcd]::help", &[draw, log]);
        let show = function("page[0123abcd]::show", &[help]);
        let start = function("page[0123abcd]::start", &[draw, show]);
        module.exports.add("start", start);
        let zero = ConstExpr::Value(Value::I32(0));
        let element = module
            .elements
            .add(ElementKind::Active { table, offset: zero }, ElementItems::Functions(vec![show]));
        module.tables.get_mut(table).elem_segments.insert(element);
        module.emit_wasm()
    }

    fn later(names: &[&str]) -> BTreeSet<u32> {
        names.iter().map(|name| digest(name)).collect()
    }

    fn own(module: &Module) -> usize {
        module.funcs.iter_local().count()
    }

    #[test]
    fn what_is_wanted_later_goes_and_a_door_stays_where_it_is_entered() {
        let parts = split(&program(), &later(&["page::help", "page::show"])).expect("it is a program");
        let first = read(&parts.first).expect("the first part is valid");
        let second =
            read(&parts.second.expect("something is wanted later")).expect("the second part is valid");
        assert_eq!(own(&second), 2, "show and help");
        // `help` is entered only by `show`: it has no door.
        assert_eq!(own(&first), 4, "start, draw, the door of show, and what knocks");
        assert!(first.imports.find("web", LOADER).is_some());
        let table = |module: &Module| module.tables.iter().next().map(|table| table.initial);
        assert_eq!((table(&first), table(&second)), (Some(2), Some(2)), "one place more, for show");
    }

    #[test]
    fn the_first_part_hands_out_what_the_second_imports() {
        let parts = split(&program(), &later(&["page::help", "page::show"])).expect("it is a program");
        let first = read(&parts.first).expect("the first part is valid");
        let second =
            read(&parts.second.expect("something is wanted later")).expect("the second part is valid");
        let imports: BTreeSet<&str> = second.imports.iter().map(|import| import.name.as_str()).collect();
        let exports: BTreeSet<&str> = first.exports.iter().map(|export| export.name.as_str()).collect();
        assert_eq!(imports.len(), 3, "draw, the import and the table: {imports:?}");
        assert!(imports.is_subset(&exports), "{imports:?} of {exports:?}");
        assert!(exports.contains(THERE) && exports.contains("start") && exports.contains("memory"));
        for import in second.imports.iter() {
            let export = first.exports.iter().find(|export| export.name == import.name);
            let same = matches!(
                (&import.kind, export.map(|export| &export.item)),
                (ImportKind::Function(_), Some(ExportItem::Function(_)))
                    | (ImportKind::Table(_), Some(ExportItem::Table(_)))
            );
            assert!(same, "{}", import.name);
        }
    }

    #[test]
    fn without_a_list_the_program_stays_whole_and_loses_its_names() {
        let parts = split(&program(), &later(&["page::another"])).expect("it is a program");
        assert!(parts.second.is_none());
        let first = read(&parts.first).expect("it is valid");
        assert_eq!(own(&first), 4);
        assert!(first.funcs.iter().all(|function| function.name.is_none()));
    }

    #[test]
    fn a_marked_program_tells_of_every_name_whether_it_ran() {
        let marked = read(&mark(&program()).expect("it is a program")).expect("it is valid");
        let told: BTreeSet<String> = marked.exports.iter().map(|export| export.name.clone()).collect();
        for name in ["page::draw", "page::help", "page::show", "page::start"] {
            assert!(told.contains(&format!("ran {:08x}", digest(name))), "{name}: {told:?}");
        }
    }

    #[test]
    fn a_digest_is_that_of_the_name_whatever_the_compiler_adds() {
        assert_eq!(digest("<a[0123abcd]::B as c[ffff]::D>::e"), digest("<a[77]::B as c[0]::D>::e"));
        assert_ne!(digest("a::b"), digest("a::c"));
    }

    #[test]
    fn what_is_no_program_is_refused() {
        assert!(split(b"\0asm", &BTreeSet::new()).is_err());
        assert!(mark(b"page").is_err());
    }

    #[test]
    fn short_names_count_on() {
        assert_eq!([0, 35, 36, 1295, 1296].map(short), ["$0", "$z", "$10", "$zz", "$100"]);
    }
}

//! How does what binds the program to the browser get shorter? After the build: wasm-bindgen names
//! each import with a digest of sixteen letters, which stands in the program and in the script and cannot be
//! compressed. They become `a0`, `a1` and so on; and the script loses its comments and indents. Worth 5 KB of the
//! first load.

/// The program and its script with short names. None where a name of the one is not in the other.
pub fn short(program: &[u8], script: &str) -> Option<(Vec<u8>, String)> {
    const IMPORTS: u8 = 2;
    let (magic, mut rest) = program.split_at_checked(8)?;
    let mut out = magic.to_vec();
    let mut script = without_comments(script);
    while let Some((&kind, after)) = rest.split_first() {
        let mut after = after;
        let length = number(&mut after)?;
        let (body, next) = after.split_at_checked(length)?;
        let shorter = if kind == IMPORTS { Some(imports(body, &mut script)?) } else { None };
        let body = shorter.as_deref().unwrap_or(body);
        out.push(kind);
        write(&mut out, body.len());
        out.extend_from_slice(body);
        rest = next;
    }
    Some((out, script))
}

/// The section of imports with short names; the script is changed with it. Only functions are imported from it.
fn imports(mut body: &[u8], script: &mut String) -> Option<Vec<u8>> {
    const FUNCTION: u8 = 0;
    let count = number(&mut body)?;
    let mut out = Vec::new();
    write(&mut out, count);
    for n in 0..count {
        let module = name(&mut body)?;
        let long = std::str::from_utf8(name(&mut body)?).ok()?;
        let (&kind, after) = body.split_first()?;
        body = after;
        let index = number(&mut body)?;
        let key = format!("{long}: ");
        if kind != FUNCTION || script.matches(&key).count() != 1 {
            return None;
        }
        let short = format!("a{n}");
        *script = script.replace(&key, &format!("{short}: "));
        for part in [module, short.as_bytes()] {
            write(&mut out, part.len());
            out.extend_from_slice(part);
        }
        out.push(kind);
        write(&mut out, index);
    }
    Some(out)
}

/// Without the comments that stand on lines of their own, and without indents.
pub fn without_comments(script: &str) -> String {
    let mut out = String::with_capacity(script.len());
    let mut comment = false;
    for line in script.lines().map(str::trim_start) {
        comment |= line.starts_with("/**");
        if !comment && !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
        comment &= !line.ends_with("*/");
    }
    out
}

/// Bytes with their length before them.
pub fn name<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = number(bytes)?;
    let (name, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(name)
}

/// A number in LEB128, seven bits to a byte.
pub fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut value = 0usize;
    for shift in (0..32).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

pub fn write(out: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        out.push(value as u8 & 0x7f | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that imports two functions, then a section that is none of our business.
    fn program(names: [&str; 2]) -> Vec<u8> {
        let mut body = vec![2];
        for (index, name) in names.iter().enumerate() {
            for part in ["./x.js", name] {
                body.push(part.len() as u8);
                body.extend_from_slice(part.as_bytes());
            }
            body.extend([0, index as u8]);
        }
        let mut program = b"\0asm\x01\0\0\0".to_vec();
        program.push(2);
        write(&mut program, body.len());
        program.extend(body);
        program.extend([10, 3, 1, 2, 3]);
        program
    }

    const SCRIPT: &str = "/**\n * What it does.\n */\nexport function run() {}\n    // said\n    __wbg_now_0123: function() {\n        return 1;\n    },\n    __wbg_log_4567: function() { x(); },\n";

    #[test]
    fn script_and_program_agree_on_shorter_names() {
        let (shorter, script) =
            short(&program(["__wbg_now_0123", "__wbg_log_4567"]), SCRIPT).expect("it is ours");
        assert_eq!(shorter, program(["a0", "a1"]));
        assert_eq!(
            script,
            "export function run() {}\na0: function() {\nreturn 1;\n},\na1: function() { x(); },\n"
        );
    }

    #[test]
    fn a_script_of_another_program_is_refused() {
        assert_eq!(short(&program(["__wbg_now_0123", "__wbg_other_8888"]), SCRIPT), None);
        assert_eq!(short(b"\0asm", SCRIPT), None);
        let whole = program(["__wbg_now_0123", "__wbg_log_4567"]);
        assert_eq!(short(&whole[..30], SCRIPT), None);
    }
}

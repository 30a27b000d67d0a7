//! Which known name was meant?

use super::problem::{listed, quoted};

/// The known name nearest to `name`, if one is near enough to be a slip of the keyboard.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 64;
    let name: Vec<char> = name.chars().take(LONGEST + 1).map(|c| c.to_ascii_lowercase()).collect();
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let letters: Vec<char> = candidate.chars().take(LONGEST).map(|c| c.to_ascii_lowercase()).collect();
        let most = (name.len().max(letters.len()) / 3).max(1);
        let distance = distance(&name, &letters);
        let begins = name.len() >= 3 && letters.starts_with(&name);
        if (distance <= most || begins) && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `unknown queue `mial`; did you mean `mail`? (queues here: mail, stock)`. A long list is left out where there
/// is a guess.
pub fn unknown(what: &str, name: &str, plural: &str, known: &[&str]) -> String {
    const SHORT: usize = 8;
    let guess = match nearest(name, known.iter().copied()) {
        Some(guess) if known.len() > SHORT => {
            return format!("unknown {what} {}; did you mean `{guess}`?", quoted(name));
        }
        Some(guess) => format!("; did you mean `{guess}`?"),
        None => String::new(),
    };
    format!("unknown {what} {}{guess} ({plural}: {})", quoted(name), listed(known.iter().copied()))
}

/// Letters to insert, delete, replace or swap with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut before_last = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; width];
        for j in 1..width {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_a_stranger_none() {
        let known = ["mail", "stock", "dead-letters"];
        assert_eq!(nearest("mial", known), Some("mail"));
        assert_eq!(nearest("Mail", known), Some("mail"));
        assert_eq!(nearest("dead_letters", known), Some("dead-letters"));
        assert_eq!(nearest("dead", known), Some("dead-letters"));
        assert_eq!(nearest("warehouse", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest(&"x".repeat(100_000), known), None);
    }
}

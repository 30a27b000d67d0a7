//! How is a seed said aloud? As three words: an adjective, a colour and an animal, 64 of each, 18 bits.

use super::nearest::nearest;
use super::problem::quoted;

/// How many seeds have words: those below this.
pub const SEEDS_WITH_WORDS: u64 = 1 << 18;

/// The three words of a seed, joined by `-`: `calm-amber-otter`. None for a seed of more than 18 bits.
pub fn seed_words(seed: u64) -> Option<String> {
    let word = |list: &[&'static str; 64], shift: u32| list[(seed >> shift & 63) as usize];
    (seed < SEEDS_WITH_WORDS)
        .then(|| format!("{}-{}-{}", word(&ADJECTIVES, 12), word(&COLOURS, 6), word(&ANIMALS, 0)))
}

/// Reads a seed: a decimal number, or three words joined by `-` or spaces.
///
/// # Errors
/// A sentence that names the word at fault and the nearest known one.
pub fn parse_seed(text: &str) -> Result<u64, String> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text
            .parse()
            .map_err(|_| format!("the seed {} is too large; the largest is {}", quoted(text), u64::MAX));
    }
    let words: Vec<String> =
        text.split(['-', ' ']).filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).take(4).collect();
    let [adjective, colour, animal] = words.as_slice() else {
        return Err(format!(
            "{} is not a seed; write a number, or three words like calm-amber-otter",
            quoted(text)
        ));
    };
    let find = |list: &[&str; 64], word: &str, what: &str| {
        list.iter().position(|known| *known == word).map(|place| place as u64).ok_or_else(|| {
            let guess = nearest(word, list.iter().copied());
            let guess = guess.map_or(String::new(), |guess| format!("; did you mean `{guess}`?"));
            format!("no seed has the {what} {}{guess}", quoted(word))
        })
    };
    let high = find(&ADJECTIVES, adjective, "adjective")?;
    let middle = find(&COLOURS, colour, "colour")?;
    let low = find(&ANIMALS, animal, "animal")?;
    Ok(high << 12 | middle << 6 | low)
}

#[rustfmt::skip]
const ADJECTIVES: [&str; 64] = [
    "able", "airy", "bold", "brave", "bright", "brisk", "calm", "cheery", "clever", "cosy", "crisp",
    "curious", "daring", "deft", "eager", "early", "easy", "fair", "fancy", "fine", "fond", "frank",
    "fresh", "gentle", "glad", "grand", "happy", "hardy", "honest", "humble", "jolly", "keen", "kind",
    "lively", "loyal", "lucky", "merry", "mighty", "mild", "modest", "neat", "nimble", "noble", "patient",
    "plucky", "polite", "proud", "quick", "quiet", "ready", "sharp", "silent", "smart", "snug", "solid",
    "steady", "sunny", "swift", "tidy", "trusty", "warm", "wise", "witty", "zesty",
];

#[rustfmt::skip]
const COLOURS: [&str; 64] = [
    "amber", "apricot", "aqua", "ash", "azure", "beige", "blue", "brass", "brick", "bronze", "brown",
    "cherry", "cobalt", "copper", "coral", "cream", "crimson", "cyan", "denim", "ebony", "emerald",
    "fawn", "gold", "green", "grey", "hazel", "indigo", "ivory", "jade", "khaki", "lavender", "lemon",
    "lilac", "lime", "linen", "magenta", "maroon", "mauve", "mint", "mocha", "mustard", "navy", "olive",
    "orange", "orchid", "peach", "pearl", "pink", "plum", "purple", "red", "rose", "ruby", "rust",
    "saffron", "sage", "sand", "scarlet", "silver", "teal", "umber", "violet", "white", "yellow",
];

#[rustfmt::skip]
const ANIMALS: [&str; 64] = [
    "badger", "bear", "beaver", "bee", "bison", "camel", "cat", "crab", "crane", "deer", "dolphin",
    "donkey", "duck", "eagle", "falcon", "ferret", "finch", "fox", "frog", "gecko", "goat", "goose",
    "hamster", "hare", "heron", "hippo", "horse", "jaguar", "koala", "lemur", "lion", "llama", "lynx",
    "magpie", "moose", "mouse", "octopus", "orca", "otter", "owl", "panda", "parrot", "penguin", "pigeon",
    "puffin", "puma", "rabbit", "raven", "robin", "seal", "sheep", "sloth", "snail", "swan", "tiger",
    "toad", "turtle", "walrus", "whale", "wolf", "wombat", "wren", "yak", "zebra",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_word_stands_once() {
        let words: BTreeSet<&str> = [ADJECTIVES, COLOURS, ANIMALS].into_iter().flatten().collect();
        assert_eq!(words.len(), 3 * 64);
        assert!(words.iter().all(|word| (3..=8).contains(&word.len())), "{words:?}");
    }

    #[test]
    fn words_and_seeds_are_one_to_one() {
        for seed in 0..SEEDS_WITH_WORDS {
            assert_eq!(seed_words(seed).map(|words| parse_seed(&words)), Some(Ok(seed)));
        }
        assert_eq!(seed_words(SEEDS_WITH_WORDS), None);
    }

    #[test]
    fn a_seed_is_read_as_people_write_it() {
        let otter = parse_seed("calm-amber-otter");
        assert_eq!(parse_seed(" Calm amber  Otter "), otter);
        assert_eq!(parse_seed("18446744073709551615"), Ok(u64::MAX));
        let wrong = |text: &str| parse_seed(text).unwrap_err();
        assert_eq!(wrong("calm-amber-oter"), "no seed has the animal `oter`; did you mean `otter`?");
        assert_eq!(
            wrong("18446744073709551616"),
            "the seed `18446744073709551616` is too large; the largest is 18446744073709551615"
        );
        assert_eq!(wrong("x"), "`x` is not a seed; write a number, or three words like calm-amber-otter");
        for text in ["", "-", "1.5", "-1", "a b c d", "0x10"] {
            assert!(parse_seed(text).is_err(), "{text} was read");
        }
    }
}

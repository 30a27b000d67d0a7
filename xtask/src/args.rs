//! Which words and options stand on the command line?

use crate::failure::{Failure, Outcome};

/// The arguments that nobody has taken yet.
pub struct Args {
    left: Vec<String>,
    /// What stands behind `--`: not ours, handed on as it is.
    passed_on: Vec<String>,
}

impl Args {
    pub fn new(mut all: Vec<String>) -> Args {
        let passed_on = match all.iter().position(|arg| arg == "--") {
            Some(at) => all.split_off(at).split_off(1),
            None => Vec::new(),
        };
        Args { left: all, passed_on }
    }

    /// Whether somebody asks what there is, alone or behind a command.
    pub fn asks_for_help(&self) -> bool {
        self.left.first().is_some_and(|word| word == "help")
            || self.left.iter().any(|word| word == "--help" || word == "-h")
    }

    /// Takes the first word.
    pub fn next_word(&mut self) -> Option<String> {
        if self.left.is_empty() { None } else { Some(self.left.remove(0)) }
    }

    /// Takes `--name VALUE` or `--name=VALUE`.
    pub fn option(&mut self, name: &str) -> Outcome<Option<String>> {
        let joined = format!("{name}=");
        let Some(at) = self.left.iter().position(|arg| arg == name || arg.starts_with(&joined)) else {
            return Ok(None);
        };
        let arg = self.left.remove(at);
        if let Some(value) = arg.strip_prefix(&joined) {
            return Ok(Some(value.to_owned()));
        }
        if at < self.left.len() {
            return Ok(Some(self.left.remove(at)));
        }
        Err(Failure::new(name, "the value is missing", format!("write {name} VALUE")))
    }

    /// Takes `--name`. True if it was there.
    pub fn flag(&mut self, name: &str) -> bool {
        let at = self.left.iter().position(|arg| arg == name);
        at.map(|at| self.left.remove(at)).is_some()
    }

    /// Takes what stands behind `--`.
    pub fn passed_on(&mut self) -> Vec<String> {
        std::mem::take(&mut self.passed_on)
    }

    /// Takes all that is left.
    pub fn rest(&mut self) -> Vec<String> {
        std::mem::take(&mut self.left)
    }

    /// Refuses whatever nobody took.
    pub fn finish(self) -> Outcome {
        match self.left.first().or(self.passed_on.first()) {
            None => Ok(()),
            Some(arg) => Err(Failure::new(
                format!("'{arg}'"),
                "this command does not know it",
                "`cargo xtask help` lists what there is",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(text: &str) -> Args {
        Args::new(text.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn an_option_is_taken_in_both_spellings() {
        for text in ["serve --port 9", "serve --port=9"] {
            let mut args = args(text);
            assert_eq!(args.next_word().as_deref(), Some("serve"));
            assert_eq!(args.option("--port"), Ok(Some("9".to_owned())));
            assert_eq!(args.finish(), Ok(()));
        }
    }

    #[test]
    fn an_option_without_its_value_and_an_unknown_word_are_refused() {
        assert!(args("--port").option("--port").is_err());
        assert!(args("--prot 9").finish().is_err());
        assert!(args("-- x").finish().is_err());
    }

    #[test]
    fn help_is_asked_for_alone_or_behind_a_command() {
        assert!(
            ["help", "--help", "-h", "screenshots --help", "test -h"]
                .iter()
                .all(|text| args(text).asks_for_help())
        );
        assert!(
            ["", "test", "serve --port 9", "test -- --help"].iter().all(|text| !args(text).asks_for_help())
        );
    }

    #[test]
    fn what_stands_behind_two_dashes_is_handed_on() {
        let mut args = args("--only page -- --only wasm");
        assert_eq!(args.option("--only"), Ok(Some("page".to_owned())));
        assert_eq!(args.passed_on(), ["--only", "wasm"]);
        assert_eq!(args.finish(), Ok(()));
    }
}

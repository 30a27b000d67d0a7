//! Which browser and which driver do the tests use?

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::pins;
use crate::place::Place;
use crate::run;
use crate::system;

/// A browser and the driver that fits it.
pub struct Browser {
    pub chrome: PathBuf,
    pub driver: PathBuf,
}

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Finds both, with apt's help where they are missing and that is possible.
pub fn find(place: &Place) -> Outcome<Browser> {
    // Debian's names, then Ubuntu's.
    for packages in [&["chromium", "chromium-driver"], &["chromium-browser", "chromium-chromedriver"]] {
        if chrome(place).is_some() && driver(place).is_some() {
            break;
        }
        system::apt(place, packages)?;
    }
    let (Some(chrome), Some(driver)) = (chrome(place), driver(place)) else {
        return Err(Failure::new(
            "the browser tests",
            "Chromium (or Chrome) and its chromedriver are needed and not on the PATH",
            "install both (Debian: apt-get install chromium chromium-driver), or name them in \
             BROKERLAB_CHROME and CHROMEDRIVER",
        ));
    };
    agree(&version(&chrome)?, &version(&driver)?)?;
    Ok(Browser { chrome, driver })
}

fn chrome(place: &Place) -> Option<PathBuf> {
    if let Some(named) = env::var_os("BROKERLAB_CHROME").filter(|value| !value.is_empty()) {
        return Some(named.into());
    }
    let mac = Path::new("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    NAMES.iter().find_map(|name| run::find(place, name)).or_else(|| mac.is_file().then(|| mac.into()))
}

fn driver(place: &Place) -> Option<PathBuf> {
    match env::var_os("CHROMEDRIVER").filter(|value| !value.is_empty()) {
        Some(named) => Some(named.into()),
        None => run::find(place, "chromedriver"),
    }
}

fn version(program: &Path) -> Outcome<String> {
    let said = run::says_version(program).unwrap_or_default();
    pins::version_in(&said).map(str::to_owned).ok_or_else(|| {
        Failure::new(
            program.display().to_string(),
            "it does not answer to --version",
            "is it a working Chromium or chromedriver? BROKERLAB_CHROME and CHROMEDRIVER can name others",
        )
    })
}

/// A driver steers only the browser of its own major version.
fn agree(chrome: &str, driver: &str) -> Outcome {
    if pins::major(chrome) == pins::major(driver) {
        return Ok(());
    }
    Err(Failure::new(
        "chromedriver",
        format!("it is version {driver}, the browser is {chrome}: the first numbers must be equal"),
        "install the driver of this browser, or name a fitting pair in BROKERLAB_CHROME and CHROMEDRIVER",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browser_and_driver_agree_by_their_first_number() {
        assert_eq!(agree("156.0.8078.79", "156.1.2"), Ok(()));
        assert!(agree("156.0", "155.0").is_err());
    }
}

//! Where do the repository, its parts and the tools lie?

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};

/// The folders that the commands work in.
pub struct Place {
    /// The repository.
    pub root: PathBuf,
    /// The tools of this user, shared by all clones of the repository.
    pub tools: PathBuf,
}

impl Place {
    pub fn find() -> Outcome<Place> {
        // At run time first: clones may share a target folder, and with it this program.
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().map(Path::to_path_buf).unwrap_or_default();
        if !root.join("Cargo.lock").is_file() {
            return Err(Failure::new(
                root.display().to_string(),
                "no Cargo.lock lies there",
                "run `cargo xtask` from inside the repository",
            ));
        }
        let tools = tools_dir(|name| env::var_os(name)).ok_or_else(|| {
            Failure::new(
                "the tools' folder",
                "no home folder is known",
                "set BROKERLAB_TOOLS to a folder where tools may be installed",
            )
        })?;
        Ok(Place { root, tools })
    }

    /// What Trunk builds.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The page's tests.
    pub fn page(&self) -> PathBuf {
        self.root.join("tests").join("page")
    }

    /// Where cargo puts our tools.
    pub fn bin(&self) -> PathBuf {
        self.tools.join("bin")
    }

    /// Where npm puts our tools.
    pub fn node_bin(&self) -> PathBuf {
        self.tools.join("node_modules").join(".bin")
    }

    /// The PATH of every child: our tools first.
    pub fn path(&self) -> OsString {
        let old = env::var_os("PATH").unwrap_or_default();
        let all = [self.bin(), self.node_bin()].into_iter().chain(env::split_paths(&old));
        env::join_paths(all).unwrap_or(old)
    }
}

fn tools_dir(var: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name| var(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(tools) = set("BROKERLAB_TOOLS") {
        return Some(tools);
    }
    let cache = set("XDG_CACHE_HOME").or_else(|| {
        if cfg!(windows) { set("LOCALAPPDATA") } else { set("HOME").map(|home| home.join(".cache")) }
    })?;
    Some(cache.join("brokerlab").join("tools"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Option<PathBuf> {
        tools_dir(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn the_tools_lie_where_the_user_says_else_in_the_cache() {
        let all = [("BROKERLAB_TOOLS", "t"), ("XDG_CACHE_HOME", "c"), ("HOME", "h"), ("LOCALAPPDATA", "h")];
        assert_eq!(with(&all), Some(PathBuf::from("t")));
        assert_eq!(with(&all[1..]), Some(Path::new("c").join("brokerlab").join("tools")));
        assert!(with(&all[2..]).is_some_and(|path| path.starts_with("h")));
        assert_eq!(with(&[("BROKERLAB_TOOLS", "")]), None);
    }
}

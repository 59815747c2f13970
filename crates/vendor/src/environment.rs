//! What the surroundings say: variables, and the files of Docker and Helm.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The variables that a run was started with.
///
/// The command line reads them once; nothing here asks the process.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// These variables.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Environment {
        Environment { variables: variables.into_iter().collect() }
    }

    /// The value of a variable that is set to something.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value of a variable that is spelt in small or in capital letters.
    pub(crate) fn get_any_case(&self, name: &str) -> Option<&str> {
        self.get(&name.to_ascii_lowercase()).or_else(|| self.get(name))
    }

    /// All variables; for programs that are started.
    pub(crate) fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// The folder of Docker's configuration: `DOCKER_CONFIG`, or `~/.docker`.
    pub(crate) fn docker(&self) -> Option<PathBuf> {
        let own = self.get("DOCKER_CONFIG").map(PathBuf::from);
        own.or_else(|| Some(self.home()?.join(".docker")))
    }

    /// A file of Helm's configuration, which `variable` may place elsewhere.
    pub(crate) fn helm(&self, variable: &str, inside: &str) -> Option<PathBuf> {
        if let Some(path) = self.get(variable) {
            return Some(PathBuf::from(path));
        }
        let folder = match self.get("HELM_CONFIG_HOME") {
            Some(folder) => PathBuf::from(folder),
            None => match self.get("XDG_CONFIG_HOME") {
                Some(folder) => Path::new(folder).join("helm"),
                None => self.home()?.join(default_configuration()),
            },
        };
        Some(folder.join(inside))
    }

    fn home(&self) -> Option<PathBuf> {
        self.get("HOME").or_else(|| self.get("USERPROFILE")).map(PathBuf::from)
    }
}

/// Where Helm keeps its configuration below the home folder.
fn default_configuration() -> &'static str {
    match cfg!(target_os = "macos") {
        true => "Library/Preferences/helm",
        false => ".config/helm",
    }
}

/// The bytes of a file of the surroundings; `None` if there is none.
#[expect(clippy::disallowed_methods, reason = "these files are no part of a world")]
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, String> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("cannot read `{}`: {error}", path.display())),
    }
}

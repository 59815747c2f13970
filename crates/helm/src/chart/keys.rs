//! [`ChartKeys`]: the values that a chart knows, as they are asked for.

use std::collections::BTreeSet;

use ecow::EcoString;
use gotemplate::{PathId, Paths};
use goyaml::{Data, Value};

/// The values that a chart and its dependencies know.
#[derive(Debug)]
pub struct ChartKeys {
    /// What templates mention.
    pub(crate) mentioned: Paths,
    /// What `values.schema.json` names.
    pub(crate) declared: Paths,
    /// The default values, those of dependencies under their names.
    pub defaults: Value,
    /// The chart and its dependencies, parents first.
    pub charts: Vec<ChartAt>,
    /// The conditions and tags of dependencies.
    pub(crate) switches: BTreeSet<Vec<EcoString>>,
}

/// A chart inside of another one, or the outermost itself.
#[derive(Clone, Debug)]
pub struct ChartAt {
    /// Where its values are in those of the outermost; empty for itself.
    pub path: Vec<EcoString>,
    /// Its name as its author knows it: no alias.
    pub name: EcoString,
    /// Its version.
    pub version: EcoString,
}

impl ChartKeys {
    /// Could a template look at this value?
    #[must_use]
    pub fn mentions(&self, path: &[&str]) -> bool {
        self.with_globals(path, &|path| self.mentioned.mentions(path.iter().copied()))
    }

    /// Does `values.schema.json` name this value?
    #[must_use]
    pub fn declares(&self, path: &[&str]) -> bool {
        let root = self.declared.entries(Paths::ROOT).next().is_some();
        root && self
            .with_globals(path, &|path| self.declared.mentions(path.iter().copied()))
    }

    /// Does it switch a dependency on or off?
    #[must_use]
    pub fn switches(&self, path: &[&str]) -> bool {
        let path: Vec<EcoString> = path.iter().map(|key| EcoString::from(*key)).collect();
        self.switches.contains(&path)
    }

    /// The default of a value: its own chart's, or for a global that of the first chart below
    /// which has one.
    #[must_use]
    pub fn default(&self, path: &[&str]) -> Option<&Value> {
        let default = |path: &[&str]| at(&self.defaults, path.iter().copied());
        default(path).or_else(|| self.globals(path).iter().find_map(|path| default(path)))
    }

    /// Shows the path of every value that is known by its key, parents first, each once.
    pub fn each(&self, see: &mut dyn FnMut(&[&str])) {
        let mut seen = BTreeSet::new();
        let mut at = Vec::new();
        for paths in [&self.mentioned, &self.declared] {
            known(paths, Paths::ROOT, &mut at, &mut seen);
        }
        defaults_below(&self.defaults, &mut at, &mut seen);
        self.globals_above(&mut seen);
        seen.iter().for_each(|path| see(path));
    }

    /// What a chart reads of its globals can be set in every chart around it.
    fn globals_above<'k>(&'k self, seen: &mut BTreeSet<Vec<&'k str>>) {
        let mut above = Vec::new();
        for path in seen.iter() {
            for chart in self.charts.iter().filter(|chart| !chart.path.is_empty()) {
                let of = chart.path.len();
                let own = chart.path.iter().zip(path).all(|(a, b)| a == b);
                if !own || path.get(of) != Some(&"global") {
                    continue;
                }
                let rest = path.iter().skip(of);
                for outer in 0..of {
                    above.push(
                        path.iter().take(outer).chain(rest.clone()).copied().collect(),
                    );
                }
            }
        }
        seen.extend(above);
    }

    fn with_globals(&self, path: &[&str], test: &dyn Fn(&[&str]) -> bool) -> bool {
        test(path) || self.globals(path).iter().any(|path| test(path))
    }

    /// Where else a value is seen: globals of a chart are, by all charts below it.
    fn globals<'k>(&'k self, path: &[&'k str]) -> Vec<Vec<&'k str>> {
        let global = path.iter().position(|key| *key == "global");
        let Some((of, rest)) = global.and_then(|at| path.split_at_checked(at)) else {
            return Vec::new();
        };
        let below = self.charts.iter().filter(|chart| {
            chart.path.len() > of.len() && chart.path.iter().zip(of).all(|(a, b)| a == b)
        });
        let keys = below.map(|chart| chart.path.iter().map(EcoString::as_str));
        keys.map(|outer| outer.chain(rest.iter().copied()).collect()).collect()
    }
}

/// The value at a path of keys.
pub(crate) fn at<'v, 'k>(
    values: &'v Value,
    mut path: impl Iterator<Item = &'k str>,
) -> Option<&'v Value> {
    path.try_fold(values, |at, key| Some(&at.as_map()?.get(key)?.value))
}

fn known<'k>(
    paths: &'k Paths,
    of: PathId,
    at: &mut Vec<&'k str>,
    seen: &mut BTreeSet<Vec<&'k str>>,
) {
    for (key, id) in paths.entries(of) {
        at.push(key);
        seen.insert(at.clone());
        known(paths, id, at, seen);
        at.pop();
    }
}

fn defaults_below<'k>(
    value: &'k Value,
    at: &mut Vec<&'k str>,
    seen: &mut BTreeSet<Vec<&'k str>>,
) {
    let Data::Map(map) = &value.data else { return };
    for (key, entry) in map {
        at.push(key);
        seen.insert(at.clone());
        defaults_below(&entry.value, at, seen);
        at.pop();
    }
}

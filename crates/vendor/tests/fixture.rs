//! Charts, and surroundings to vendor them in.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::time::Duration;

use tempfile::TempDir;
use vendor::{
    Brought, Cache, Digest, Entry, Environment, Fault, Lock, LockedChart, LockedRemote,
    Outcome, Patience, Settings, Vendor, Wanted,
};

/// The archive of a chart.
pub(crate) fn chart(name: &str, version: &str, values: &str) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let metadata = format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
    let files = [
        ("Chart.yaml", metadata.as_str()),
        ("values.yaml", values),
        ("templates/a.yaml", "kind: A\n"),
    ];
    for (file, text) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("{name}/{file}"), text.as_bytes()).unwrap();
    }
    let tar = tar.into_inner().unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&tar).unwrap();
    gzip.finish().unwrap()
}

/// An index that names one chart, and the chart.
pub(crate) fn index_of(name: &str, version: &str, values: &str) -> (String, Vec<u8>) {
    let archive = chart(name, version, values);
    (index(&[(name, version, &Digest::of(&archive).to_string())]), archive)
}

/// An index of charts: name, version, digest. Addresses are relative.
pub(crate) fn index(charts: &[(&str, &str, &str)]) -> String {
    let mut by_name: BTreeMap<&str, String> = BTreeMap::new();
    for (name, version, digest) in charts {
        let text = by_name.entry(name).or_default();
        *text += &format!(
            "  - name: {name}\n    version: {version}\n    digest: {digest}\n    urls:\n    \
             - {name}-{version}.tgz\n"
        );
    }
    let entries = by_name.iter().map(|(name, text)| format!("  {name}:\n{text}"));
    format!("apiVersion: v1\nentries:\n{}", entries.collect::<String>())
}

/// A home folder, an environment, a cache, and patience for tests.
pub(crate) struct Surroundings {
    folder: TempDir,
    variables: BTreeMap<String, String>,
    pub(crate) settings: Settings,
    pub(crate) cache: Cache,
}

impl Surroundings {
    pub(crate) fn new() -> Surroundings {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().to_str().unwrap().to_owned();
        let cache = Cache::new(folder.path().join("cache"));
        let patience = Patience {
            silence: Duration::from_millis(700),
            whole: Duration::from_secs(30),
            retry: Duration::from_millis(5),
        };
        let settings = Settings { patience, ..Settings::default() };
        let variables = BTreeMap::from([("HOME".to_owned(), home)]);
        Surroundings { folder, variables, settings, cache }
    }

    /// Sets a variable.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Surroundings {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Writes a file in the home folder.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Writes Helm's list of repositories, with one entry.
    pub(crate) fn repositories(&self, entry: &str) {
        let text = format!("repositories:\n- name: own\n  {entry}\n");
        self.write(".config/helm/repositories.yaml", text);
    }

    /// Brings what is wanted beside what is locked.
    pub(crate) fn bring(&self, wanted: &[Wanted], lock: &Lock) -> Vec<Outcome> {
        let settings = Settings {
            environment: Environment::new(self.variables.clone()),
            ..self.settings.clone()
        };
        let wanted: BTreeSet<Wanted> = wanted.iter().cloned().collect();
        let never = |_: &Wanted| false;
        match Vendor::new(&settings, &self.cache) {
            Ok(vendor) => vendor.bring(&wanted, lock, &never, &|_| {}),
            Err(fault) => wanted
                .into_iter()
                .map(|wanted| Outcome { wanted, result: Err(fault.clone()) })
                .collect(),
        }
    }

    /// Brings one chart.
    pub(crate) fn chart(&self, name: &str, repository: &str, version: &str) -> One {
        self.one(&wanted(name, repository, version), &Lock::default())
    }

    /// Brings one thing.
    pub(crate) fn one(&self, wanted: &Wanted, lock: &Lock) -> One {
        let mut outcomes = self.bring(std::slice::from_ref(wanted), lock);
        One(outcomes.pop().unwrap().result)
    }
}

/// A chart that is wanted.
pub(crate) fn wanted(name: &str, repository: &str, version: &str) -> Wanted {
    Wanted::Chart {
        name: name.to_owned(),
        repository: repository.to_owned(),
        version: version.to_owned(),
        prereleases: false,
    }
}

/// What came of one thing.
pub(crate) struct One(Result<Brought, Fault>);

impl One {
    #[track_caller]
    pub(crate) fn good(self) -> Brought {
        self.0.unwrap()
    }

    #[track_caller]
    pub(crate) fn locked_chart(self) -> LockedChart {
        match self.good().entry {
            Entry::Chart(chart) => chart,
            Entry::Remote(remote) => panic!("{remote:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn locked_remote(self) -> LockedRemote {
        match self.good().entry {
            Entry::Remote(remote) => remote,
            Entry::Chart(chart) => panic!("{chart:?}"),
        }
    }

    /// The fault, which never shows a secret.
    #[track_caller]
    pub(crate) fn fault(self) -> Fault {
        let fault = self.0.unwrap_err();
        for secret in ["s3cret", "c2VjcmV0", "bWU6czNjcmV0"] {
            assert!(!format!("{fault:?}").contains(secret), "{fault:?}");
        }
        fault
    }
}

//! The values that people wrote, each document once, with all clusters that use it.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use ecow::EcoString;
use goyaml::{Data, Value};
use helm::{Chart, ChartKeys, quoted_paths};
use source::{Span, Subject, pointer};

use crate::Fleet;
use crate::render::ChartUse;

/// One document of values for one chart.
pub(super) struct Given {
    /// The chart.
    pub(super) chart: Arc<Chart>,
    /// The values that it knows.
    pub(super) keys: Arc<ChartKeys>,
    /// The document.
    pub(super) values: Arc<Value>,
    /// For each node in preorder, whether a render of any cluster looked at its value; `None`
    /// if nothing could be rendered.
    pub(super) read: Option<Vec<bool>>,
    /// What lies under the document, the winner last: the documents that it overrides, in
    /// each way in which it is used.
    pub(super) below: Vec<Vec<Arc<Value>>>,
    /// `[0]`, `[1]`, …, as far as its longest list goes.
    pub(super) indexes: Vec<String>,
    /// The clusters.
    clusters: Vec<String>,
    /// What templates inside of values mention.
    quoted: BTreeSet<Vec<EcoString>>,
    /// The paths of all values that the chart knows, once somebody asked.
    paths: OnceCell<Vec<Vec<EcoString>>>,
}

/// Everything that was given to charts, in the order of the targets.
pub(super) fn given(fleet: &Fleet<'_>) -> Vec<Given> {
    let mut all: Vec<Given> = Vec::new();
    let mut places: HashMap<(Span, usize), usize> = HashMap::new();
    for target in &fleet.targets {
        for one in &target.charts {
            let Some(keys) = helm::ChartKeys::of(&one.chart) else { continue };
            let quoted = quoted(one);
            for (n, document) in one.documents.iter().enumerate() {
                let key = (document.values.span, Arc::as_ptr(&one.chart) as usize);
                let at = *places.entry(key).or_insert_with(|| {
                    all.push(Given {
                        chart: one.chart.clone(),
                        keys: keys.clone(),
                        values: document.values.clone(),
                        read: None,
                        below: Vec::new(),
                        indexes: indexes(&document.values),
                        clusters: Vec::new(),
                        quoted: BTreeSet::new(),
                        paths: OnceCell::new(),
                    });
                    all.len() - 1
                });
                let Some(given) = all.get_mut(at) else { continue };
                given.add(document.read.as_deref(), target.cluster(), &quoted);
                let below = one.documents.iter().take(n).map(|d| d.values.clone());
                given.add_below(below.collect());
            }
        }
    }
    all
}

impl Given {
    fn add(
        &mut self,
        read: Option<&[bool]>,
        cluster: &str,
        quoted: &BTreeSet<Vec<EcoString>>,
    ) {
        match (&mut self.read, read) {
            (Some(known), Some(read)) => {
                known.iter_mut().zip(read).for_each(|(known, read)| *known |= read);
            }
            (known @ None, Some(read)) => *known = Some(read.to_vec()),
            (_, None) => {}
        }
        if !self.clusters.iter().any(|known| known == cluster) {
            self.clusters.push(cluster.to_owned());
        }
        self.quoted.extend(quoted.iter().cloned());
    }

    fn add_below(&mut self, below: Vec<Arc<Value>>) {
        let same = |known: &Vec<Arc<Value>>| {
            known.len() == below.len()
                && known.iter().zip(&below).all(|(a, b)| a.span == b.span)
        };
        if !self.below.iter().any(same) {
            self.below.push(below);
        }
    }

    /// The chart as people call it: `thanos 15.13.0`.
    pub(super) fn chart_name(&self) -> String {
        let about = self.chart.metadata();
        format!("{} {}", about.name, about.version)
    }

    /// The paths of all values that the chart knows, parents first.
    pub(super) fn paths(&self) -> &[Vec<EcoString>] {
        self.paths.get_or_init(|| {
            let mut paths = Vec::new();
            self.keys.each(&mut |path| {
                paths.push(path.iter().map(|key| EcoString::from(*key)).collect());
            });
            paths
        })
    }

    /// How many values the chart knows at a path and below it.
    pub(super) fn count_below(&self, path: &[&str]) -> usize {
        let starts = |known: &&Vec<EcoString>| {
            known.len() >= path.len() && known.iter().zip(path).all(|(a, b)| a == b)
        };
        self.paths().iter().filter(starts).count()
    }

    /// What a finding about a value is about.
    pub(super) fn subject(&self, path: &[&str]) -> Subject {
        let bare =
            |key: &&str| key.trim_start_matches('[').trim_end_matches(']').to_owned();
        let path: Vec<String> = path.iter().map(bare).collect();
        let (clusters, object) = (self.clusters.clone(), String::new());
        Subject { clusters, object, field: pointer(&path) }
    }

    /// Could a template look at this value?
    pub(super) fn mentions(&self, path: &[&str]) -> bool {
        let keys = &self.keys;
        keys.switches(path) || keys.mentions(path) || self.quotes(path)
    }

    /// Does the chart know this value: by a template, or by its schema?
    pub(super) fn knows(&self, path: &[&str]) -> bool {
        self.mentions(path) || self.keys.declares(path)
    }

    fn quotes(&self, path: &[&str]) -> bool {
        let charts = self.keys.charts.iter();
        let inner = charts.filter_map(|chart| {
            let of = chart.path.len();
            let own =
                path.len() >= of && chart.path.iter().zip(path).all(|(a, b)| a == b);
            if own { path.get(of..) } else { None }
        });
        inner.into_iter().any(|path| {
            let meets = |quoted: &Vec<EcoString>| {
                !path.is_empty() && quoted.iter().zip(path).all(|(a, b)| a == b)
            };
            self.quoted.iter().any(meets)
        })
    }

    /// What other documents, not the chart, have at a path, in each way in which it is used.
    pub(super) fn written_below(&self, path: &[&str]) -> Vec<&Value> {
        let mut found: Vec<&Value> = Vec::new();
        for below in &self.below {
            let value = below.iter().rev().find_map(|values| at(values, path));
            found
                .extend(value.filter(|v| found.iter().all(|known| known.span != v.span)));
        }
        found
    }

    /// What the document overrides at a path, in each way in which it is used: the value of
    /// the nearest document below, or the chart's default if that is wanted.
    pub(super) fn overridden(
        &self,
        path: &[&str],
        defaults: bool,
    ) -> Vec<Option<&Value>> {
        let ways = self.below.iter();
        ways.map(|below| {
            let found = below.iter().rev().find_map(|values| at(values, path));
            found.or_else(|| self.keys.default(path).filter(|_| defaults))
        })
        .collect()
    }
}

/// The value at a path of keys.
pub(super) fn at<'v>(values: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(values, |at, key| Some(&at.as_map()?.get(*key)?.value))
}

/// What the templates inside of a use's values mention.
fn quoted(one: &ChartUse) -> BTreeSet<Vec<EcoString>> {
    let mut found = BTreeSet::new();
    for document in &one.documents {
        texts(&document.values, &mut |text| found.extend(quoted_paths(text)));
    }
    found
}

fn texts(value: &Value, see: &mut dyn FnMut(&str)) {
    match &value.data {
        Data::Str(text) => see(text),
        Data::Seq(items) => items.iter().for_each(|item| texts(item, see)),
        Data::Map(map) => map.values().for_each(|entry| texts(&entry.value, see)),
        _ => {}
    }
}

fn indexes(values: &Value) -> Vec<String> {
    (0..longest(values)).map(|n| format!("[{n}]")).collect()
}

/// The length of the longest list.
fn longest(value: &Value) -> usize {
    match &value.data {
        Data::Seq(items) => items.len().max(items.iter().map(longest).max().unwrap_or(0)),
        Data::Map(map) => map.values().map(|e| longest(&e.value)).max().unwrap_or(0),
        _ => 0,
    }
}

//! A chart inside one render.

use std::sync::Arc;

use ecow::EcoString;
use source::Span;

use super::{Chart, Dependency, Metadata};
use crate::Compat;
use crate::values::{MapRef, data_of_defaults};

/// A chart inside one render: its alias, and its enabled dependencies.
///
/// It has values of its own until all are merged; without them it is for any thread.
#[derive(Clone, Debug)]
pub(crate) struct Instance<Values = ()> {
    pub(crate) chart: Arc<Chart>,
    pub(crate) metadata: Metadata,
    /// The defaults, with what was imported from dependencies.
    pub(crate) values: Values,
    pub(crate) dependencies: Vec<Instance<Values>>,
    /// What switched it on in its parent; nothing if it was not asked for.
    pub(crate) switch: Switch,
    /// The dependencies of it and of those below that were switched off; the root has all.
    pub(crate) off: Vec<Switch>,
}

/// What decided whether a dependency takes part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Switch {
    /// Where the dependency is asked for; none if no value decided.
    pub(crate) span: Span,
    /// The keys of the values that decided, from the root of all values.
    pub(crate) paths: Vec<EcoString>,
}

impl Instance<MapRef> {
    /// The chart as it was read, before dependencies are processed.
    pub(crate) fn new(chart: &Arc<Chart>, compat: Compat) -> Instance<MapRef> {
        Instance {
            chart: chart.clone(),
            metadata: chart.metadata.clone(),
            values: data_of_defaults(&chart.values, compat),
            dependencies: chart
                .dependencies
                .iter()
                .map(|d| Instance::new(d, compat))
                .collect(),
            switch: Switch::default(),
            off: Vec::new(),
        }
    }

    /// The chart without the values, which were merged.
    pub(crate) fn settled(self) -> Instance {
        let Instance { chart, metadata, dependencies, switch, off, .. } = self;
        let dependencies = dependencies.into_iter().map(Instance::settled).collect();
        Instance { chart, metadata, values: (), dependencies, switch, off }
    }
}

impl Instance {
    /// The chart with every dependency switched on, under each of its aliases.
    pub(crate) fn with_everything(chart: &Arc<Chart>) -> Instance {
        let requests = chart.metadata.dependencies.as_deref().unwrap_or_default();
        let mut dependencies = Vec::new();
        for sub in &chart.dependencies {
            let made = Instance::with_everything(sub);
            let asks = |r: &&Dependency| r.name == sub.metadata.name;
            let asked: Vec<&Dependency> = requests.iter().filter(asks).collect();
            if asked.is_empty() {
                dependencies.push(made.clone());
            }
            for request in asked {
                let mut one = made.clone();
                if !request.alias.is_empty() {
                    one.metadata.name = request.alias.clone();
                }
                dependencies.push(one);
            }
        }
        Instance {
            chart: chart.clone(),
            metadata: chart.metadata.clone(),
            values: (),
            dependencies,
            switch: Switch::default(),
            off: Vec::new(),
        }
    }
}

impl<Values> Instance<Values> {
    /// The chart's name in its parent.
    pub(crate) fn name(&self) -> EcoString {
        self.metadata.name.clone()
    }

    /// The dependencies that take part.
    pub(crate) fn dependencies(&self) -> &[Instance<Values>] {
        &self.dependencies
    }
}

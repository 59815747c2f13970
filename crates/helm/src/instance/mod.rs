//! A chart inside one render: which dependencies take part, and which values there are.
//!
//! An [`Instance`] is made of a chart as it was read; `process` switches dependencies off, gives
//! them their aliases and imports their values; `coalesce` (Helm's verb) merges what a user
//! hands in over the defaults; `schema` checks the result.

mod coalesce;
mod formats;
mod given;
mod place;
mod process;
mod schema;
mod uses;

use std::sync::Arc;

use ecow::EcoString;
use source::Span;

pub(crate) use self::coalesce::{Misfit, settle};
pub(crate) use self::given::given;
use self::place::{Place, Requests};
pub(crate) use self::process::{is_compatible_range, process_dependencies};
pub(crate) use self::schema::validate;
use crate::Compat;
use crate::chart::{Chart, Dependency, Metadata};
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
    /// What it asks for, while dependencies are processed.
    requests: Requests,
    /// Where it stands.
    place: Arc<Place>,
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
        let below = chart.dependencies.iter().map(|d| Instance::new(d, compat));
        let values = data_of_defaults(&chart.values, compat);
        let made = Instance::of(chart, values, below.collect());
        made.adopt();
        made
    }

    /// The chart without the values, which were merged.
    pub(crate) fn settled(self) -> Instance {
        let Instance { chart, metadata, dependencies, switch, off, place, .. } = self;
        let dependencies = dependencies.into_iter().map(Instance::settled).collect();
        let requests = Requests::default();
        Instance {
            chart,
            metadata,
            values: (),
            dependencies,
            switch,
            off,
            requests,
            place,
        }
    }
}

impl Instance {
    /// The chart with every dependency switched on, under each of its aliases.
    pub(crate) fn with_everything(chart: &Arc<Chart>) -> Instance {
        let mut made = Instance::everything(chart);
        made.part_all();
        made
    }

    fn everything(chart: &Arc<Chart>) -> Instance {
        let requests = chart.metadata.dependencies.as_deref().unwrap_or_default();
        let mut dependencies = Vec::new();
        for sub in &chart.dependencies {
            let made = Instance::everything(sub);
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
        Instance::of(chart, (), dependencies)
    }

    /// Gives it and all below places of their own.
    fn part_all(&mut self) {
        self.place = Place::named(&self.metadata.name);
        self.dependencies.iter_mut().for_each(Instance::part_all);
        self.adopt();
    }
}

impl<Values> Instance<Values> {
    fn of(
        chart: &Arc<Chart>,
        values: Values,
        dependencies: Vec<Instance<Values>>,
    ) -> Instance<Values> {
        Instance {
            chart: chart.clone(),
            metadata: chart.metadata.clone(),
            values,
            dependencies,
            switch: Switch::default(),
            off: Vec::new(),
            requests: Requests::of(chart.metadata.dependencies.clone()),
            place: Place::named(&chart.metadata.name),
        }
    }

    /// Parts a copy, and its dependencies, from what it was copied from.
    /// (`getAliasDependency`)
    fn part(&mut self) {
        self.requests = self.requests.parted();
        self.place = Place::named(&self.metadata.name);
        for sub in &mut self.dependencies {
            sub.place = Place::named(&sub.metadata.name);
        }
        self.adopt();
    }

    /// Makes it the parent of its dependencies. (`AddDependency`)
    fn adopt(&self) {
        self.dependencies.iter().for_each(|sub| sub.place.put(&self.place));
    }

    /// The chart's path, which is that of its templates: `chart/charts/sub`. (`ChartFullPath`)
    pub(crate) fn path(&self) -> EcoString {
        self.place.path()
    }

    /// The chart's name in its parent.
    pub(crate) fn name(&self) -> EcoString {
        self.metadata.name.clone()
    }

    /// The dependencies that take part.
    pub(crate) fn dependencies(&self) -> &[Instance<Values>] {
        &self.dependencies
    }
}

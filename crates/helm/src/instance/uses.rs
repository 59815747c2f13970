//! What is below a chart that is used more than once.
//!
//! A chart that a request means is copied with its dependencies; what is below those is not
//! (`getAliasDependency`). Each use processes it again, as the use before has left it, and
//! what the last one leaves is what all have.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Instance;
use super::place::Place;
use crate::values::MapRef;

/// How the charts that several uses have in common were left.
#[derive(Default)]
pub(super) struct Uses {
    /// Is any chart used more than once? Else nothing is in common.
    is_any: bool,
    /// By the address of the place, which is what tells one chart from its copies.
    left: BTreeMap<usize, Left>,
}

struct Left {
    /// Keeps the address from being another's.
    _place: Arc<Place>,
    values: MapRef,
    dependencies: Vec<Instance<MapRef>>,
}

impl Uses {
    /// Notes that a chart is used more than once.
    pub(super) fn more_than_one(&mut self) {
        self.is_any = true;
    }

    /// Makes a chart, and all below it, what was left of them.
    pub(super) fn find(&self, chart: &mut Instance<MapRef>) {
        if !self.is_any {
            return;
        }
        if let Some(left) = self.left.get(&address(chart)) {
            chart.values = left.values.clone();
            chart.dependencies.clone_from(&left.dependencies);
        }
        chart.dependencies.iter_mut().for_each(|sub| self.find(sub));
    }

    /// Leaves a chart to its next use.
    pub(super) fn leave(&mut self, chart: &Instance<MapRef>) {
        if !self.is_any {
            return;
        }
        let left = Left {
            _place: chart.place.clone(),
            values: chart.values.clone(),
            dependencies: chart.dependencies.clone(),
        };
        self.left.insert(address(chart), left);
    }
}

fn address(chart: &Instance<MapRef>) -> usize {
    Arc::as_ptr(&chart.place).addr()
}

//! Which dependencies take part, under which name, and what they export to their parent.
//!
//! Follows `pkg/chart/v2/util/dependencies.go` of Helm 4.2.

use std::cell::RefCell;
use std::rc::Rc;

use ecow::EcoString;
use source::Span;

use super::coalesce::{Misfit, coalesce_values, merge_tables};
use super::uses::Uses;
use super::{Instance, Switch};
use crate::Compat;
use crate::chart::{Dependency, ImportValue};
use crate::semver::{Constraints, Version};
use crate::values::{Data, Map, MapRef, Node, deep_copy, path_value, table};

/// Switches dependencies on and off and imports their values. (`ProcessDependencies`)
pub(crate) fn process_dependencies(
    chart: &mut Instance<MapRef>,
    vals: &MapRef,
    compat: Compat,
) -> Result<(), Misfit> {
    let mut uses = Uses::default();
    chart.off = enabled(chart, vals, "", compat, &mut uses)?;
    import_values(chart, compat, &mut uses)?;
    uses.find(chart);
    tell_requests(chart);
    Ok(())
}

/// What is left of the requests is what templates see of them.
fn tell_requests(chart: &mut Instance<MapRef>) {
    chart.metadata.dependencies = chart.requests.left();
    chart.dependencies.iter_mut().for_each(tell_requests);
}

/// Does the version satisfy the constraint? False if either is malformed.
pub(crate) fn is_compatible_range(constraint: &str, version: &str) -> bool {
    let (Ok(version), Ok(constraint)) =
        (Version::parse(version), Constraints::known(constraint))
    else {
        return false;
    };
    constraint.check(&version)
}

/// Removes what is switched off, and returns it. (`processDependencyEnabled`)
fn enabled(
    chart: &mut Instance<MapRef>,
    vals: &MapRef,
    path: &str,
    compat: Compat,
    uses: &mut Uses,
) -> Result<Vec<Switch>, Misfit> {
    uses.find(chart);
    let Some(mut requests) = chart.requests.take() else { return Ok(Vec::new()) };
    let listed = |existing: &Instance<MapRef>| {
        requests.iter().any(|r| {
            existing.metadata.name == r.name
                && is_compatible_range(&r.version, &existing.metadata.version)
        })
    };
    let mut found: Vec<Instance<MapRef>> =
        chart.dependencies.iter().filter(|d| !listed(d)).cloned().collect();
    let mut used = Vec::new();
    for request in &mut requests {
        if let Some((at, copy)) = alias_dependency(&chart.dependencies, request) {
            match used.contains(&at) {
                true => uses.more_than_one(),
                false => used.push(at),
            }
            found.push(copy);
        }
        if !request.alias.is_empty() {
            request.name = request.alias.clone();
        }
        request.enabled = true;
    }
    chart.dependencies = found;
    chart.adopt();
    let cvals = coalesce_values(chart, vals, false, compat)?;
    let mut switches = by_tags(&mut requests, &cvals);
    by_conditions(&mut requests, &mut switches, &cvals, path);
    let off: Vec<EcoString> =
        requests.iter().filter(|r| !r.enabled).map(|r| r.name.clone()).collect();
    chart.dependencies.retain(|d| !off.contains(&d.metadata.name));
    let mut gone = Vec::new();
    for (request, switch) in requests.iter().zip(switches) {
        let named = |d: &&mut Instance<MapRef>| d.metadata.name == request.name;
        match chart.dependencies.iter_mut().find(named) {
            Some(dependency) => dependency.switch = switch,
            None if !request.enabled => gone.push(switch),
            None => {}
        }
    }
    requests.retain(|r| !off.contains(&r.name));
    for dependency in &mut chart.dependencies {
        let below = format!("{path}{}.", dependency.metadata.name);
        gone.extend(enabled(dependency, &cvals, &below, compat, uses)?);
    }
    // Upstream appends to nil: nothing left means no list at all.
    chart.requests.leave((!requests.is_empty()).then_some(requests));
    chart.adopt();
    uses.leave(chart);
    Ok(gone)
}

/// The chart that a request means, under its alias: a copy, and which of them it is of.
/// (`getAliasDependency`)
fn alias_dependency(
    charts: &[Instance<MapRef>],
    request: &Dependency,
) -> Option<(usize, Instance<MapRef>)> {
    let fits = |c: &&Instance<MapRef>| {
        c.metadata.name == request.name
            && is_compatible_range(&request.version, &c.metadata.version)
    };
    let at = charts.iter().position(|chart| fits(&chart))?;
    let mut found = charts.get(at)?.clone();
    if !request.alias.is_empty() {
        found.metadata.name = request.alias.clone();
    }
    found.part();
    Some((at, found))
}

/// Switches by tags; returns what decided about each.
fn by_tags(requests: &mut [Dependency], vals: &MapRef) -> Vec<Switch> {
    let tags = table(vals, "tags").unwrap_or_default();
    let tags = tags.borrow();
    let mut switches = Vec::new();
    for request in requests {
        let said: Vec<(&EcoString, bool)> = request
            .tags
            .iter()
            .filter_map(|tag| match tags.get(tag).map(|n| &n.data) {
                Some(Data::Bool(b)) => Some((tag, *b)),
                _ => None,
            })
            .collect();
        request.enabled = said.is_empty() || said.iter().any(|(_, on)| *on);
        let span = if said.is_empty() { Span::NONE } else { request.span };
        let paths = said.iter().map(|(tag, _)| format!("tags.{tag}").into()).collect();
        switches.push(Switch { span, paths });
    }
    switches
}

/// Switches by conditions, each of which wins over tags.
fn by_conditions(
    requests: &mut [Dependency],
    switches: &mut [Switch],
    vals: &MapRef,
    path: &str,
) {
    for (request, switch) in requests.iter_mut().zip(switches) {
        let conditions = request.condition.trim().to_owned();
        for condition in conditions.split(',').filter(|c| !c.is_empty()) {
            let condition = EcoString::from(format!("{path}{condition}"));
            let found = path_value(vals, &condition);
            if let Some(Data::Bool(on)) = found.map(|n| n.data) {
                request.enabled = on;
                *switch = Switch { span: request.span, paths: vec![condition] };
                break;
            }
        }
    }
}

/// Imports from the innermost chart outwards, nulls kept: what Helm 3 calls
/// `ProcessDependenciesWithMerge`. (`processDependencyImportValues`)
fn import_values(
    chart: &mut Instance<MapRef>,
    compat: Compat,
    uses: &mut Uses,
) -> Result<(), Misfit> {
    uses.find(chart);
    for dependency in &mut chart.dependencies {
        import_values(dependency, compat, uses)?;
    }
    uses.find(chart);
    let Some(requests) = chart.requests.imported() else { return Ok(()) };
    let cvals = coalesce_values(chart, &MapRef::default(), true, compat)?;
    let imported = MapRef::default();
    for request in &requests {
        for value in &request.import_values {
            let (child, parent) = match value {
                ImportValue::Export(name) => (format!("exports.{name}"), "."),
                ImportValue::Table { child, parent } => {
                    (child.to_string(), parent.as_str())
                }
                ImportValue::Other => continue,
            };
            if let Ok(found) = table(&cvals, &format!("{}.{child}", request.name)) {
                // What is imported is shared with the dependency, as upstream shares it,
                // unless it is empty. (`AsMap`)
                let is_empty = found.borrow().is_empty();
                let found = if is_empty { MapRef::default() } else { found };
                merge_tables(&imported, &path_to_map(parent, found));
            }
        }
    }
    if imported.borrow().is_empty() {
        chart.values = cvals;
    } else {
        let own = deep_copy(&cvals);
        merge_tables(&own, &imported);
        chart.values = own;
    }
    uses.leave(chart);
    Ok(())
}

/// The map under nested keys; `.` is the root. (`pathToMap`)
fn path_to_map(path: &str, inner: MapRef) -> MapRef {
    if path == "." {
        return inner;
    }
    path.rsplit('.').fold(inner, |inner, key| {
        let node = Node::made_up(Data::Map(inner));
        Rc::new(RefCell::new(Map::from_iter([(EcoString::from(key), node)])))
    })
}

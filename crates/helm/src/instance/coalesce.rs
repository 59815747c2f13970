//! Merging of values, as Helm does it.
//!
//! Follows `pkg/chart/common/util/coalesce.go` of Helm 4.2 function by function, because its
//! result depends on details: which maps are shared, which nulls delete, and in which order
//! globals travel. Where Helm 3.21 differs, [`Compat`] decides.

use std::cell::RefCell;
use std::rc::Rc;

use ecow::EcoString;
use source::Span;

use super::Instance;
use crate::Compat;
use crate::values::{Data, Map, MapRef, Node, deep_copy, unshare};

/// The key under which values reach every subchart.
const GLOBAL: &str = "global";

/// Merges a chart's defaults, and its subcharts', under `vals`; `vals` itself is left alone.
///
/// With `merge` nulls are kept (`MergeValues`), without they delete (`CoalesceValues`).
/// Only what the walk can change is copied, so that one call costs what the chart's own
/// values cost, not what all values cost.
pub(crate) fn coalesce_values(
    chart: &Instance<MapRef>,
    vals: &MapRef,
    merge: bool,
    compat: Compat,
) -> Result<MapRef, Misfit> {
    Coalesce { merge, compat, takes: false }.all(chart, vals)
}

/// The values of a chart whose dependencies were processed, which gives its own away.
/// (`CoalesceValues`)
pub(crate) fn settle(
    chart: Instance<MapRef>,
    vals: &MapRef,
    compat: Compat,
) -> Result<(MapRef, Instance), Misfit> {
    let merged = Coalesce { merge: false, compat, takes: true }.all(&chart, vals)?;
    Ok((merged, chart.settled()))
}

/// Merges `src` into `dst`, which wins, nulls kept; both may change. (`MergeTables`)
pub(crate) fn merge_tables(dst: &MapRef, src: &MapRef) {
    tables(dst, src, true);
}

/// A value for a subchart that is no map: Helm's words, and where it is set.
pub(crate) struct Misfit {
    pub(crate) words: String,
    pub(crate) span: Span,
}

struct Coalesce {
    merge: bool,
    compat: Compat,
    /// Are charts' own values used up?
    takes: bool,
}

impl Coalesce {
    /// What `vals` and all charts' values make together.
    fn all(&self, chart: &Instance<MapRef>, vals: &MapRef) -> Result<MapRef, Misfit> {
        let mut dest: Map = vals.borrow().clone();
        let own_keys = chart.values.borrow().keys().cloned().collect::<Vec<_>>();
        let deps = chart.dependencies().iter().map(|d| d.name());
        let touched = own_keys.into_iter().chain(deps).chain([EcoString::from(GLOBAL)]);
        for key in touched {
            if let Some(node) = dest.get_mut(&key) {
                *node = node.deep_copy();
            }
        }
        let dest = Rc::new(RefCell::new(dest));
        self.chart(chart, &dest)?;
        Ok(dest)
    }

    /// The chart's own values, shared with nothing.
    fn defaults(&self, chart: &Instance<MapRef>) -> Map {
        if self.takes && Rc::strong_count(&chart.values) == 1 {
            let mut own = std::mem::take(&mut *chart.values.borrow_mut());
            own.values_mut().for_each(unshare);
            return own;
        }
        let copy = deep_copy(&chart.values);
        copy.take()
    }

    fn chart(&self, chart: &Instance<MapRef>, dest: &MapRef) -> Result<(), Misfit> {
        self.values(chart, dest);
        self.deps(chart, dest)
    }

    fn deps(&self, chart: &Instance<MapRef>, dest: &MapRef) -> Result<(), Misfit> {
        for sub in chart.dependencies() {
            let name = sub.name();
            let found = dest.borrow().get(&name).cloned();
            let inner = match found {
                None => {
                    let node = Node::made_up(Data::empty_map());
                    let inner = node.map().cloned();
                    dest.borrow_mut().insert(name.clone(), node);
                    inner
                }
                Some(node) => match node.data {
                    Data::Map(map) => Some(map),
                    other => {
                        let words = percent_t(&other);
                        return Err(Misfit {
                            words: format!("type mismatch on {name}: {words}"),
                            span: node.layer.span,
                        });
                    }
                },
            };
            if let Some(inner) = inner {
                coalesce_globals(&inner, dest);
                self.chart(sub, &inner)?;
            }
        }
        Ok(())
    }

    /// Puts the chart's defaults under `v`. (`coalesceValues`)
    fn values(&self, chart: &Instance<MapRef>, v: &MapRef) {
        for (key, val) in self.defaults(chart) {
            let found = v.borrow().get(&key).cloned();
            match found {
                Some(value) if value.data.is_null() && !self.merge => {
                    v.borrow_mut().remove(&key);
                }
                Some(value) => {
                    if let (Some(dest), Some(src)) = (value.map(), val.map()) {
                        let merge = self.merge
                            || chart.dependencies().iter().any(|d| d.name() == key);
                        if !merge && self.compat == Compat::Helm4 {
                            clean_nil_values(src);
                        }
                        tables(dest, src, merge);
                    }
                    if let Some(winner) = v.borrow_mut().get_mut(&key) {
                        winner.shadow(&val);
                    }
                }
                None => {
                    if !self.merge && self.compat == Compat::Helm4 {
                        if val.data.is_null() {
                            continue;
                        }
                        if let Some(sub) = val.map() {
                            clean_nil_values(sub);
                        }
                    }
                    v.borrow_mut().insert(key, val);
                }
            }
        }
    }
}

/// Copies the globals of `src` into `dest`. (`coalesceGlobals`)
///
/// Upstream copies one level only: tables below it stay shared between a chart and its
/// subcharts, and what a subchart's defaults add there is seen by the parent too.
fn coalesce_globals(dest: &MapRef, src: &MapRef) {
    let table = |of: &MapRef| match of.borrow().get(GLOBAL) {
        None => Some(None),
        Some(node) => node.map().cloned().map(Some),
    };
    let (Some(dg), Some(sg)) = (table(dest), table(src)) else { return };
    let dg = dg.unwrap_or_default();
    let globals = sg.map(|sg| sg.borrow().clone()).unwrap_or_default();
    for (key, val) in globals {
        let old = dg.borrow().get(&key).cloned();
        let node = match (val.map(), &old) {
            (Some(map), None) => copy_map(&val, map),
            (Some(map), Some(old)) => {
                let Some(old_map) = old.map() else { continue };
                let mut node = copy_map(&val, map);
                if let Some(vv) = node.map() {
                    tables(vv, old_map, true);
                }
                node.shadow(old);
                node
            }
            (None, Some(old)) if old.map().is_some() => continue,
            (None, old) => {
                let mut node = val;
                old.iter().for_each(|old| node.shadow(old));
                node
            }
        };
        dg.borrow_mut().insert(key, node);
    }
    let mut node = dest.borrow().get(GLOBAL).cloned();
    if node.is_none() {
        let parent = src.borrow().get(GLOBAL).cloned();
        node = parent.or_else(|| Some(Node::made_up(Data::Null)));
    }
    if let Some(mut node) = node {
        node.data = Data::Map(dg);
        dest.borrow_mut().insert(GLOBAL.into(), node);
    }
}

/// The same entries in a map of their own.
fn copy_map(node: &Node, map: &MapRef) -> Node {
    let copy = Rc::new(RefCell::new(map.borrow().clone()));
    Node { data: Data::Map(copy), layer: node.layer, shadowed: node.shadowed.clone() }
}

/// Merges `src` into `dst`, which wins. (`coalesceTablesFullKey`)
fn tables(dst: &MapRef, src: &MapRef, merge: bool) {
    if Rc::ptr_eq(dst, src) {
        return;
    }
    let original = match Rc::strong_count(src) {
        // Nobody sees what becomes of it.
        1 => src.take(),
        _ => {
            let original = src.borrow().clone();
            for (key, value) in dst.borrow().iter() {
                if value.data.is_null() {
                    src.borrow_mut().insert(key.clone(), value.clone());
                }
            }
            original
        }
    };
    for (key, val) in original {
        let found = dst.borrow().get(&key).map(|dv| dv.data.clone());
        match found {
            Some(Data::Null) if !merge && !val.data.is_null() => {
                dst.borrow_mut().remove(&key);
            }
            None => {
                dst.borrow_mut().insert(key, val);
            }
            Some(dv) => {
                if let (Some(dest), Some(src)) = (dv.map(), val.map()) {
                    tables(dest, src, merge);
                }
                if let Some(winner) = dst.borrow_mut().get_mut(&key) {
                    winner.shadow(&val);
                }
            }
        }
    }
}

/// Removes null entries, at every depth. (`cleanNilValues`)
fn clean_nil_values(map: &MapRef) {
    map.borrow_mut().retain(|_, value| !value.data.is_null());
    for value in map.borrow().values() {
        if let Some(inner) = value.map() {
            clean_nil_values(inner);
        }
    }
}

/// What `fmt` prints for `%t` of something that is no map.
fn percent_t(data: &Data) -> String {
    match data {
        Data::Bool(b) => b.to_string(),
        Data::Null => "%!t(<nil>)".to_owned(),
        Data::Int(n) => format!("%!t(int64={n})"),
        Data::Float(n) => format!("%!t(float64={})", goyaml::format_float(*n)),
        Data::Str(s) => format!("%!t(string={s})"),
        Data::List(list) => {
            let items: Vec<String> = list.iter().map(|n| inner_t(&n.data)).collect();
            format!("[{}]", items.join(" "))
        }
        Data::Map(map) => {
            let entries = map.borrow();
            let entry = |(key, node): (&EcoString, &Node)| {
                format!("%!t(string={key}):{}", inner_t(&node.data))
            };
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("map[{}]", entries.join(" "))
        }
    }
}

/// The same inside of something else.
fn inner_t(data: &Data) -> String {
    if data.is_null() { "<nil>".to_owned() } else { percent_t(data) }
}

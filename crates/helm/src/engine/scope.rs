//! What each template file sees: `.Values`, `.Release`, `.Chart` and the others.

use std::collections::HashMap;

use ecow::EcoString;
use gotemplate::{Map, MapKind, Object, Str, Value};
use source::{OriginId, Origins, SlotId, Span};

use super::chart_object::chart_object;
use super::cluster::capabilities;
use super::files::Files;
use super::values::to_template;
use super::values_type::values_type;
use crate::chart::TemplateFile;
use crate::instance::{Instance, Switch};
use crate::render_options::RenderOptions;
use crate::values::Merged;

/// The dots of all charts of a render, by the charts' paths.
pub(super) struct Scopes {
    by_chart: HashMap<EcoString, Scope>,
    of: &'static MapKind,
    /// The dependencies that take no part, and why.
    pub(super) off: Vec<Asked>,
}

/// What the files of a chart see, and why they are executed.
struct Scope {
    dot: Map,
    asked: Asked,
}

/// Where a dependency is asked for, and which values decided that it takes part.
pub(super) type Asked = (Span, OriginId);

impl Scopes {
    /// Why a dependency takes part, if something decided that.
    pub(super) fn asked(&self, path: &str) -> Option<Asked> {
        let Scope { asked, .. } = self.by_chart.get(path)?;
        (!asked.1.is_none()).then_some(*asked)
    }

    /// What a file sees as its dot, and why it is executed.
    ///
    /// All files of a chart share one map, as in Helm: what one sets there, others see.
    pub(super) fn dot(&self, file: &TemplateFile) -> Option<(Value, Asked)> {
        let Scope { dot, asked } = self.by_chart.get(&file.chart)?;
        let base = format!("{}/templates", file.chart);
        let template = [
            (Str::from("Name"), Value::str(file.path.as_bytes())),
            (Str::from("BasePath"), Value::str(base)),
        ];
        dot.set("Template", Value::from(Map::named(self.of, template)));
        Some((Value::from(dot.clone()), *asked))
    }
}

/// The slots after those of the values: the release's name, its namespace, and the Kubernetes
/// version and API versions of the cluster.
pub(super) const RELEASE_SLOTS: u32 = 4;

/// Builds the dots of a chart and its dependencies. (`ToRenderValues`, `recAllTpls`)
pub(super) fn scopes(
    chart: &Instance,
    merged: &Merged,
    options: &RenderOptions,
    origins: &mut Origins,
) -> Scopes {
    let release = &options.release;
    let slot = |n| origins.slot(SlotId(merged.count() + n));
    let named = |text: &str, n| Value::str(text.as_bytes()).with_origin(slot(n));
    let release = [
        (Str::from("Name"), named(&release.name, 0)),
        (Str::from("Namespace"), named(&release.namespace, 1)),
        (Str::from("IsUpgrade"), Value::from(release.is_upgrade)),
        (Str::from("IsInstall"), Value::from(!release.is_upgrade)),
        (Str::from("Revision"), Value::int(1)),
        (Str::from("Service"), Value::str("Helm")),
    ];
    let mut builder = Builder {
        release: Value::from(Map::from_iter(release)),
        capabilities: capabilities(
            &options.capabilities,
            options.compat,
            [slot(2), slot(3)],
        ),
        options,
        origins,
        root: Value::NIL,
        by_chart: HashMap::new(),
    };
    let of = values_type(options.compat);
    let values = to_template(&merged.root, of, builder.origins);
    builder.root = values.clone();
    let off = chart.off.iter().map(|switch| builder.asked(switch, None)).collect();
    builder.chart(chart, chart.name(), values, None);
    Scopes { by_chart: builder.by_chart, of, off }
}

struct Builder<'a> {
    release: Value,
    capabilities: Value,
    options: &'a RenderOptions,
    origins: &'a mut Origins,
    root: Value,
    by_chart: HashMap<EcoString, Scope>,
}

impl Builder<'_> {
    fn chart(
        &mut self,
        chart: &Instance,
        path: EcoString,
        values: Value,
        asked: Option<Asked>,
    ) -> Value {
        let subcharts = Map::new();
        let about =
            chart_object(chart, asked.is_none(), self.options.compat, self.origins);
        let entries = [
            (Str::from("Chart"), about),
            (
                Str::from("Files"),
                Value::from(Object::new(Files::new(&chart.chart.files))),
            ),
            (Str::from("Release"), self.release.clone()),
            (Str::from("Capabilities"), self.capabilities.clone()),
            (Str::from("Values"), values.clone()),
            (Str::from("Subcharts"), Value::from(subcharts.clone())),
        ];
        let of = values_type(self.options.compat);
        let scope = Map::named(of, entries);
        for sub in chart.dependencies() {
            let name = sub.name();
            let below = values.as_map().and_then(|map| map.get(name.as_bytes()));
            let below = below.filter(|value| value.as_map().is_some());
            let below = below.map_or_else(
                || Value::from(Map::named(of, [])),
                |value| match value.as_map() {
                    Some(map) => Value::from(map.with_kind(of)).with_origin(value.origin),
                    None => value,
                },
            );
            let path = sub.path();
            let asked = self.asked(&sub.switch, asked);
            let made = self.chart(sub, path, below, Some(asked));
            subcharts.set(name.as_bytes().to_vec(), made);
        }
        let asked = asked.unwrap_or_default();
        self.by_chart.insert(path, Scope { dot: scope.clone(), asked });
        Value::from(scope)
    }

    /// What decided about a dependency: what decided about its parent, and its own switch.
    fn asked(&mut self, switch: &Switch, parent: Option<Asked>) -> Asked {
        let (of_parent, reason) = parent.unwrap_or_default();
        let span = if switch.span.is_none() { of_parent } else { switch.span };
        let own = switch.paths.iter().map(|path| origin_at(&self.root, path));
        let reason = self.origins.union(std::iter::once(reason).chain(own));
        (span, reason)
    }
}

/// The origin of what is at a path of keys.
fn origin_at(values: &Value, path: &str) -> OriginId {
    let below = |at: Value, key: &str| at.as_map()?.get(key.as_bytes());
    let found = path.split('.').try_fold(values.clone(), below);
    found.map_or(OriginId::NONE, |value| value.origin)
}

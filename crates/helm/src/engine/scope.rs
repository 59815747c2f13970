//! What each template file sees: `.Values`, `.Release`, `.Chart` and the others.

use std::collections::HashMap;

use ecow::EcoString;
use gotemplate::{Map, MapKind, Object, Str, Value};
use source::{Origins, SlotId};

use super::chart_object::chart_object;
use super::cluster::capabilities;
use super::files::Files;
use super::templates::TemplateFile;
use super::values::to_template;
use super::values_type::values_type;
use crate::chart::Instance;
use crate::renderer::RenderOptions;
use crate::values::Merged;

/// The dots of all charts of a render, by the charts' paths.
pub(super) struct Scopes {
    by_chart: HashMap<EcoString, Map>,
    of: &'static MapKind,
}

impl Scopes {
    /// What a file sees as its dot.
    ///
    /// All files of a chart share one map, as in Helm: what one sets there, others see.
    pub(super) fn dot(&self, file: &TemplateFile) -> Option<Value> {
        let scope = self.by_chart.get(&file.chart)?;
        let base = format!("{}/templates", file.chart);
        let template = [
            (Str::from("Name"), Value::str(file.path.as_bytes())),
            (Str::from("BasePath"), Value::str(base)),
        ];
        scope.set("Template", Value::from(Map::named(self.of, template)));
        Some(Value::from(scope.clone()))
    }
}

/// The slots after those of the values: the release's name, and its namespace.
pub(super) const RELEASE_SLOTS: u32 = 2;

/// Builds the dots of a chart and its dependencies. (`ToRenderValues`, `recAllTpls`)
pub(super) fn scopes(
    chart: &Instance,
    merged: &Merged,
    options: &RenderOptions,
    origins: &mut Origins,
) -> Scopes {
    let release = &options.release;
    let named = |text: &str, n| {
        Value::str(text.as_bytes()).with_origin(origins.slot(SlotId(merged.count() + n)))
    };
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
        capabilities: capabilities(&options.capabilities, options.compat),
        options,
        origins,
        by_chart: HashMap::new(),
    };
    let of = values_type(options.compat);
    let values = to_template(&merged.root, of, builder.origins);
    builder.chart(chart, chart.name(), values, true);
    Scopes { by_chart: builder.by_chart, of }
}

struct Builder<'a> {
    release: Value,
    capabilities: Value,
    options: &'a RenderOptions,
    origins: &'a mut Origins,
    by_chart: HashMap<EcoString, Map>,
}

impl Builder<'_> {
    fn chart(
        &mut self,
        chart: &Instance,
        path: EcoString,
        values: Value,
        is_root: bool,
    ) -> Value {
        let subcharts = Map::new();
        let about = chart_object(chart, is_root, self.options.compat, self.origins);
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
            let path = format!("{path}/charts/{name}").into();
            let made = self.chart(sub, path, below, false);
            subcharts.set(name.as_bytes().to_vec(), made);
        }
        self.by_chart.insert(path, scope.clone());
        Value::from(scope)
    }
}

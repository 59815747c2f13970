//! `.Chart`: a map in Helm 4, a struct in Helm 3.

use ecow::EcoString;
use gotemplate::{Foreign, List, Map, Object, Str, Type, Value};
use source::{Origin, OriginId, Origins};

use crate::Compat;
use crate::chart::{Dependency, ImportValue, Instance, Maintainer, Metadata};

/// `.Chart` for templates; the name knows where it is written.
pub(super) fn chart_object(
    chart: &Instance,
    is_root: bool,
    compat: Compat,
    origins: &mut Origins,
) -> Value {
    let span = chart.chart.span();
    let origin = match span.is_none() {
        true => OriginId::NONE,
        false => origins.add(Origin::Source(span)),
    };
    let fields = fields(&chart.metadata, is_root, origin);
    match compat {
        Compat::Helm4 => Value::from(record(fields)),
        Compat::Helm3 => {
            let name = |(field, _): &(&str, Value)| *field != "IsRoot";
            let mut json: Vec<_> = fields.iter().filter(|f| name(f)).cloned().collect();
            json.retain(|(_, value)| value.truth());
            let json = json.into_iter().map(|(field, value)| (json_name(field), value));
            let mut json: Vec<(&str, Value)> = json.collect();
            json.push(("IsRoot", Value::from(is_root)));
            Value::from(Object::new(ChartStruct {
                fields: record(fields),
                json: record(json),
            }))
        }
    }
}

/// The struct that Helm 3 embeds `chart.Metadata` in: an unknown field is an error.
struct ChartStruct {
    fields: Map,
    json: Map,
}

impl Foreign for ChartStruct {
    fn type_name(&self) -> &'static str {
        "struct { chart.Metadata; IsRoot bool }"
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.fields.get(name)
    }

    fn plain(&self) -> Option<Value> {
        Some(Value::from(self.json.clone()))
    }
}

fn record<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Map {
    Map::of(Type::Any, fields.into_iter().map(|(key, value)| (Str::from(key), value)))
}

fn fields(of: &Metadata, is_root: bool, name: OriginId) -> Vec<(&'static str, Value)> {
    let annotations = match &of.annotations {
        None => Map::nil(Type::String),
        Some(pairs) => Map::of(
            Type::String,
            pairs.iter().map(|(k, v)| (Str::new(k.as_bytes()), text(v))),
        ),
    };
    let dependencies = of.dependencies.iter().flatten().map(dependency);
    vec![
        ("Name", text(&of.name).with_origin(name)),
        ("Home", text(&of.home)),
        ("Sources", texts(&of.sources)),
        ("Version", text(&of.version)),
        ("Description", text(&of.description)),
        ("Keywords", texts(&of.keywords)),
        (
            "Maintainers",
            Value::from(of.maintainers.iter().map(maintainer).collect::<List>()),
        ),
        ("Icon", text(&of.icon)),
        ("APIVersion", text(&of.api_version)),
        ("Condition", text(&of.condition)),
        ("Tags", text(&of.tags)),
        ("AppVersion", text(&of.app_version)),
        ("Deprecated", Value::from(of.deprecated)),
        ("Annotations", Value::from(annotations)),
        ("KubeVersion", text(&of.kube_version)),
        ("Dependencies", Value::from(dependencies.collect::<List>())),
        ("Type", text(&of.kind)),
        ("IsRoot", Value::from(is_root)),
    ]
}

fn text(text: &EcoString) -> Value {
    Value::str(text.as_bytes())
}

fn texts(of: &[EcoString]) -> Value {
    Value::from(of.iter().map(text).collect::<List>())
}

fn maintainer(of: &Maintainer) -> Value {
    Value::from(record([
        ("Name", text(&of.name)),
        ("Email", text(&of.email)),
        ("URL", text(&of.url)),
    ]))
}

fn dependency(of: &Dependency) -> Value {
    let imports = of.import_values.iter().filter_map(|value| {
        let (child, parent) = match value {
            ImportValue::Export(name) => (format!("exports.{name}"), "."),
            ImportValue::Table { child, parent } => (child.to_string(), parent.as_str()),
            ImportValue::Other => return None,
        };
        let pair = [("child", Value::str(child)), ("parent", Value::str(parent))];
        let pair = pair.into_iter().map(|(key, value)| (Str::from(key), value));
        Some(Value::from(Map::of(Type::String, pair)))
    });
    Value::from(record([
        ("Name", text(&of.name)),
        ("Version", text(&of.version)),
        ("Repository", text(&of.repository)),
        ("Condition", text(&of.condition)),
        ("Tags", texts(&of.tags)),
        ("Enabled", Value::from(of.enabled)),
        ("ImportValues", Value::from(imports.collect::<List>())),
        ("Alias", text(&of.alias)),
    ]))
}

/// The name of a field in `Chart.yaml`, and so in JSON.
fn json_name(field: &str) -> &'static str {
    match field {
        "Name" => "name",
        "Home" => "home",
        "Sources" => "sources",
        "Version" => "version",
        "Description" => "description",
        "Keywords" => "keywords",
        "Maintainers" => "maintainers",
        "Icon" => "icon",
        "APIVersion" => "apiVersion",
        "Condition" => "condition",
        "Tags" => "tags",
        "AppVersion" => "appVersion",
        "Deprecated" => "deprecated",
        "Annotations" => "annotations",
        "KubeVersion" => "kubeVersion",
        "Dependencies" => "dependencies",
        _ => "type",
    }
}

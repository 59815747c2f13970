//! `.Chart`: a map in Helm 4, a struct in Helm 3.

use ecow::EcoString;
use gotemplate::{Foreign, List, Map, Object, Str, Type, Value};
use source::{Origin, Origins, Span};

use crate::Compat;
use crate::chart::{Dependency, ImportValue, Maintainer, Metadata};
use crate::instance::Instance;

/// `.Chart` for templates; each field knows where it is written.
pub(super) fn chart_object(
    chart: &Instance,
    is_root: bool,
    compat: Compat,
    origins: &mut Origins,
) -> Value {
    let mut fields = fields(&chart.metadata, is_root, compat);
    for (name, value) in &mut fields {
        let span = match *name {
            "Name" => chart.chart.span(),
            name => chart.metadata.value_of(json_name(name)).unwrap_or(Span::NONE),
        };
        if !span.is_none() {
            value.origin = origins.add(Origin::Source(span));
        }
    }
    structure("struct { chart.Metadata; IsRoot bool }", fields, compat)
}

/// A struct of Go: its fields by name. Helm 4 makes a map of it.
fn structure(
    name: &'static str,
    fields: Vec<(&'static str, Value)>,
    compat: Compat,
) -> Value {
    match compat {
        Compat::Helm4 => Value::from(record(fields)),
        Compat::Helm3 => {
            let always = |field: &str| matches!(field, "IsRoot" | "Repository");
            let json = fields.iter().filter(|(field, v)| always(field) || v.truth());
            let json = json.map(|(field, value)| (json_name(field), value.clone()));
            let json = json.collect();
            let shown = shown(&fields);
            Value::from(Object::new(Structure {
                name,
                fields: record(fields),
                json,
                shown,
            }))
        }
    }
}

/// A struct, as Helm 3 hands it to templates: an unknown field is an error.
struct Structure {
    name: &'static str,
    fields: Map,
    json: Vec<(&'static str, Value)>,
    shown: String,
}

/// The fields as Go prints them; `IsRoot` stands beside the others.
fn shown(fields: &[(&'static str, Value)]) -> String {
    let mut out = String::from("{");
    for (at, (name, value)) in fields.iter().enumerate() {
        out += match (at, *name) {
            (_, "IsRoot") => "} ",
            (0, _) => "",
            _ => " ",
        };
        out += &gotemplate::fmt::to_text(value);
    }
    let embedded = fields.last().is_some_and(|(name, _)| *name == "IsRoot");
    if embedded { format!("{{{out}}}") } else { out + "}" }
}

impl Foreign for Structure {
    fn type_name(&self) -> &'static str {
        self.name
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.fields.get(name)
    }

    fn print(&self) -> String {
        self.shown.clone()
    }

    fn json_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        Some(self.json.clone())
    }

    fn plain(&self) -> Option<Value> {
        Some(Value::from(record(self.json.iter().cloned())))
    }
}

fn record<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Map {
    Map::of(Type::Any, fields.into_iter().map(|(key, value)| (Str::from(key), value)))
}

fn fields(of: &Metadata, is_root: bool, compat: Compat) -> Vec<(&'static str, Value)> {
    let annotations = match &of.annotations {
        None => Map::nil(Type::String),
        Some(pairs) => Map::of(
            Type::String,
            pairs.iter().map(|(k, v)| (Str::new(k.as_bytes()), text(v))),
        ),
    };
    let dependencies = of.dependencies.iter().flatten().map(|d| dependency(d, compat));
    let maintainers = of.maintainers.iter().map(|m| maintainer(m, compat));
    vec![
        ("Name", text(&of.name)),
        ("Home", text(&of.home)),
        ("Sources", texts(&of.sources)),
        ("Version", text(&of.version)),
        ("Description", text(&of.description)),
        ("Keywords", texts(&of.keywords)),
        ("Maintainers", Value::from(maintainers.collect::<List>())),
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

fn maintainer(of: &Maintainer, compat: Compat) -> Value {
    let fields = vec![
        ("Name", text(&of.name)),
        ("Email", text(&of.email)),
        ("URL", text(&of.url)),
    ];
    structure("*chart.Maintainer", fields, compat)
}

fn dependency(of: &Dependency, compat: Compat) -> Value {
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
    let fields = vec![
        ("Name", text(&of.name)),
        ("Version", text(&of.version)),
        ("Repository", text(&of.repository)),
        ("Condition", text(&of.condition)),
        ("Tags", texts(&of.tags)),
        ("Enabled", Value::from(of.enabled)),
        ("ImportValues", Value::from(imports.collect::<List>())),
        ("Alias", text(&of.alias)),
    ];
    structure("*chart.Dependency", fields, compat)
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
        "Email" => "email",
        "URL" => "url",
        "Repository" => "repository",
        "Enabled" => "enabled",
        "ImportValues" => "import-values",
        "Alias" => "alias",
        "IsRoot" => "IsRoot",
        _ => "type",
    }
}

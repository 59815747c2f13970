//! Go's type `Values`, and its methods, which templates can call: `.Values.Table "a.b"`.
//!
//! Follows `pkg/chart/common/values.go` of Helm 4.2. `Encode` is absent: no template has a
//! writer to give it.

use gotemplate::{Call, Map, MapKind, Value, func};

use crate::Compat;
use crate::funcs;
use crate::gofmt::quote;

static HELM_4: MapKind = MapKind { name: "common.Values", methods: METHODS };
static HELM_3: MapKind = MapKind { name: "chartutil.Values", methods: METHODS };

static METHODS: &[gotemplate::Func] = &[
    func!("YAML", yaml, Opaque),
    func!("Table", table, Transparent),
    func!("AsMap", as_map, Transparent),
    func!("PathValue", path_value, Transparent),
];

/// The type of `.Values`, of the dot, and of `.Template`.
pub(super) fn values_type(compat: Compat) -> &'static MapKind {
    match compat {
        Compat::Helm4 => &HELM_4,
        Compat::Helm3 => &HELM_3,
    }
}

/// The values as YAML. (`Values.YAML`)
fn yaml(call: &mut Call<'_>, values: Map) -> Result<Value, String> {
    funcs::yaml_document(call, &Value::from(values))
}

/// The same map. In Go its type has no methods. (`Values.AsMap`)
fn as_map(values: Map) -> Map {
    values
}

/// The map at a path of keys. (`Values.Table`)
fn table(values: Map, path: String) -> Result<Map, String> {
    path.split('.').try_fold(values, |table, key| {
        let below = table.get(key);
        let below = below.as_ref().and_then(Value::as_map);
        let below = below.ok_or_else(|| format!("{} is not a table", quote(key)))?;
        // Every table that it returns has the methods.
        Ok(Map::named(table.kind().unwrap_or(&HELM_4), below.entries()))
    })
}

/// What is at a path of keys, unless it is a map. (`Values.PathValue`)
fn path_value(values: Map, path: String) -> Result<Value, String> {
    if path.is_empty() {
        return Err("YAML path cannot be empty".to_owned());
    }
    let (before, key) = match path.rsplit_once('.') {
        Some((before, key)) => (Some(before), key),
        None => (None, path.as_str()),
    };
    let home = match before {
        Some(before) => table(values, before.to_owned()).ok(),
        None => Some(values),
    };
    let found = home.and_then(|home| home.get(key));
    found
        .filter(|value| value.as_map().is_none())
        .ok_or_else(|| format!("{} is not a value", quote(key)))
}

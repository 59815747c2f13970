//! The working tree as a parsed one.

use goyaml::{Data as YamlData, Value};

use super::tree::{Data, MapRef, Node};

/// The merged values as a tree whose spans are the winning layers'.
pub(crate) fn to_value(map: &MapRef) -> Value {
    let entries = map.borrow();
    let entries = entries.iter().map(|(key, node)| (key.clone(), value(node).into()));
    Value::new(entries.collect::<goyaml::Map>())
}

fn value(node: &Node) -> Value {
    let data = match &node.data {
        Data::Null => YamlData::Null,
        Data::Bool(b) => YamlData::Bool(*b),
        Data::Int(n) => YamlData::Int(*n),
        Data::Float(n) => YamlData::Float(*n),
        Data::Str(text) => YamlData::Str(text.clone()),
        Data::List(list) => YamlData::Seq(list.iter().map(value).collect()),
        Data::Map(map) => to_value(map).data,
    };
    Value::new(data).at(node.layer.span)
}

//! Writing whole trees with an [`Emitter`].

use source::OriginId;

use crate::emit::{Emitted, Emitter, Format};
use crate::fault::Fault;
use crate::order::sort_keys;
use crate::value::{Data, Value};

/// Writes a value as `Marshal` does, keys sorted.
///
/// [`Format::Sigs`] is Helm's `toYaml` (which also trims the last line break) and what
/// Kustomize prints.
pub fn to_yaml(value: &Value, format: Format) -> Result<String, Fault> {
    to_yaml_marked(value, format).map(|emitted| emitted.text)
}

/// Writes a value as [`to_yaml`] does, and tells which origin each range of it has.
pub fn to_yaml_marked(value: &Value, format: Format) -> Result<Emitted, Fault> {
    let mut emitter = Emitter::new(format);
    push_value(&mut emitter, value);
    emitter.finish()
}

/// Pushes a value into an emitter, keys sorted.
pub fn push_value(emitter: &mut Emitter, value: &Value) {
    match &value.data {
        Data::Seq(items) => {
            emitter.begin_seq(value.origin);
            items.iter().for_each(|item| push_value(emitter, item));
            emitter.end();
        }
        Data::Map(map) => {
            emitter.begin_map(value.origin);
            let mut entries: Vec<_> = map.iter().collect();
            sort_keys(&mut entries, emitter.dialect(), |(key, _)| key.as_str());
            for (key, entry) in entries {
                emitter.key(key, OriginId::NONE);
                push_value(emitter, &entry.value);
            }
            emitter.end();
        }
        _ => {
            if let Some(scalar) = value.scalar() {
                emitter.scalar(scalar, value.origin);
            }
        }
    }
}

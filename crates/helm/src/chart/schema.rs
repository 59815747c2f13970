//! `values.schema.json`, read as Go reads it.

use values_schema::Schema;

/// Reads a schema. The error is that of Go's decoder, whose input ends unexpectedly where
/// `json.Unmarshal` speaks of an end of input.
pub(super) fn read(schema: &[u8]) -> Result<Schema, String> {
    let text = String::from_utf8_lossy(schema);
    if text.trim().is_empty() {
        return Err("EOF".to_owned());
    }
    match goyaml::parse_json(&text, source::FileId::NONE) {
        Ok(_) => Schema::read(schema),
        Err(fault) if fault.upstream().contains("unexpected end") => {
            Err("unexpected EOF".to_owned())
        }
        // Numbers may be larger than a float holds.
        Err(fault) if fault.upstream().starts_with("json: cannot unmarshal") => {
            Schema::read(schema)
        }
        Err(fault) => Err(fault.upstream()),
    }
}

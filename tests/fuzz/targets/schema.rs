//! Any text as a schema, the rest as the values that it checks.
#![no_main]

use fuzz::parts;
use libfuzzer_sys::fuzz_target;
use values_schema::Schema;

fuzz_target!(|data: &[u8]| {
    let found = parts(data);
    let Some((_, text)) = found.first() else { return };
    let Ok(schema) = Schema::read(text) else { return };
    for (_, values) in found.iter().skip(1).take(4) {
        let Ok(values) = serde_json::from_slice(values) else { continue };
        let first = schema.validate(&values, &[]);
        // Once it is known to be sound, it says the same.
        assert_eq!(schema.validate(&values, &[]), first);
    }
});

//! Any values, template and partials, rendered as a chart within small limits.
#![no_main]

use fuzz::{chart, parts, render};
use helm::Options;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut parts = parts(data);
    if parts.len() == 1 {
        parts[0].0 = "templates/a.yaml".to_owned();
    }
    let world = chart(&parts);
    let first = render(&world, "c", &Options::default());
    assert_eq!(first, render(&world, "c", &Options::default()), "it repeats");
});

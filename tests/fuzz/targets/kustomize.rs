//! A tree of files in one input, built as a kustomization.
#![no_main]

use fuzz::{parts, shown};
use kustomize::{NoCharts, Options, build, print};
use libfuzzer_sys::fuzz_target;
use source::{MemoryWorld, SourceMap, VPath};

fuzz_target!(|data: &[u8]| {
    let mut world = MemoryWorld::new();
    for (name, bytes) in parts(data) {
        let name = if name.is_empty() { "kustomization.yaml" } else { &name };
        world.insert(name, bytes);
    }
    assert_eq!(run(&world), run(&world), "it repeats");
});

fn run(world: &MemoryWorld) -> Result<String, String> {
    let sources = SourceMap::new();
    let root = VPath::root();
    let built = build(world, &sources, &root, &Options::default(), &NoCharts);
    let built = built.map_err(|fault| shown(&fault, &sources))?;
    print(&built.resources).map_err(|fault| shown(&fault, &sources))
}

//! One thread or two: every field of every chart names the same.

use std::path::Path;

use source::SourceMap;
use thanos_gitops::explain::{FieldPath, fields};

use super::corpus::{cases, world};
use super::fields::{objects, render};

#[test]
fn two_threads_record_what_one_does() {
    let Some(root) = std::env::var_os("THANOS_GITOPS_CHARTS") else { return };
    let mut compared = 0;
    for case in cases(Path::new(&root)) {
        let world = world(&case);
        let told = |two| {
            let sources = SourceMap::new();
            let renderer = helm::Renderer::new().with_two_threads(two);
            let renders = render(&world, &sources, Some(&renderer))?;
            let mut told = Vec::new();
            for object in renders.iter().flat_map(objects) {
                for field in fields(&sources, &object, &FieldPath::default()) {
                    let place = |cause: &source::Cause| {
                        let (span, role) = (cause.span, cause.role);
                        let path = sources.file(span.file).path.clone();
                        format!("{role:?} {path}:{}..{}", span.start, span.end)
                    };
                    let causes: Vec<String> = field.causes.iter().map(place).collect();
                    told.push((object.label(), field.path.to_string(), causes));
                }
            }
            Some(told)
        };
        let (one, two) = (told(false), told(true));
        let name = case.name();
        assert_eq!(one.is_some(), two.is_some(), "{name}");
        for (one, two) in one.into_iter().flatten().zip(two.into_iter().flatten()) {
            assert_eq!(one, two, "{name}");
            compared += 1;
        }
    }
    assert!(compared > 0, "no chart was there");
}

//! Who set a field, and which entry asked for it.

use goyaml::Step;
use kustomize::{NoCharts, NoteKind, Options, build};
use source::{MemoryWorld, Role, SourceMap, VPath};

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - image: nginx:1
      volumes:
      - configMap: {name: cfg}
";

const OVERLAY: &str = "\
resources: [../base]
namePrefix: p-
labels:
- pairs: {team: x}
images:
- name: nginx
  newTag: \"2\"
- name: nobody
  newTag: \"3\"
configMapGenerator:
- name: cfg
  literals: [a=b]
";

#[test]
fn edits_lead_to_their_entries() {
    let world = MemoryWorld::new()
        .with("base/web.yaml", DEPLOYMENT)
        .with("base/kustomization.yaml", "resources: [web.yaml]\n")
        .with("over/kustomization.yaml", OVERLAY);
    let sources = SourceMap::new();
    let root = VPath::new("over").expect("a path");
    let built = build(&world, &sources, &root, &Options::default(), &NoCharts)
        .expect("the tree builds");
    let web = built
        .resources
        .iter()
        .find(|r| r.cur_id().gvk.kind == "Deployment")
        .expect("the deployment is there");
    let causes = |path: &[Step<'_>]| -> Vec<(String, Role)> {
        let node = web.node().lookup(path.iter().copied()).expect("the field is there");
        let causes = sources.causes(&built.origins, node.place());
        let place = |span| sources.location(span).expect("a place");
        let line = |c: &source::Cause| {
            let place = place(c.span);
            (format!("{}:{}", place.path, place.line), c.role)
        };
        causes.iter().map(line).collect()
    };
    let key = |k| Step::Key(k);
    assert_eq!(
        causes(&[key("metadata"), key("name")]),
        [
            ("base/web.yaml:4".to_owned(), Role::Data),
            ("over/kustomization.yaml:2".to_owned(), Role::Edit("namePrefix")),
        ]
    );
    assert_eq!(
        causes(&[key("metadata"), key("labels"), key("team")]),
        [("over/kustomization.yaml:4".to_owned(), Role::Edit("labels"))]
    );
    let spec = [key("spec"), key("template"), key("spec")];
    let image = [&spec[..], &[key("containers"), Step::Index(0), key("image")]].concat();
    assert_eq!(
        causes(&image),
        [
            ("base/web.yaml:9".to_owned(), Role::Data),
            ("over/kustomization.yaml:6".to_owned(), Role::Edit("images")),
        ]
    );
    let volume =
        [&spec[..], &[key("volumes"), Step::Index(0), key("configMap"), key("name")]];
    let volume = causes(&volume.concat());
    let entry = "over/kustomization.yaml:11".to_owned();
    assert!(volume.iter().any(|(place, _)| *place == entry), "{volume:?}");
    assert!(volume.contains(&("base/web.yaml:11".to_owned(), Role::Before)));
    let notes: Vec<_> = built.notes.iter().map(|note| (note.kind, note.span)).collect();
    let [(NoteKind::Image, span)] = notes.as_slice() else { panic!("{notes:?}") };
    assert_eq!(sources.location(*span).map(|l| l.line), Some(8));
}

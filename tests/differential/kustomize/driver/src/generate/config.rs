//! `configurations`, `crds`, `openapi` and field specs.

use super::Generate;
use crate::tree::Part;
use crate::yaml::{Yaml, map, s, seq};

impl Generate {
    /// A field spec; of a mapping or of a scalar, in careful trees.
    pub fn field_spec(&mut self, of_map: bool) -> Yaml {
        const MAPS: [&str; 6] = [
            "metadata/labels",
            "metadata/annotations",
            "spec/template/metadata/labels",
            "spec/selector",
            "spec/new/deep",
            "spec/volumeClaimTemplates[]/metadata/labels",
        ];
        const SCALARS: [&str; 14] = [
            "spec/a",
            "spec/b/name",
            "metadata/name",
            "spec/containers[]/image",
            "spec/template/spec/containers/image",
            "spec/replicas",
            "spec/ref/name",
            "data/k1",
            "metadata/namespace",
            "spec/template/spec/containers[]/env[]/value",
            "metadata/labels/app",
            "metadata/annotations/example.com\\/x",
            "subjects/namespace",
            "data/k2",
        ];
        const ODD: [&str; 2] = ["spec/containers", "spec/*/name"];
        let path = match (self.careful, of_map) {
            (true, true) => self.random.pick(&MAPS),
            (true, false) => self.random.pick(&SCALARS),
            _ => self.random.pick(&[&MAPS[..], &SCALARS[..], &ODD[..]].concat()),
        };
        let mut spec = map([("path", s(path))]);
        // Specs of one path that differ in this conflict.
        if self.careful && self.random.chance(95) {
            if !matches!(path, "metadata/name" | "subjects/namespace" | "spec/replicas") {
                spec.put("create", s("true"));
            }
        } else if self.random.chance(40) {
            spec.put("create", s(self.random.pick(&["true", "true", "false"])));
        }
        if self.random.chance(35) {
            spec.put(
                "kind",
                s(self.random.pick(&["Deployment", "Thing", "ConfigMap", "Service"])),
            );
        }
        if self.random.chance(12) {
            spec.put("group", s(self.random.pick(&["apps", "example.com"])));
        }
        if self.random.chance(12) {
            spec.put("version", s("v1"));
        }
        spec
    }

    /// A few field specs.
    pub fn field_specs(&mut self, of_maps: bool) -> Yaml {
        let n = 1 + self.random.below(3);
        seq((0..n).map(|_| self.field_spec(of_maps)).collect())
    }

    /// A file for `configurations`.
    pub fn configuration(&mut self, dir: &str) -> Yaml {
        let mut config = map([]);
        for key in [
            "namePrefix",
            "nameSuffix",
            "namespace",
            "commonLabels",
            "labels",
            "templateLabels",
            "commonAnnotations",
            "images",
            "replicas",
            "varReference",
        ] {
            if self.random.chance(15) {
                let of_maps = key.ends_with("abels") || key == "commonAnnotations";
                let specs = self.field_specs(of_maps);
                config.put(key, specs);
            }
        }
        if self.random.chance(50) {
            let mut entry = map([(
                "kind",
                s(self.random.pick(&["ConfigMap", "Thing", "Secret", "Service"])),
            )]);
            if self.random.chance(40) {
                entry.put("version", s("v1"));
            }
            let mut spec = map([(
                "path",
                s(self.random.pick(&[
                    "spec/ref/name",
                    "spec/a",
                    "spec/b/name",
                    "data/k1",
                    "spec/containers/name",
                    "spec/ref",
                ])),
            )]);
            if self.random.chance(50) {
                spec.put("kind", s(self.random.pick(&["Thing", "ConfigMap", "Rollout"])));
            }
            entry.put("fieldSpecs", seq(vec![spec]));
            config.put("nameReference", seq(vec![entry]));
        }
        let name = format!("config{}.yaml", self.next());
        self.tree.add(format!("{dir}/{name}"), Part::Yaml(config));
        s(name)
    }

    /// A file for `crds`.
    pub fn crd(&mut self, dir: &str) -> Yaml {
        let text = r##"{
  "github.com/example/pkg/apis/v1.Thing": {
    "Schema": {
      "description": "A thing",
      "properties": {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": {"$ref": "k8s.io/apimachinery/pkg/apis/meta/v1.ObjectMeta"},
        "spec": {"$ref": "github.com/example/pkg/apis/v1.ThingSpec"}
      }
    },
    "Dependencies": ["github.com/example/pkg/apis/v1.ThingSpec"]
  },
  "github.com/example/pkg/apis/v1.ThingSpec": {
    "Schema": {
      "properties": {
        "ref": {
          "x-kubernetes-object-ref-api-version": "v1",
          "x-kubernetes-object-ref-kind": "ConfigMap",
          "$ref": "github.com/example/pkg/apis/v1.Ref"
        },
        "a": {"x-kubernetes-annotation": "", "x-kubernetes-label-selector": "", "$ref": "x"},
        "b": {"x-kubernetes-object-ref-kind": "Secret", "x-kubernetes-object-ref-name-key": "name",
          "$ref": "github.com/example/pkg/apis/v1.Ref"}
      }
    },
    "Dependencies": []
  }
}
"##;
        let name = format!("crd{}.json", self.next());
        self.tree.add(format!("{dir}/{name}"), Part::Raw(text.to_owned()));
        s(name)
    }

    /// The field `openapi`.
    pub fn openapi(&mut self, dir: &str) -> Yaml {
        if self.random.chance(25) {
            let version = match self.careful {
                true => "v1.21.2",
                false => self.random.pick(&["v1.21.2", "v1.20.4", "v1.5"]),
            };
            return map([("version", s(version))]);
        }
        let text = r#"{
  "definitions": {
    "com.example.v1.Thing": {
      "type": "object",
      "properties": {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": {"type": "object"},
        "spec": {
          "type": "object",
          "properties": {
            "containers": {
              "type": "array",
              "x-kubernetes-patch-merge-key": "name",
              "x-kubernetes-patch-strategy": "merge",
              "items": {"type": "object"}
            },
            "b": {
              "type": "array",
              "x-kubernetes-list-map-keys": ["name", "k1"],
              "x-kubernetes-patch-strategy": "merge",
              "items": {"type": "object"}
            }
          }
        }
      },
      "x-kubernetes-group-version-kind": [
        {"group": "example.com", "kind": "Thing", "version": "v1"}
      ]
    }
  }
}
"#;
        let name = format!("openapi{}.json", self.next());
        self.tree.add(format!("{dir}/{name}"), Part::Raw(text.to_owned()));
        map([("path", s(name))])
    }
}

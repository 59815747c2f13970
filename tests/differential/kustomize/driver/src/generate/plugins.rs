//! Builtin plugins in `generators:`, `transformers:` and `validators:`.

use super::Generate;
use crate::tree::Part;
use crate::yaml::{Yaml, map, s, seq};

impl Generate {
    fn plugin(&mut self, kind: &str) -> Yaml {
        let name = format!("plugin{}", self.next());
        map([
            ("apiVersion", s("builtin")),
            ("kind", s(kind)),
            ("metadata", map([("name", s(name))])),
        ])
    }

    /// The config of a transformer.
    pub fn transformer(&mut self, dir: &str) -> Option<Yaml> {
        let kind = self.random.pick(&[
            "AnnotationsTransformer",
            "LabelTransformer",
            "ImageTagTransformer",
            "PrefixTransformer",
            "SuffixTransformer",
            "PrefixSuffixTransformer",
            "NamespaceTransformer",
            "NamespaceTransformer",
            "ReplicaCountTransformer",
            "PatchTransformer",
            "PatchJson6902Transformer",
            "PatchStrategicMergeTransformer",
            "ReplacementTransformer",
            "ValueAddTransformer",
            "HashTransformer",
            "LegacyOrderTransformer",
            "SortOrderTransformer",
        ]);
        let kind = match kind.ends_with("OrderTransformer") && self.careful {
            true => "HashTransformer",
            false => kind,
        };
        let mut plugin = self.plugin(kind);
        let of_maps = matches!(kind, "AnnotationsTransformer" | "LabelTransformer");
        let specs = self.field_specs(of_maps);
        let with_specs = self.random.chance(75);
        match kind {
            "AnnotationsTransformer" => {
                let pairs = self.pairs();
                plugin.put("annotations", pairs);
            }
            "LabelTransformer" => {
                let pairs = self.pairs();
                plugin.put("labels", pairs);
            }
            "ImageTagTransformer" => {
                let image = self.image_entry();
                plugin.put("imageTag", image);
            }
            "PrefixTransformer" | "PrefixSuffixTransformer" => {
                plugin.put("prefix", s("pp-"));
            }
            "SuffixTransformer" => {
                plugin.put("suffix", s("-ss"));
            }
            "NamespaceTransformer" => {
                let metadata = map([("name", s("n")), ("namespace", s("plug"))]);
                plugin.put("metadata", metadata);
                if self.random.chance(40) {
                    plugin.put("unsetOnly", s("true"));
                }
                if self.random.chance(60) {
                    let mode = self.random.pick(match self.careful {
                        true => &["defaultOnly", "allServiceAccounts", "none"],
                        false => &["defaultOnly", "unspecified", "none"],
                    });
                    plugin.put("setRoleBindingSubjects", s(mode));
                }
            }
            "ReplicaCountTransformer" => {
                let replica = self.replica()?;
                plugin.put("replica", replica);
            }
            "PatchTransformer" => {
                let Yaml::Map(_, entries) = self.patch(dir)? else { return None };
                entries.into_iter().for_each(|(key, value)| {
                    plugin.put(&key, value);
                });
            }
            "PatchJson6902Transformer" => {
                let mut entry = self.patch_json6902(dir)?;
                if let Yaml::Map(_, entries) = &mut entry {
                    for (key, value) in entries.drain(..) {
                        let key = if key == "patch" { "jsonOp" } else { &key };
                        plugin.put(key, value);
                    }
                }
            }
            "PatchStrategicMergeTransformer" => {
                let of = self.one()?;
                let patch = self.merge_patch(&of);
                match self.random.chance(50) {
                    true => {
                        plugin.put("paths", seq(vec![s(self.patch_file(dir, patch))]))
                    }
                    false => plugin.put("patches", Yaml::Block("|-", patch.text())),
                };
            }
            "ReplacementTransformer" => {
                let replacement = self.replacement(dir)?;
                plugin.put("replacements", seq(vec![replacement]));
            }
            "ValueAddTransformer" => {
                plugin.put("value", s(self.random.pick(&["x", "y", "a/b"])));
                if self.careful || self.random.chance(70) {
                    let mut target = map([(
                        "fieldPath",
                        s(self.random.pick(&[
                            "metadata/labels/app",
                            "spec/a",
                            "spec/template/spec/containers/name",
                            "data/k1",
                        ])),
                    )]);
                    if self.random.chance(60) {
                        let of = self.one()?;
                        target.put("selector", map([("kind", s(of.kind))]));
                    }
                    if self.random.chance(40) {
                        target.put(
                            "filePathPosition",
                            s(self.random.pick(&["1", "2", "-1"])),
                        );
                    }
                    plugin.put("targets", seq(vec![target]));
                }
            }
            "SortOrderTransformer" => {
                let sort = self.sort_options();
                plugin.put("sortOptions", sort);
            }
            _ => {}
        }
        let takes = !matches!(
            kind,
            "PatchTransformer"
                | "PatchJson6902Transformer"
                | "PatchStrategicMergeTransformer"
                | "ReplacementTransformer"
                | "HashTransformer"
                | "SortOrderTransformer"
                | "LegacyOrderTransformer"
        );
        let needs = kind.ends_with("fixTransformer") && self.careful;
        if takes && (with_specs || needs) {
            plugin.put("fieldSpecs", specs);
        }
        Some(plugin)
    }

    /// The config of a generator.
    pub fn generator(&mut self, dir: &str) -> Option<Yaml> {
        let kind = self.random.pick(&[
            "ConfigMapGenerator",
            "SecretGenerator",
            "ConfigMapGenerator",
            "IAMPolicyGenerator",
        ]);
        let mut plugin = self.plugin(kind);
        if kind == "IAMPolicyGenerator" {
            plugin.put("cloud", s("gke"));
            plugin.put(
                "kubernetesService",
                map([("name", s("ksa")), ("namespace", s("ns1"))]),
            );
            plugin
                .put("serviceAccount", map([("name", s("gsa")), ("projectId", s("p"))]));
            return Some(plugin);
        }
        let Yaml::Map(_, entries) = self.generator_args(dir, kind == "SecretGenerator")
        else {
            return None;
        };
        for (key, value) in entries {
            match key.as_str() {
                "name" => plugin.put("metadata", map([("name", value)])),
                _ => plugin.put(&key, value),
            };
        }
        Some(plugin)
    }

    /// Writes a config into a file, or gives it inline.
    pub fn plugin_entry(&mut self, dir: &str, config: Yaml) -> Yaml {
        let generates = config.get("kind").is_some_and(
            |kind| matches!(kind, Yaml::Plain(kind) if kind.ends_with("Generator")),
        );
        if self.random.chance(30) {
            return Yaml::Block("|-", config.text());
        }
        let name = format!("t{}.yaml", self.next());
        self.tree.add(format!("{dir}/{name}"), Part::Yaml(config));
        if self.random.chance(15)
            && !(generates && self.careful)
            && let Some(another) = self.transformer(dir)
        {
            self.tree.add(format!("{dir}/{name}"), Part::Yaml(another));
        }
        s(name)
    }
}

//! The fields of a kustomization.

use super::{Generate, Known};
use crate::tree::Part;
use crate::yaml::{Yaml, map, s, seq};

impl Generate {
    /// Adds fields to a kustomization.
    pub fn fields(&mut self, dir: &str, k: &mut Yaml, component: bool) {
        self.generated(dir, k);
        self.simple(k);
        self.changes(dir, k);
        self.settings(dir, k, component);
    }

    fn generated(&mut self, dir: &str, k: &mut Yaml) {
        if self.some() {
            let n = 1 + self.random.below(2);
            let args = (0..n).map(|_| self.generator_args(dir, false)).collect();
            k.put("configMapGenerator", seq(args));
        }
        if self.some() {
            let args = self.generator_args(dir, true);
            k.put("secretGenerator", seq(vec![args]));
        }
        if self.some() {
            let options = self.generator_options();
            k.put("generatorOptions", options);
        }
        if self.some()
            && self.random.chance(50)
            && let Some(config) = self.generator(dir)
        {
            let entry = self.plugin_entry(dir, config);
            k.put("generators", seq(vec![entry]));
        }
    }

    fn simple(&mut self, k: &mut Yaml) {
        if self.some() {
            k.put("namePrefix", s(self.random.pick(&["pre-", "x-", "'1-'", "\"\""])));
        }
        if self.some() {
            k.put("nameSuffix", s(self.random.pick(&["-suf", "-v1"])));
        }
        if self.some() {
            k.put("namespace", s(self.random.pick(&["ns1", "other", "default", "ns5"])));
        }
        if self.some() {
            let pairs = self.pairs();
            k.put("commonLabels", pairs);
        }
        if self.some() {
            let pairs = self.pairs();
            k.put("commonAnnotations", pairs);
        }
        if self.some() {
            let n = 1 + self.random.below(2);
            let labels = (0..n).map(|_| self.label()).collect();
            k.put("labels", seq(labels));
        }
        if self.some() {
            let n = 1 + self.random.below(2);
            let images = (0..n).map(|_| self.image_entry()).collect();
            let field = if self.random.chance(95) { "images" } else { "imageTags" };
            k.put(field, seq(images));
        }
        if self.some()
            && let Some(replica) = self.replica()
        {
            k.put("replicas", seq(vec![replica]));
        }
    }

    fn label(&mut self) -> Yaml {
        let pairs = self.pairs();
        let mut label = map([("pairs", pairs)]);
        for option in ["includeSelectors", "includeTemplates"] {
            if self.random.chance(35) {
                label.put(option, s(self.random.pick(&["true", "true", "false"])));
            }
        }
        if self.random.chance(25) {
            let specs = self.field_specs(true);
            label.put("fields", specs);
        }
        label
    }

    fn changes(&mut self, dir: &str, k: &mut Yaml) {
        if self.some() || self.some() {
            let n = 1 + self.random.below(3);
            let patches = (0..n).filter_map(|_| self.patch(dir)).collect();
            k.put("patches", seq(patches));
        }
        if self.some()
            && let Some(of) = self.one()
        {
            let patch = self.merge_patch(&of);
            let entry = match self.random.chance(60) {
                true => s(self.patch_file(dir, patch)),
                false => Yaml::Block("|-", patch.text()),
            };
            k.put("patchesStrategicMerge", seq(vec![entry]));
        }
        if self.some()
            && let Some(patch) = self.patch_json6902(dir)
        {
            k.put("patchesJson6902", seq(vec![patch]));
        }
        if self.some() || self.some() {
            let n = 1 + self.random.below(2);
            let replacements = (0..n).filter_map(|_| self.replacement(dir)).collect();
            k.put("replacements", seq(replacements));
        }
        if self.some() {
            let n = 1 + self.random.below(2);
            let vars = (0..n).filter_map(|_| self.var()).collect();
            k.put("vars", seq(vars));
        }
        if self.some()
            && let Some(config) = self.transformer(dir)
        {
            let entry = self.plugin_entry(dir, config);
            k.put("transformers", seq(vec![entry]));
        }
        if self.some()
            && self.random.chance(20)
            && let Some(config) = self.transformer(dir)
        {
            // The real one compares where the text of a patched object has its fields.
            let prints_anew = config.text().contains("PatchJson6902Transformer");
            let entry = self.plugin_entry(dir, config);
            if !prints_anew {
                k.put("validators", seq(vec![entry]));
            }
        }
    }

    fn settings(&mut self, dir: &str, k: &mut Yaml, component: bool) {
        if self.some() && self.random.chance(50) {
            let configuration = self.configuration(dir);
            k.put("configurations", seq(vec![configuration]));
        }
        if self.some() && self.random.chance(40) {
            let crd = self.crd(dir);
            k.put("crds", seq(vec![crd]));
        }
        if self.some() && self.random.chance(15) {
            let openapi = self.openapi(dir);
            k.put("openapi", openapi);
        }
        if self.some() && !component {
            let sort = self.sort_options();
            k.put("sortOptions", sort);
        }
        if self.some() && !component {
            let mut options = Vec::new();
            for option in
                ["originAnnotations", "transformerAnnotations", "managedByLabel"]
            {
                if self.random.chance(40) {
                    options.push(s(option));
                }
            }
            k.put("buildMetadata", seq(options));
        }
        if self.some() && self.random.chance(20) {
            k.put("metadata", map([("name", s("this"))]));
        }
    }

    /// The field `sortOptions`.
    pub fn sort_options(&mut self) -> Yaml {
        let order = self.random.pick(&["fifo", "legacy", "legacy"]);
        let mut sort = map([("order", s(order))]);
        if order == "legacy" && self.random.chance(40) {
            let first = seq(vec![s("Deployment"), s("Thing")]);
            let last = seq(vec![s("ConfigMap"), s("Namespace")]);
            let mut options = map([("orderFirst", first)]);
            if self.random.chance(60) {
                options.put("orderLast", last);
            }
            sort.put("legacySortOptions", options);
        }
        sort
    }

    /// A part of `replicas`.
    pub fn replica(&mut self) -> Option<Yaml> {
        const SCALED: [&str; 4] =
            ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"];
        let scaled = self.known.iter().filter(|of| SCALED.contains(&of.kind.as_str()));
        let names: Vec<String> = scaled.map(|of| of.name.clone()).collect();
        let of = match names.is_empty() || (!self.careful && self.random.chance(8)) {
            true if self.careful => return None,
            true => self.one().map_or("a".to_owned(), |of| of.name),
            false => names[self.random.below(names.len())].clone(),
        };
        let count = s(self.random.pick(&["3", "0", "12", "-1"]));
        Some(map([("name", s(of)), ("count", count)]))
    }

    /// A part of `images`.
    pub fn image_entry(&mut self) -> Yaml {
        let mut image = map([(
            "name",
            s(self.random.pick(&[
                "nginx",
                "repo.io/nginx",
                "busybox",
                "x/nginx",
                "repo.io:5000/nginx",
                "ng.*",
                "my.nginx",
                "localhost:5000/a/b",
            ])),
        )]);
        if self.random.chance(50) {
            image.put(
                "newName",
                s(self.random.pick(&["apache", "repo.io/apache", "r:5/x"])),
            );
        }
        if self.random.chance(60) {
            image.put(
                "newTag",
                s(self.random.pick(&["v2", "'1.0'", "latest", "'1.5'", "'5'"])),
            );
        }
        if self.random.chance(15) {
            image.put("digest", s("sha256:12345678"));
        }
        if self.random.chance(10) {
            image.put("tagSuffix", s("-alpine"));
        }
        image
    }

    fn generator_options(&mut self) -> Yaml {
        let mut options = map([]);
        if self.random.chance(40) {
            let pairs = self.pairs();
            options.put("labels", pairs);
        }
        if self.random.chance(40) {
            let pairs = self.pairs();
            options.put("annotations", pairs);
        }
        if self.random.chance(40) {
            let value = self.random.pick(&["true", "false"]);
            options.put("disableNameSuffixHash", s(value));
        }
        if self.random.chance(20) {
            options.put("immutable", s("true"));
        }
        options
    }

    /// A part of `configMapGenerator` or `secretGenerator`.
    pub fn generator_args(&mut self, dir: &str, secret: bool) -> Yaml {
        let kind = if secret { "Secret" } else { "ConfigMap" };
        let there = self.known.iter().find(|known| known.kind == kind).cloned();
        let merged = there.filter(|_| self.random.chance(40));
        let fresh = self.fresh_name(kind);
        let mut args =
            map([("name", s(merged.as_ref().map_or(fresh, |of| of.name.clone())))]);
        if let Some(of) = &merged {
            let behavior = self.random.pick(&["merge", "replace", "merge", "merge"]);
            args.put("behavior", s(behavior));
            if !of.namespace.is_empty() {
                args.put("namespace", s(of.namespace.clone()));
            }
        } else if self.random.chance(15) {
            args.put("namespace", s(self.random.pick(&["ns1", "gen"])));
        }
        let mut data = map([]);
        if self.random.chance(60) {
            let mut literals = self.list(|g| {
                s(g.random.pick(&[
                    "k1=v",
                    "k2=5",
                    "\"k3='quoted'\"",
                    "k4=a=b",
                    "\"k5=\"",
                    "'k6=\"x\"'",
                    "k.7=true",
                    "\"k8=two\\nlines\"",
                    "k1=w",
                    "'k9= lead'",
                ]))
            });
            if let Yaml::Seq(_, items) = &mut literals
                && self.careful
            {
                // A key may stand there once.
                let mut seen = Vec::new();
                items.retain(|item| {
                    let text = item.text();
                    let key = text.trim_start_matches(['\'', '"']).split('=').next();
                    let key = key.map(str::to_owned);
                    let fresh = !seen.contains(&key);
                    seen.push(key);
                    fresh
                });
            }
            args.put("literals", literals);
        }
        if self.random.chance(30) {
            let name = format!("f{}.txt", self.next());
            let text = self.random.pick(&[
                "text\n",
                "no end",
                "",
                "a: b\n  c\n",
                "tabs\tand trailing \n",
                "é\n",
                "\n\nx\n",
                "\r\nwindows\r\n",
            ]);
            self.tree.add(format!("{dir}/{name}"), Part::Raw(text.to_owned()));
            let entry = match self.random.chance(50) {
                true => format!("key={name}"),
                false => name,
            };
            args.put("files", seq(vec![s(entry)]));
        }
        if self.random.chance(25) {
            let name = format!("e{}.env", self.next());
            let text = self.random.pick(&[
                "A=1\nB=two words\n# note\n\nC='q'\n",
                "X=\nY=a=b",
                " LEAD=1\n",
                "\u{feff}BOM=1\n",
                "A=1\r\nB=2\r\n",
            ]);
            self.tree.add(format!("{dir}/{name}"), Part::Raw(text.to_owned()));
            match self.random.chance(80) {
                true => args.put("envs", seq(vec![s(name)])),
                false => args.put("env", s(name)),
            };
        }
        if self.random.chance(30) {
            let options = self.generator_options();
            args.put("options", options);
        }
        if secret && self.random.chance(30) {
            args.put("type", s(self.random.pick(&["Opaque", "kubernetes.io/tls"])));
        }
        let name = match args.get("name") {
            Some(Yaml::Plain(name)) => name.clone(),
            _ => String::new(),
        };
        data.put("k1", s("v"));
        let yaml = map([
            ("apiVersion", s("v1")),
            ("kind", s(kind)),
            ("metadata", map([("name", s(name.clone()))])),
            ("data", data),
        ]);
        let (api, kind) = ("v1".to_owned(), kind.to_owned());
        self.known.push(Known { api, kind, name, namespace: String::new(), yaml });
        args
    }
}

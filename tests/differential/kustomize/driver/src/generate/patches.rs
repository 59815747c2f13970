//! Patches of known objects, and selectors.

use super::{Generate, Known};
use crate::yaml::{Yaml, map, quoted, s, seq};

/// Where in an object something stands.
pub type Path = Vec<String>;

/// All paths of an object.
pub fn paths(node: &Yaml) -> Vec<(Path, Yaml)> {
    let mut found = Vec::new();
    collect(node, &mut Vec::new(), &mut found);
    // The hash of a generated object of another kind depends on the lines of Go's own nodes.
    // Upstream's own annotations are among those that are copied whole.
    found.retain(|(path, _)| match path.as_slice() {
        [one] => !matches!(one.as_str(), "kind" | "apiVersion" | "metadata"),
        [one, two] => one != "metadata" || two != "annotations",
        _ => true,
    });
    if found.is_empty() {
        found.push((vec!["spec".to_owned()], s("x")));
    }
    found
}

fn collect(node: &Yaml, at: &mut Path, found: &mut Vec<(Path, Yaml)>) {
    if !at.is_empty() {
        found.push((at.clone(), node.clone()));
    }
    match node {
        Yaml::Map(_, entries) => {
            for (key, value) in entries.iter().filter(|(key, _)| !key.starts_with('#')) {
                at.push(key.trim_matches('\'').to_owned());
                collect(value, at, found);
                at.pop();
            }
        }
        Yaml::Seq(_, items) => {
            for (i, item) in items.iter().enumerate() {
                at.push(i.to_string());
                collect(item, at, found);
                at.pop();
            }
        }
        _ => {}
    }
}

fn escaped(part: &String) -> String {
    format!("/{}", part.replace('~', "~0").replace('/', "~1"))
}

impl Generate {
    /// A strategic merge patch of an object.
    pub fn merge_patch(&mut self, of: &Known) -> Yaml {
        let mut patch = self.object_of(&of.api, &of.kind, &of.name);
        if let Some(metadata) = patch.get("metadata").cloned() {
            let mut metadata = metadata;
            if let Yaml::Map(_, entries) = &mut metadata {
                entries.retain(|(key, _)| key != "namespace");
            }
            if !of.namespace.is_empty() {
                metadata.put("namespace", s(of.namespace.clone()));
            }
            patch.put("metadata", metadata);
        }
        if let Yaml::Map(_, entries) = &mut patch {
            let keep = 3 + self.random.below(3);
            entries.truncate(keep.max(3));
        }
        self.direct(&mut patch, 0);
        patch
    }

    /// Nulls and directives here and there.
    fn direct(&mut self, node: &mut Yaml, depth: usize) {
        match node {
            Yaml::Map(flow, entries) => {
                for (key, value) in entries.iter_mut() {
                    if depth == 0 && matches!(key.as_str(), "apiVersion" | "kind") {
                        continue;
                    }
                    if depth == 1 && matches!(key.as_str(), "name" | "namespace") {
                        continue;
                    }
                    if depth > 0 && key != "name" && self.random.chance(4) {
                        *value = s(self.random.pick(&["null", "~", ""]));
                        continue;
                    }
                    self.direct(value, depth + 1);
                }
                if self.random.chance(4) && !*flow {
                    let kind =
                        self.random.pick(&["delete", "replace", "merge", "delete"]);
                    entries.push(("$patch".to_owned(), s(kind)));
                }
                if self.random.below(1000) < 8 {
                    entries.push(("$retainKeys".to_owned(), seq(vec![s("name")])));
                }
                if self.random.below(1000) < 8 {
                    let order =
                        seq(vec![map([("name", s("b"))]), map([("name", s("a"))])]);
                    entries.push(("$setElementOrder/containers".to_owned(), order));
                }
                if self.random.below(1000) < 4 {
                    let gone = seq(vec![s("f1")]);
                    entries
                        .push(("$deleteFromPrimitiveList/finalizers".to_owned(), gone));
                }
            }
            Yaml::Seq(_, items) => {
                for item in items.iter_mut() {
                    self.direct(item, depth + 1);
                }
                if self.random.chance(3) {
                    let at = self.random.below(items.len() + 1);
                    let kind = self.random.pick(&["replace", "delete", "merge"]);
                    items.insert(at, map([("$patch", s(kind))]));
                }
            }
            _ => {}
        }
    }

    /// A JSON patch of an object, as YAML or as JSON.
    pub fn json_patch(&mut self, of: &Known) -> Yaml {
        let n = 1 + self.random.below(3);
        if self.careful && self.random.chance(95) {
            let mut touched = Vec::new();
            let operations =
                (0..n).filter_map(|_| self.fitting_operation(of, &mut touched)).collect();
            return Yaml::Seq(false, operations);
        }
        let operations = (0..n).map(|_| self.operation(of)).collect();
        Yaml::Seq(false, operations)
    }

    /// An operation that fits the object, where none was before.
    fn fitting_operation(&mut self, of: &Known, touched: &mut Vec<Path>) -> Option<Yaml> {
        let mut all = paths(&of.yaml);
        let is_name = |path: &Path| {
            path[0] == "metadata"
                && matches!(path.get(1).map(String::as_str), Some("name"))
        };
        let apart = |a: &Path, b: &Path| {
            let shared = a.iter().zip(b).take_while(|(a, b)| a == b).count();
            let index = |path: &Path| {
                path.get(shared).is_some_and(|p| p.parse::<usize>().is_ok())
            };
            shared < a.len() && shared < b.len() && !index(a)
        };
        all.retain(|(path, _)| !is_name(path) && touched.iter().all(|t| apart(path, t)));
        if all.is_empty() {
            return None;
        }
        let (path, found) = all[self.random.below(all.len())].clone();
        let pointer: String = path.iter().map(escaped).collect();
        let op = self.random.pick(&[
            "add", "add", "replace", "replace", "replace", "test", "copy", "remove",
            "new", "new",
        ]);
        touched.push(path.clone());
        let value = match (&found, self.random.chance(85)) {
            (Yaml::Map(..) | Yaml::Seq(..), true) => found.clone(),
            (Yaml::Map(..) | Yaml::Seq(..), false) => self.any(1),
            (_, true) => self.scalar(),
            (_, false) => self.word(),
        };
        Some(match (op, &found) {
            ("add" | "replace", _) => {
                map([("op", s(op)), ("path", quoted(&pointer)), ("value", value)])
            }
            ("test", _) => {
                map([("op", s("test")), ("path", quoted(&pointer)), ("value", found)])
            }
            ("remove", _) if path[0] != "metadata" => {
                map([("op", s("remove")), ("path", quoted(&pointer))])
            }
            ("new", Yaml::Seq(..)) => {
                let value = self.scalar();
                let path = quoted(&format!("{pointer}/-"));
                map([("op", s("add")), ("path", path), ("value", value)])
            }
            ("new", Yaml::Map(..)) => {
                let value = self.word();
                let key = self.random.pick(&["new", "k1", "a~1b", "x"]);
                let path = quoted(&format!("{pointer}/{key}"));
                map([("op", s("add")), ("path", path), ("value", value)])
            }
            _ => {
                let to =
                    self.random.pick(&["/spec", "/data", "/x-copy", "/metadata/labels"]);
                let to = match to {
                    "/metadata/labels" | "/spec" | "/data" => format!("{to}/copied"),
                    other => other.to_owned(),
                };
                let parent = to.trim_start_matches('/').split('/').next().unwrap_or("");
                let there = of.yaml.get(parent);
                let fits =
                    matches!(there, Some(Yaml::Map(..))) && !to.contains("metadata");
                let to = if fits { to } else { "/x-copy".to_owned() };
                map([
                    ("op", s("copy")),
                    ("path", quoted(&to)),
                    ("from", quoted(&pointer)),
                ])
            }
        })
    }

    fn pointer(&mut self, of: &Known) -> String {
        let all = paths(&of.yaml);
        let at = self.random.below(all.len());
        let mut path = all[at].0.clone();
        match self.random.below(20) {
            _ if self.careful => {}
            0 => path.push(self.random.pick(&["x", "-", "0", "name", "a/b"]).to_owned()),
            1 => {
                path.pop();
                path.push(
                    self.random.pick(&["zz", "-", "0", "-1", "9", "01"]).to_owned(),
                );
            }
            _ => {}
        }
        let escape =
            |part: &String| format!("/{}", part.replace('~', "~0").replace('/', "~1"));
        path.iter().map(escape).collect()
    }

    fn operation(&mut self, of: &Known) -> Yaml {
        let op = self.random.pick(&[
            "add", "add", "add", "replace", "replace", "remove", "move", "copy", "test",
        ]);
        let mut operation = map([("op", s(op)), ("path", quoted(&self.pointer(of)))]);
        match op {
            "add" | "replace" => {
                let value = self.any(1);
                operation.put("value", value);
            }
            "test" => {
                let all = paths(&of.yaml);
                let at = self.random.below(all.len());
                let (path, value) = all[at].clone();
                let escape =
                    |p: &String| format!("/{}", p.replace('~', "~0").replace('/', "~1"));
                let mut path: String = path.iter().map(escape).collect();
                if matches!(path.as_str(), "/metadata" | "/metadata/annotations") {
                    path.push_str("/name");
                }
                operation.put("path", quoted(&path));
                operation.put("value", value);
            }
            "move" | "copy" => {
                let mut from = self.pointer(of);
                // Upstream's own annotations would be copied, too.
                if matches!(from.as_str(), "/metadata" | "/metadata/annotations") {
                    from.push_str("/name");
                }
                operation.put("from", quoted(&from));
            }
            _ => {}
        }
        operation
    }

    /// A selector that likely finds the object.
    pub fn selector(&mut self, of: &Known) -> Yaml {
        let mut selector = map([]);
        if self.random.chance(70) {
            let kind = match self.random.below(10) {
                0 => format!("{}|ConfigMap", of.kind),
                1 => ".*".to_owned(),
                2 => format!("({})", of.kind),
                _ => of.kind.clone(),
            };
            selector.put("kind", quoted(&kind));
        }
        if self.random.chance(60) {
            let name = match self.random.below(12) {
                0 => ".*".to_owned(),
                1 => format!("{}|db", of.name),
                2 => format!("^{}$", of.name),
                3 => format!("{}.*", of.name),
                4 => "[a-z]+".to_owned(),
                5 => "(?i)WEB".to_owned(),
                6 => r"\w+".to_owned(),
                7 => r"\pL{1,3}".to_owned(),
                _ => of.name.clone(),
            };
            selector.put("name", quoted(&name));
        }
        if self.random.chance(10) {
            selector
                .put("namespace", s(self.random.pick(&["ns1", "ns.", "default", "''"])));
        }
        if self.random.chance(10) {
            let (group, version) = of.api.rsplit_once('/').unwrap_or(("", &of.api));
            if !group.is_empty() {
                selector.put("group", s(group));
            }
            selector.put("version", s(version));
        }
        if self.random.chance(10) {
            let key = self.random.pick(&["labelSelector", "annotationSelector"]);
            let value = self.random.pick(&[
                "app=a",
                "app",
                "app in (a, b)",
                "!tier",
                "tier!=b",
                "app notin (a)",
                "app==web",
                "example.com/x",
                "app=a,tier=b",
                "",
            ]);
            selector.put(key, quoted(value));
        }
        selector
    }

    /// A part of `patches`.
    pub fn patch(&mut self, dir: &str) -> Option<Yaml> {
        let of = self.one()?;
        let json = self.random.chance(40);
        let text = match json {
            true => self.json_patch(&of),
            false => self.merge_patch(&of),
        };
        let targeted = json || self.random.chance(40);
        let mut entry = match self.random.chance(50) {
            true => {
                let alone = self.careful && targeted;
                map([("path", s(self.patch_file_of(dir, text, alone)))])
            }
            false => map([("patch", Yaml::Block("|-", text.text()))]),
        };
        if targeted {
            let selector = match json && self.careful && self.random.chance(85) {
                true => self.exact(&of),
                false => self.selector(&of),
            };
            entry.put("target", selector);
        }
        if self.random.chance(8) {
            let mut options = map([]);
            for option in ["allowNameChange", "allowKindChange"] {
                if !self.random.chance(50) {
                    continue;
                }
                if option == "allowKindChange" && targeted {
                    // A generated object of another kind gets a hash over Go's own nodes.
                    if matches!(of.kind.as_str(), "ConfigMap" | "Secret") {
                        continue;
                    }
                    let exact = self.exact(&of);
                    entry.put("target", exact);
                }
                options.put(option, s("true"));
            }
            entry.put("options", options);
        }
        Some(entry)
    }

    /// Writes a patch into a file and tells its name.
    pub fn patch_file(&mut self, dir: &str, patch: Yaml) -> String {
        self.patch_file_of(dir, patch, false)
    }

    /// The same; no other patch stands in the file if it must be `alone`.
    fn patch_file_of(&mut self, dir: &str, patch: Yaml, alone: bool) -> String {
        let alone = alone || (self.careful && matches!(patch, Yaml::Seq(..)));
        let name = format!("p{}.yaml", self.next());
        self.tree.add(format!("{dir}/{name}"), crate::tree::Part::Yaml(patch));
        if self.random.chance(5)
            && !alone
            && let Some(of) = self.one()
        {
            let other = self.merge_patch(&of);
            self.tree.add(format!("{dir}/{name}"), crate::tree::Part::Yaml(other));
        }
        name
    }

    /// A part of `patchesJson6902`.
    pub fn patch_json6902(&mut self, dir: &str) -> Option<Yaml> {
        let of = self.one()?;
        let text = self.json_patch(&of);
        let (group, version) = of.api.rsplit_once('/').unwrap_or(("", &of.api));
        let mut target = map([("version", s(version)), ("kind", s(of.kind.clone()))]);
        target.put("name", s(of.name.clone()));
        if !group.is_empty() {
            target.put("group", s(group));
        }
        let key = self.random.chance(50);
        Some(match key {
            true => map([("target", target), ("path", s(self.patch_file(dir, text)))]),
            false => map([("target", target), ("patch", Yaml::Block("|-", text.text()))]),
        })
    }
}

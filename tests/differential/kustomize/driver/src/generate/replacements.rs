//! Replacements and variables.

use super::patches::paths;
use super::{Generate, Known};
use crate::tree::Part;
use crate::yaml::{Yaml, map, quoted, s, seq};

impl Generate {
    /// A part of `replacements`.
    pub fn replacement(&mut self, dir: &str) -> Option<Yaml> {
        let replacement = self.replacement_body()?;
        if !self.random.chance(20) {
            return Some(replacement);
        }
        let name = format!("rep{}.yaml", self.next());
        let file = match self.random.chance(30) {
            true => seq(vec![replacement]),
            false => replacement,
        };
        self.tree.add(format!("{dir}/{name}"), Part::Yaml(file));
        Some(map([("path", s(name))]))
    }

    /// A replacement itself.
    pub fn replacement_body(&mut self) -> Option<Yaml> {
        if self.careful && self.random.chance(92) {
            return self.fitting_replacement();
        }
        let mut replacement = map([]);
        if self.random.chance(12) {
            let value =
                self.random.pick(&["abc", "'a:b'", "x/y", "'{a: b}'", "plain text"]);
            replacement.put("sourceValue", s(value));
        } else {
            let of = self.one()?;
            let mut source = self.exact(&of);
            if self.random.chance(85) {
                let path = self.field_path(&of);
                source.put("fieldPath", quoted(&path));
            }
            if self.random.chance(25) {
                let options = self.delimiter();
                source.put("options", options);
            }
            replacement.put("source", source);
        }
        let of_name = replacement.get("source").is_some_and(|source| {
            let path = source.get("fieldPath");
            path.is_none_or(|path| *path == quoted("metadata.name"))
        });
        let n = 1 + self.random.below(2);
        let mut targets = Vec::new();
        for _ in 0..n {
            let of = self.one()?;
            let select = match self.random.chance(50) {
                true => self.exact(&of),
                false => self.selector(&of),
            };
            let mut target = map([("select", select)]);
            if self.random.chance(12) {
                let other = self.one()?;
                let reject = self.selector(&other);
                target.put("reject", seq(vec![reject]));
            }
            let n = 1 + self.random.below(2);
            let mut fields: Vec<Yaml> =
                (0..n).map(|_| quoted(&self.field_path(&of))).collect();
            // A name that was changed before has no tag upstream: `5` becomes a number.
            if !of_name {
                fields.retain(|path| *path != quoted("metadata.name"));
                if fields.is_empty() {
                    fields.push(quoted("metadata.labels.app"));
                }
            }
            target.put("fieldPaths", seq(fields));
            if self.random.chance(45) {
                let mut options = match self.random.chance(50) {
                    true => self.delimiter(),
                    false => map([]),
                };
                if self.random.chance(70) {
                    options.put("create", s("true"));
                }
                target.put("options", options);
            }
            targets.push(target);
        }
        replacement.put("targets", seq(targets));
        Some(replacement)
    }

    /// A replacement whose fields are there, of one shape.
    fn fitting_replacement(&mut self) -> Option<Yaml> {
        let is_scalar = |value: &Yaml| !matches!(value, Yaml::Map(..) | Yaml::Seq(..));
        let mut replacement = map([]);
        let mut scalar = true;
        if self.random.chance(15) {
            let value = self.random.pick(&[
                "abc",
                "'a:b'",
                "x/y",
                "'5'",
                "'true'",
                "plain text",
                "''",
            ]);
            replacement.put("sourceValue", s(value));
        } else {
            let of = self.one()?;
            let mut source = self.exact(&of);
            if self.random.chance(85) {
                let (path, value) = self.fitting_path(&of, None)?;
                source.put("fieldPath", quoted(&path));
                scalar = is_scalar(&value);
            }
            if scalar && self.random.chance(20) {
                let mut options = self.delimiter();
                options.put("index", s("0"));
                source.put("options", options);
            }
            replacement.put("source", source);
        }
        let mut targets = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            let of = self.one()?;
            let exact = self.random.chance(75);
            let select = if exact { self.exact(&of) } else { self.selector(&of) };
            let mut target = map([("select", select)]);
            if self.random.chance(12) {
                let other = self.one()?;
                let reject = self.selector(&other);
                target.put("reject", seq(vec![reject]));
            }
            let mut fields = Vec::new();
            for _ in 0..1 + self.random.below(2) {
                let like = if self.random.chance(95) { Some(scalar) } else { None };
                fields.extend(self.fitting_path(&of, like).map(|(path, _)| path));
            }
            let fresh = self.random.chance(20) || !exact || fields.is_empty();
            if fresh {
                let path = match scalar {
                    true => self.random.pick(&[
                        "metadata.labels.app",
                        "metadata.annotations.new",
                        "metadata.labels.[a.b/c]",
                        "x-new.deep.one",
                        "x-list.[name=n].value",
                        "x-items.0.v",
                    ]),
                    false => self.random.pick(&["x-new.whole", "x-list.[name=n].value"]),
                };
                fields = vec![path.to_owned()];
            }
            let paths = fields.iter().map(|path| quoted(path)).collect();
            target.put("fieldPaths", seq(paths));
            let mut options = map([]);
            if fresh || self.random.chance(30) {
                options.put("create", s("true"));
            }
            if scalar && self.random.chance(25) {
                options = self.delimiter();
                if fresh {
                    options.put("create", s("true"));
                }
            }
            if options != map([]) {
                target.put("options", options);
            }
            targets.push(target);
        }
        replacement.put("targets", seq(targets));
        Some(replacement)
    }

    /// The path of a field that is there, a scalar or a whole as asked for.
    fn fitting_path(
        &mut self,
        of: &Known,
        scalar: Option<bool>,
    ) -> Option<(String, Yaml)> {
        for _ in 0..12 {
            let (path, value) = self.field_path_of(of);
            let is_scalar = !matches!(value, Yaml::Map(..) | Yaml::Seq(..));
            let empty = matches!(&value, Yaml::Map(_, e) if e.is_empty())
                || matches!(&value, Yaml::Seq(_, i) if i.is_empty())
                || matches!(&value, Yaml::Plain(p) if matches!(p.as_str(), "null" | "~" | ""));
            if scalar.is_none_or(|scalar| scalar == is_scalar) && !empty {
                return Some((path, value));
            }
        }
        None
    }

    fn delimiter(&mut self) -> Yaml {
        let mut options = map([]);
        options
            .put("delimiter", quoted(self.random.pick(&[":", "/", "-", "a", ".", "::"])));
        if self.random.chance(70) {
            options.put("index", s(self.random.pick(&["0", "1", "-1", "2"])));
        }
        options
    }

    pub fn exact(&mut self, of: &Known) -> Yaml {
        let mut selector =
            map([("kind", s(of.kind.clone())), ("name", s(of.name.clone()))]);
        if !of.namespace.is_empty() && self.random.chance(60) {
            selector.put("namespace", s(of.namespace.clone()));
        }
        if self.random.chance(20) {
            let (group, version) = of.api.rsplit_once('/').unwrap_or(("", &of.api));
            selector.put("version", s(version));
            if !group.is_empty() {
                selector.put("group", s(group));
            }
        }
        selector
    }

    /// A path in the dotted notation.
    pub fn field_path(&mut self, of: &Known) -> String {
        self.field_path_of(of).0
    }

    /// The same, with what stands there.
    fn field_path_of(&mut self, of: &Known) -> (String, Yaml) {
        let all = paths(&of.yaml);
        let at = self.random.below(all.len());
        let (path, found) = all[at].clone();
        let mut node = &of.yaml;
        let mut out: Vec<String> = Vec::new();
        for part in &path {
            match node {
                Yaml::Map(_, entries) => {
                    let entry =
                        entries.iter().find(|(k, _)| k.trim_matches('\'') == part);
                    let Some((_, value)) = entry else { break };
                    node = value;
                    out.push(match part.contains('.') {
                        true if self.random.chance(50) => format!("[{part}]"),
                        true => part.replace('.', "\\."),
                        false => part.clone(),
                    });
                }
                Yaml::Seq(_, items) => {
                    let Some(item) = part.parse().ok().and_then(|i: usize| items.get(i))
                    else {
                        break;
                    };
                    node = item;
                    let named = item.get("name").or_else(|| item.get("kind"));
                    out.push(match (self.random.below(4), named) {
                        (0, _) if !self.careful => "*".to_owned(),
                        (1, _) => part.clone(),
                        (_, Some(Yaml::Plain(name))) => format!("[name={name}]"),
                        _ => part.clone(),
                    });
                }
                _ => break,
            }
        }
        if path.last().is_some_and(|p| p.starts_with("conf.")) && self.random.chance(80) {
            let inside = self.random.pick(match self.careful {
                true => &["a.b", "n", "a"],
                false => &[
                    "a.b",
                    "n",
                    "a",
                    "a.n",
                    "l.0",
                    "l.*",
                    "zz",
                    "a.zz",
                    "[name=a].v",
                    "*.v",
                    "l",
                    "0.v",
                    "l.1.z",
                    "d",
                    "l.1.y",
                    "a.s",
                    "c",
                    "e",
                ],
            });
            out.push(inside.to_owned());
        }
        match self.random.below(20) {
            _ if self.careful => {}
            0 => {
                out.push(self.random.pick(&["x", "0", "-", "[name=zz]", "*"]).to_owned())
            }
            1 => {
                out.pop();
                out.push(
                    self.random
                        .pick(&["zz", "0", "9", "[name=q]", "*", "[a.b/c]"])
                        .to_owned(),
                );
            }
            _ => {}
        }
        (out.join("."), found)
    }

    /// A part of `vars`.
    pub fn var(&mut self) -> Option<Yaml> {
        let of = self.one()?;
        let name = match self.careful {
            true => self.vars.pop()?,
            false => self.random.pick(&["VAR", "OTHER", "VAR", "X"]),
        };
        let mut reference =
            map([("kind", s(of.kind.clone())), ("name", s(of.name.clone()))]);
        reference.put("apiVersion", s(of.api.clone()));
        if !of.namespace.is_empty() && self.random.chance(70) {
            reference.put("namespace", s(of.namespace.clone()));
        }
        let mut var = map([("name", s(name)), ("objref", reference)]);
        if self.random.chance(60) {
            let mut all = paths(&of.yaml);
            if self.careful {
                let plain = |part: &String| !part.contains(['.', '/', ' ']);
                all.retain(|(path, value)| {
                    path.iter().all(plain)
                        && !matches!(value, Yaml::Map(..) | Yaml::Seq(..))
                });
            }
            let at = self.random.below(all.len());
            let path = all.get(at)?.0.join(".");
            var.put("fieldref", map([("fieldpath", quoted(&path))]));
        }
        Some(var)
    }
}

//! Trees of bases, overlays and components, from a seed.

mod config;
mod kustomization;
mod objects;
mod patches;
mod plugins;
mod replacements;
mod values;

use crate::random::Random;
use crate::tree::{Part, Tree};
use crate::yaml::{Yaml, map, s, seq};

/// An object that a later step can refer to.
#[derive(Clone, Debug)]
pub struct Known {
    /// `apiVersion`
    pub api: String,
    /// `kind`
    pub kind: String,
    /// `metadata.name` as it is written.
    pub name: String,
    /// `metadata.namespace` as it is written.
    pub namespace: String,
    /// The whole object.
    pub yaml: Yaml,
}

/// What generating carries along.
pub struct Generate {
    /// The seed's numbers.
    pub random: Random,
    /// What was made so far.
    pub tree: Tree,
    /// Objects that the kustomization at hand sees.
    pub known: Vec<Known>,
    /// How often an optional field is there, of a hundred.
    pub density: usize,
    /// How often something is wrong on purpose, of a thousand.
    pub faults: usize,
    /// Is what upstream often refuses left out?
    pub careful: bool,
    /// Names of variables that nobody took.
    pub vars: Vec<&'static str>,
    count: usize,
}

/// The tree of a seed.
pub fn tree(seed: u64) -> Tree {
    let mut random = Random::new(seed);
    let density = [3, 7, 12, 25][random.below(4)];
    let careful = seed % 4 != 0;
    let faults = [0, 0, 5, 20][random.below(4)] / if careful { 5 } else { 1 };
    let mut g = Generate {
        random,
        tree: Tree::default(),
        known: Vec::new(),
        density,
        faults,
        careful,
        count: 0,
        vars: vec!["VAR", "OTHER", "X"],
    };
    g.tree.reorder = ["", "", "none", "none", "legacy"][g.random.below(5)];
    let layers = 1 + g.random.below(3);
    let mut below: Vec<String> = Vec::new();
    for layer in 0..layers {
        let last = layer + 1 == layers;
        let dir = format!("app/l{layer}");
        let mut folders = std::mem::take(&mut below);
        if layer > 0 && g.random.chance(20) {
            let side = format!("side{layer}");
            g.layer(&format!("app/{side}"), &[], false);
            folders.push(format!("../{side}"));
        }
        g.layer(&dir, &folders, false);
        below = vec![format!("../l{layer}")];
        if last {
            g.tree.dir = dir;
        }
    }
    g.tree
}

impl Generate {
    /// A kustomization and its files; `folders` are below it.
    fn layer(&mut self, dir: &str, folders: &[String], component: bool) {
        let outer = match folders.is_empty() && !component {
            true => std::mem::take(&mut self.known),
            false => Vec::new(),
        };
        let mut k = Yaml::Map(false, Vec::new());
        if component {
            k.put("apiVersion", s("kustomize.config.k8s.io/v1alpha1"));
            k.put("kind", s("Component"));
        } else if self.random.chance(20) {
            k.put("apiVersion", s("kustomize.config.k8s.io/v1beta1"));
            k.put("kind", s("Kustomization"));
        }
        let mut resources: Vec<Yaml> = folders.iter().map(|f| s(f.as_str())).collect();
        let files = match (component, folders.is_empty()) {
            (true, _) => 1,
            (_, true) => 1 + self.random.below(2),
            _ => self.random.below(2),
        };
        for _ in 0..files {
            resources.push(self.resource_file(dir));
        }
        if self.random.chance(3) && !folders.is_empty() {
            k.put("bases", seq(folders.iter().map(|f| s(f.as_str())).collect()));
            resources.drain(..folders.len());
        }
        if !resources.is_empty() {
            k.put("resources", seq(resources));
        }
        self.fields(dir, &mut k, component);
        if !component && self.random.chance(15) {
            let name = format!("c{}", self.next());
            self.layer(&format!("app/{name}"), &[], true);
            k.put("components", seq(vec![s(format!("../{name}"))]));
        }
        if self.wrong() {
            k.put(
                self.random.pick(&["resource", "namePrefix", "images", "labels"]),
                s("x"),
            );
        }
        let name = self.random.pick(&[
            "kustomization.yaml",
            "kustomization.yaml",
            "kustomization.yml",
            "Kustomization",
        ]);
        self.tree.add(format!("{dir}/{name}"), Part::Yaml(k));
        self.known.extend(outer);
    }

    /// A number that no other name has.
    pub fn next(&mut self) -> usize {
        self.count += 1;
        self.count
    }

    /// Is an optional field there?
    pub fn some(&mut self) -> bool {
        let density = self.density;
        self.random.chance(density)
    }

    /// Is something wrong on purpose?
    pub fn wrong(&mut self) -> bool {
        self.random.below(1000) < self.faults
    }

    /// An object that is known, if there is one.
    pub fn one(&mut self) -> Option<Known> {
        match self.known.len() {
            0 => None,
            n => {
                let at = self.random.below(n);
                Some(self.known[at].clone())
            }
        }
    }

    fn resource_file(&mut self, dir: &str) -> Yaml {
        let name = format!("r{}.yaml", self.next());
        let path = format!("{dir}/{name}");
        let count = 1 + self.random.below(4);
        let mut objects: Vec<Yaml> = Vec::new();
        for _ in 0..count {
            let known = self.object();
            objects.push(known.yaml.clone());
            self.known.push(known);
        }
        if self.random.chance(4) {
            let kind = match self.careful || self.random.chance(80) {
                true => "List",
                false => "ConfigMapList",
            };
            let list = map([
                ("apiVersion", s("v1")),
                ("kind", s(kind)),
                ("items", seq(objects)),
            ]);
            self.tree.add(path, Part::Yaml(list));
            return s(name);
        }
        for object in objects {
            self.tree.add(path.clone(), Part::Yaml(object));
        }
        if self.random.chance(3) {
            let odd =
                self.random.pick(&["", "# only a comment\n", "null\n", "{}\n", "---\n"]);
            self.tree.add(path, Part::Raw(odd.to_owned()));
        }
        s(name)
    }
}

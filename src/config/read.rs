//! From the file to the types.

use std::collections::BTreeMap;

use goyaml::{Dialect, Node};
use source::{
    Diagnostic, FileId, ReadErrorKind, Severity, SourceMap, Span, VPath, World,
};

use super::convert::Converter;
use super::shape::{FILE as SHAPE, Kind};
use super::types::{
    ClusterConfig, Compat, Config, HelmVersion, KustomizeVersion, Layout, Level,
    LintConfig, LoadRestrictor, Paths, Role, Said, Setting, SettingValue,
};

type Map = BTreeMap<String, Setting>;

/// Reads `thanos-gitops.yaml`; without one, every default holds.
pub fn read(world: &dyn World, sources: &SourceMap) -> Result<Config, Vec<Diagnostic>> {
    let path = VPath::new(super::FILE).unwrap_or_else(VPath::root);
    let bytes = match world.read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind == ReadErrorKind::NotFound => {
            return Ok(Config::default());
        }
        Err(error) => {
            return Err(vec![*Diagnostic::error(Span::NONE, error.to_string())]);
        }
    };
    let read = goyaml::read_text(&bytes, FileId::NONE);
    let text = read.unwrap_or_else(|_| String::from_utf8_lossy(&bytes));
    let file = sources.add_file(world, &path, text.into_owned());
    let text = sources.file(file).text.clone();
    if let Err(mut fault) = goyaml::read_text(&bytes, file) {
        fault.span.end = fault.span.start;
        return Err(vec![*fault.diagnostic()]);
    }
    let (mut documents, faults) = goyaml::parse(&text, file, Dialect::V3);
    if !faults.is_empty() {
        return Err(faults.iter().map(|fault| *fault.diagnostic()).collect());
    }
    match documents.as_mut_slice() {
        [] => Ok(Config::default()),
        [document] => {
            let root = &mut document.root;
            root.expand(goyaml::EXPANSION_BUDGET).map_err(|f| vec![*f.diagnostic()])?;
            config(root)
        }
        [_, second, ..] => {
            let message = "the configuration is one document";
            let hint = "merge the documents; there is no `---` between keys";
            Err(vec![*Diagnostic::error(second.span, message).hint(hint)])
        }
    }
}

fn config(document: &Node) -> Result<Config, Vec<Diagnostic>> {
    let mut converter = Converter { faults: Vec::new() };
    let value = converter.value(document, &Kind::Map(SHAPE));
    if !converter.faults.is_empty() {
        return Err(converter.faults);
    }
    let Some(SettingValue::Map(mut map)) = value else { return Ok(Config::default()) };
    let mut defaults = cluster(take(&mut map, "defaults"), None);
    let compat = compat(take(&mut map, "compat"));
    defaults.compat.kustomize = defaults.compat.kustomize.or(compat.kustomize);
    defaults.compat.helm = defaults.compat.helm.or(compat.helm);
    let restrictor = &mut defaults.compat.load_restrictor;
    *restrictor = restrictor.or(compat.load_restrictor);
    let clusters = take(&mut map, "clusters").into_iter();
    let clusters = clusters
        .map(|(name, s)| (name, cluster(entries(s.value), Some(s.key))))
        .collect();
    let lints = take(&mut map, "lints").into_iter();
    let standard = Config::default();
    let output = take(&mut map, "output");
    let paths = paths(&take(&mut map, "paths"))?;
    Ok(Config {
        paths,
        layout: match text(&output, "layout") {
            Some("stream") => Layout::Stream,
            _ => Layout::Resources,
        },
        defaults,
        clusters,
        lints: lints.map(|(name, setting)| (name, lint(setting))).collect(),
        seed: text(&map, "seed").map_or(standard.seed, str::to_owned),
        clock: text(&map, "clock")
            .and_then(super::date::seconds)
            .unwrap_or(standard.clock),
        facts: rest(map, &["seed", "clock"]),
    })
}

fn entries(value: SettingValue) -> Map {
    match value {
        SettingValue::Map(map) => map,
        _ => Map::new(),
    }
}

fn take(map: &mut Map, key: &str) -> Map {
    map.remove(key).map(|setting| entries(setting.value)).unwrap_or_default()
}

fn text<'a>(map: &'a Map, key: &str) -> Option<&'a str> {
    map.get(key)?.text()
}

fn rest(mut map: Map, known: &[&str]) -> Map {
    map.retain(|key, _| !known.contains(&key.as_str()));
    map
}

fn paths(map: &Map) -> Result<Paths, Vec<Diagnostic>> {
    let standard = Paths::default();
    let path = |key: &str, or: VPath| text(map, key).and_then(VPath::new).unwrap_or(or);
    let paths = Paths {
        base: path("base", standard.base),
        overlays: path("overlays", standard.overlays),
        overlays_said: map.get("overlays").map_or(Span::NONE, |said| said.span),
        charts: path("charts", standard.charts),
        output: path("output", standard.output),
    };
    let sources = [&paths.base, &paths.overlays, &paths.charts];
    let mixed =
        |source: &VPath| paths.output.is_under(source) || source.is_under(&paths.output);
    let Some(source) = sources.into_iter().find(|source| mixed(source)) else {
        return Ok(paths);
    };
    let span = map.get("output").or(map.values().next()).map_or(Span::NONE, |s| s.span);
    let message =
        format!("the output `{}` would mix with the sources in `{source}`", paths.output);
    let hint = "what is built needs a folder of its own, such as `rendered`";
    Err(vec![*Diagnostic::error(span, message).hint(hint)])
}

fn compat(map: Map) -> Compat {
    Compat {
        kustomize: text(&map, "kustomize").map(|word| match word {
            "5.7" => KustomizeVersion::V5_7,
            _ => KustomizeVersion::V5_8,
        }),
        helm: text(&map, "helm").map(|word| match word {
            "3" => HelmVersion::V3,
            _ => HelmVersion::V4,
        }),
        load_restrictor: text(&map, "loadRestrictor").map(|word| match word {
            "LoadRestrictionsNone" => LoadRestrictor::None,
            _ => LoadRestrictor::RootOnly,
        }),
    }
}

fn cluster(mut map: Map, span: Option<Span>) -> ClusterConfig {
    const OWN: &[&str] = &["role", "environment", "kubernetesVersion", "apiVersions"];
    let compat = compat(take(&mut map, "compat"));
    ClusterConfig {
        span,
        role: said(&map, "role", |fact| match fact.text()? {
            "central" => Some(Role::Central),
            _ => Some(Role::Edge),
        }),
        environment: said(&map, "environment", |fact| fact.text().map(str::to_owned)),
        kubernetes_version: said(&map, "kubernetesVersion", |fact| {
            fact.text().map(str::to_owned)
        }),
        api_versions: said(&map, "apiVersions", |fact| {
            let texts: Vec<String> =
                fact.texts().into_iter().map(str::to_owned).collect();
            (!texts.is_empty()).then_some(texts)
        }),
        compat,
        facts: rest(map, OWN),
    }
}

/// What a key says, and where.
fn said<T>(
    map: &Map,
    key: &str,
    read: impl FnOnce(&Setting) -> Option<T>,
) -> Option<Said<T>> {
    let setting = map.get(key)?;
    // A list of one is known by what is in it.
    let span = match &setting.value {
        SettingValue::List(items) if items.len() == 1 => items.first().map(|i| i.span),
        _ => None,
    };
    Some(Said { value: read(setting)?, span: span.unwrap_or(setting.span) })
}

fn lint(setting: Setting) -> LintConfig {
    let span = setting.key;
    let (word, settings) = match setting.value {
        SettingValue::Text(word) => (Some(word), Map::new()),
        value => {
            let mut settings = entries(value);
            let level = settings.remove("level");
            (level.and_then(|s| s.text().map(str::to_owned)), settings)
        }
    };
    let level = word.map(|word| match word.as_str() {
        "off" => Level::Off,
        "info" => Level::At(Severity::Info),
        "warning" => Level::At(Severity::Warning),
        _ => Level::At(Severity::Error),
    });
    LintConfig { span, level, settings }
}

#[cfg(test)]
mod tests {
    use source::{MemoryWorld, SourceMap};

    use super::read;
    use crate::config::{Config, HelmVersion, Layout, Level, Role};

    fn parsed(text: &str) -> Result<Config, Vec<String>> {
        let (world, sources) =
            (MemoryWorld::new().with("thanos-gitops.yaml", text), SourceMap::new());
        read(&world, &sources).map_err(|faults| {
            let told = faults.into_iter().map(|d| {
                let place = sources.location(d.span);
                let place =
                    place.map_or(String::new(), |p| format!("{}:{} ", p.line, p.column));
                format!("{place}{} ({})", d.message, d.hints.join("; "))
            });
            told.collect()
        })
    }

    #[test]
    fn everything_can_be_said_and_nothing_must_be() {
        assert_eq!(parsed("# nothing\n"), Ok(Config::default()));
        let text = "\
            output: {layout: stream}\n\
            paths: {overlays: deploy/overlays}\n\
            compat: {helm: 3}\n\
            clusters:\n  hub:\n    role: central\n    kubernetesVersion: 1.30\n    nodeIPs: [10.0.0.1]\n  empty:\n\
            lints:\n  LBL002: off\n  THN003: {level: info, retention: 2h, days: 2, strict: true}\n\
            clock: 2026-02-01\n\
            buckets: {metrics: thanos}\n";
        let config = parsed(text).unwrap();
        assert_eq!(config.layout, Layout::Stream);
        assert_eq!(config.paths.overlays.as_str(), "deploy/overlays");
        assert_eq!(config.defaults.compat.helm, Some(HelmVersion::V3));
        let hub = &config.clusters["hub"];
        assert_eq!(hub.role.map(|said| said.value), Some(Role::Central));
        // A version is text, whatever YAML makes of its dot.
        let version = hub.kubernetes_version.as_ref();
        assert_eq!(version.map(|said| &*said.value), Some("1.30"));
        assert_eq!(hub.facts["nodeIPs"].texts(), ["10.0.0.1"]);
        assert_eq!(config.lints["LBL002"].level, Some(Level::Off));
        let thn003 = &config.lints["THN003"].settings;
        assert_eq!(thn003["retention"].text(), Some("2h"));
        assert_eq!(thn003["days"].number(), Some(2.0));
        assert_eq!(thn003["strict"].flag(), Some(true));
        assert_eq!(config.clock, 1_769_904_000);
        assert_eq!(
            config.facts["buckets"].map().unwrap()["metrics"].text(),
            Some("thanos")
        );
    }

    #[test]
    fn what_is_wrong_is_told_at_once_and_at_its_place() {
        let told = parsed(
            "output: {layot: stream}\nclusters: [a]\nclock: tomorrow\ncompat: {helm: 5}\n\
             paths: {base: ../x}\nlints: {A: loud}\n",
        );
        assert_eq!(
            told.unwrap_err(),
            [
                "1:10 unknown key `layot` (did you mean `layout`?)",
                "2:11 this must be a map, not a list (write `name: value`, one a line)",
                "3:8 this must be a date such as 2026-01-31, not `tomorrow` \
                 (write it like the example)",
                "4:16 `5` is none of 4, 3 ()",
                "5:15 this must be a path inside the repository, not `../x` (write it \
                 relative to the root, without `..`)",
                "6:12 `loud` is none of off, info, warning, error ()",
            ]
        );
    }

    #[test]
    fn malformed_yaml_is_told_with_its_place() {
        let told = parsed("clusters:\n  a: [1\n").unwrap_err();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("3:1 ") || told[0].starts_with("2:"), "{told:?}");
    }
}

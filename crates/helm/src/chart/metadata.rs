//! `Chart.yaml` and `requirements.yaml`: what a chart says about itself.
//!
//! Follows `pkg/chart/v2/{metadata,dependency}.go` of Helm 4.2, read the way
//! `sigs.k8s.io/yaml` fills a struct: names match in any case, numbers become strings.

use ecow::EcoString;
use goyaml::{Data, Value};
use source::Span;

use crate::Compat;
use crate::gofmt::quote;
use crate::semver::Version;

/// What a chart says about itself: `Chart.yaml`.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// The chart's name; an alias inside a parent.
    pub name: EcoString,
    /// The chart's version.
    pub version: EcoString,
    /// `v1` or `v2`; `v1` if it says nothing.
    pub api_version: EcoString,
    /// A page about the project.
    pub home: EcoString,
    /// Where the sources are.
    pub sources: Vec<EcoString>,
    /// One sentence about the chart.
    pub description: EcoString,
    /// Words to find it by.
    pub keywords: Vec<EcoString>,
    /// Who keeps it.
    pub maintainers: Vec<Maintainer>,
    /// A picture's address.
    pub icon: EcoString,
    /// Unused by Helm since version 3, but seen by templates.
    pub condition: EcoString,
    /// Unused by Helm since version 3, but seen by templates.
    pub tags: EcoString,
    /// The version of what the chart installs.
    pub app_version: EcoString,
    /// Should it no longer be used?
    pub deprecated: bool,
    /// Free text by key; `None` if there is no such field.
    pub annotations: Option<Vec<(EcoString, EcoString)>>,
    /// The Kubernetes versions it is for.
    pub kube_version: EcoString,
    /// The charts it needs; `None` if there is no such field.
    pub dependencies: Option<Vec<Dependency>>,
    /// `application`, `library`, or nothing.
    pub kind: EcoString,
    /// Where the name is written.
    pub span: Span,
    /// Where each field is written, by its name in lower case: its key, and its value.
    fields: Vec<(EcoString, Span, Span)>,
    null_maintainer: bool,
    null_dependency: bool,
}

/// A chart that says something of itself that Helm does not accept.
pub(crate) struct Invalid {
    pub(crate) words: String,
    /// The field, as Helm calls it.
    pub(crate) field: &'static str,
}

/// A person who keeps a chart.
#[derive(Clone, Debug, Default)]
pub struct Maintainer {
    /// The person's name.
    pub name: EcoString,
    /// The person's address.
    pub email: EcoString,
    /// The person's page.
    pub url: EcoString,
}

/// A chart that another one needs.
#[derive(Clone, Debug, Default)]
pub struct Dependency {
    /// The chart's name; its alias once dependencies are processed.
    pub name: EcoString,
    /// The versions that will do.
    pub version: EcoString,
    /// Where it can be had.
    pub repository: EcoString,
    /// Paths of values that switch it on or off, separated by commas.
    pub condition: EcoString,
    /// Names under `tags:` that switch it on or off.
    pub tags: Vec<EcoString>,
    /// Is it switched on?
    pub enabled: bool,
    /// What its parent takes from its values.
    pub import_values: Vec<ImportValue>,
    /// The name that it has in its parent.
    pub alias: EcoString,
    /// Where it is asked for.
    pub span: Span,
}

/// One entry of `import-values`.
#[derive(Clone, Debug)]
pub enum ImportValue {
    /// `- data`: the table `exports.data`, put at the parent's root.
    Export(EcoString),
    /// `- {child: a.b, parent: c}`
    Table {
        /// Where it is in the child's values.
        child: EcoString,
        /// Where it goes in the parent's.
        parent: EcoString,
    },
    /// Anything else: kept for templates, otherwise without effect.
    Other,
}

impl Metadata {
    /// Does the chart hold but partials for others?
    pub(crate) fn is_library(&self) -> bool {
        self.kind.eq_ignore_ascii_case("library")
    }

    /// Puts what a document says over what is there, as unmarshalling twice does.
    pub(crate) fn read(
        &mut self,
        document: &Value,
        compat: Compat,
    ) -> Result<(), String> {
        let package = match compat {
            Compat::Helm4 => "v2",
            Compat::Helm3 => "chart",
        };
        let map = match &document.data {
            Data::Map(map) => map,
            Data::Null => return Ok(()),
            other => {
                return Err(mismatch(other, "value", &format!("{package}.Metadata")));
            }
        };
        for (key, entry) in map {
            let field = format!("Metadata.{key}");
            self.fields.push((key.to_lowercase(), entry.key_span, entry.value.span));
            self.field(key, &entry.value)
                .map_err(|kind| mismatch_words(&kind, &field, package))?;
        }
        Ok(())
    }

    fn field(&mut self, key: &str, value: &Value) -> Result<(), Mismatch> {
        let text = || string(value);
        match key.to_lowercase().as_str() {
            "name" => (self.name, self.span) = (text()?, value.span),
            "version" => self.version = text()?,
            "apiversion" => self.api_version = text()?,
            "home" => self.home = text()?,
            "sources" => self.sources = strings(value)?,
            "description" => self.description = text()?,
            "keywords" => self.keywords = strings(value)?,
            "maintainers" => {
                self.null_maintainer = has_null(value);
                self.maintainers = items(value, maintainer)?;
            }
            "icon" => self.icon = text()?,
            "condition" => self.condition = text()?,
            "tags" => self.tags = text()?,
            "appversion" => self.app_version = text()?,
            "deprecated" => self.deprecated = boolean(value)?,
            "annotations" => self.annotations = annotations(value)?,
            "kubeversion" => self.kube_version = text()?,
            "dependencies" if value.is_null() => self.dependencies = None,
            "dependencies" => {
                self.null_dependency = has_null(value);
                self.dependencies = Some(items(value, dependency)?);
            }
            "type" => self.kind = text()?,
            _ => {}
        }
        Ok(())
    }

    /// Where a field is written.
    pub(crate) fn span_of(&self, field: &str) -> Option<Span> {
        self.written(field).map(|(_, key, value)| key.to(*value))
    }

    /// Where the value of a field is written.
    pub(crate) fn value_of(&self, field: &str) -> Option<Span> {
        self.written(field).map(|(_, _, value)| *value)
    }

    fn written(&self, field: &str) -> Option<&(EcoString, Span, Span)> {
        let name = field.to_lowercase();
        self.fields.iter().rev().find(|(known, ..)| *known == name)
    }

    /// Cleans strings and checks what must hold. (`Metadata.Validate`)
    pub(crate) fn validate(&mut self) -> Result<(), Invalid> {
        let cleaned = [
            &mut self.name,
            &mut self.description,
            &mut self.home,
            &mut self.icon,
            &mut self.condition,
            &mut self.tags,
            &mut self.app_version,
            &mut self.kube_version,
        ];
        cleaned.into_iter().for_each(sanitize);
        self.sources.iter_mut().chain(&mut self.keywords).for_each(sanitize);
        self.validate_own()?;
        if self.null_maintainer {
            return invalid(
                "maintainers",
                "maintainers must not contain empty or null nodes",
            );
        }
        for person in &mut self.maintainers {
            [&mut person.name, &mut person.email, &mut person.url]
                .into_iter()
                .for_each(sanitize);
        }
        if self.null_dependency {
            return invalid(
                "dependencies",
                "dependencies must not contain empty or null nodes",
            );
        }
        let mut seen: Vec<EcoString> = Vec::new();
        for dependency in self.dependencies.iter_mut().flatten() {
            dependency.validate()?;
            let key = dependency.effective_name().clone();
            if seen.contains(&key) {
                let quoted = quote(&key);
                return invalid(
                    "dependencies",
                    format!("more than one dependency with name or alias {quoted}"),
                );
            }
            seen.push(key);
        }
        Ok(())
    }

    fn validate_own(&self) -> Result<(), Invalid> {
        if self.api_version.is_empty() {
            return invalid("apiVersion", "chart.metadata.apiVersion is required");
        }
        if self.name.is_empty() {
            return invalid("name", "chart.metadata.name is required");
        }
        let name = quote(&self.name);
        if self.name == "." || self.name == ".." {
            return invalid("name", format!("chart.metadata.name {name} is not allowed"));
        }
        if self.name.contains('/') {
            return invalid("name", format!("chart.metadata.name {name} is invalid"));
        }
        if self.version.is_empty() {
            return invalid("version", "chart.metadata.version is required");
        }
        if Version::parse(&self.version).is_err() {
            let version = quote(&self.version);
            return invalid(
                "version",
                format!("chart.metadata.version {version} is invalid"),
            );
        }
        match self.kind.as_str() {
            "" | "application" | "library" => Ok(()),
            _ => invalid("type", "chart.metadata.type must be application or library"),
        }
    }
}

impl Dependency {
    /// The name that the chart has in its parent.
    #[must_use]
    pub fn effective_name(&self) -> &EcoString {
        if self.alias.is_empty() { &self.name } else { &self.alias }
    }

    fn validate(&mut self) -> Result<(), Invalid> {
        [&mut self.name, &mut self.version, &mut self.repository, &mut self.condition]
            .into_iter()
            .for_each(sanitize);
        self.tags.iter_mut().for_each(sanitize);
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !self.alias.chars().all(allowed) {
            let name = quote(&self.name);
            return invalid(
                "dependencies",
                format!("dependency {name} has disallowed characters in the alias"),
            );
        }
        Ok(())
    }
}

fn invalid<T>(field: &'static str, words: impl std::fmt::Display) -> Result<T, Invalid> {
    Err(Invalid { words: format!("validation: {words}"), field })
}

/// The kind of value that does not fit, and the Go type it does not fit into.
struct Mismatch {
    found: &'static str,
    wanted: &'static str,
}

fn string(value: &Value) -> Result<EcoString, Mismatch> {
    let mismatch = || Mismatch { found: value.data.json_kind(), wanted: "string" };
    value.data.json_string().ok_or_else(mismatch)
}

fn strings(value: &Value) -> Result<Vec<EcoString>, Mismatch> {
    items(value, string)
}

fn boolean(value: &Value) -> Result<bool, Mismatch> {
    match &value.data {
        Data::Null => Ok(false),
        Data::Bool(b) => Ok(*b),
        other => Err(Mismatch { found: other.json_kind(), wanted: "bool" }),
    }
}

fn items<T>(
    value: &Value,
    read: impl Fn(&Value) -> Result<T, Mismatch>,
) -> Result<Vec<T>, Mismatch> {
    match &value.data {
        Data::Null => Ok(Vec::new()),
        Data::Seq(items) => items.iter().map(read).collect(),
        other => Err(Mismatch { found: other.json_kind(), wanted: "[]string" }),
    }
}

fn annotations(value: &Value) -> Result<Option<Vec<(EcoString, EcoString)>>, Mismatch> {
    let Some(map) = value.as_map() else {
        return match value.is_null() {
            true => Ok(None),
            false => Err(Mismatch {
                found: value.data.json_kind(),
                wanted: "map[string]string",
            }),
        };
    };
    let pairs = map.iter().map(|(key, e)| Ok((key.clone(), string(&e.value)?)));
    pairs.collect::<Result<_, Mismatch>>().map(Some)
}

fn fields<'v>(
    value: &'v Value,
    wanted: &'static str,
) -> Result<Vec<(EcoString, &'v Value)>, Mismatch> {
    match &value.data {
        Data::Null => Ok(Vec::new()),
        Data::Map(map) => {
            let entries = map.iter();
            let entries = entries.map(|(key, entry)| (key.to_lowercase(), &entry.value));
            Ok(entries.collect())
        }
        other => Err(Mismatch { found: other.json_kind(), wanted }),
    }
}

/// Is an item of the list null? It is refused when the chart is checked.
fn has_null(value: &Value) -> bool {
    value.as_seq().is_some_and(|items| items.iter().any(Value::is_null))
}

fn maintainer(value: &Value) -> Result<Maintainer, Mismatch> {
    let mut person = Maintainer::default();
    for (key, value) in fields(value, "v2.Maintainer")? {
        match key.as_str() {
            "name" => person.name = string(value)?,
            "email" => person.email = string(value)?,
            "url" => person.url = string(value)?,
            _ => {}
        }
    }
    Ok(person)
}

fn dependency(value: &Value) -> Result<Dependency, Mismatch> {
    let mut made = Dependency { span: value.span, ..Dependency::default() };
    for (key, value) in fields(value, "v2.Dependency")? {
        match key.as_str() {
            "name" => made.name = string(value)?,
            "version" => made.version = string(value)?,
            "repository" => made.repository = string(value)?,
            "condition" => made.condition = string(value)?,
            "tags" => made.tags = strings(value)?,
            "enabled" => made.enabled = boolean(value)?,
            "import-values" => made.import_values = items(value, import_value)?,
            "alias" => made.alias = string(value)?,
            _ => {}
        }
    }
    Ok(made)
}

fn import_value(value: &Value) -> Result<ImportValue, Mismatch> {
    let word = |key: &str| match value.get(key) {
        None => Ok(EcoString::from("<nil>")),
        Some(value) => string(value),
    };
    Ok(match &value.data {
        Data::Str(name) => ImportValue::Export(name.clone()),
        Data::Map(_) => {
            ImportValue::Table { child: word("child")?, parent: word("parent")? }
        }
        _ => ImportValue::Other,
    })
}

fn mismatch(found: &Data, what: &str, wanted: &str) -> String {
    let found = found.json_kind();
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} \
         into Go {what} of type {wanted}"
    )
}

/// `package` is where Helm has the types of charts.
fn mismatch_words(mismatch: &Mismatch, field: &str, package: &str) -> String {
    let Mismatch { found, wanted } = mismatch;
    let wanted = wanted.replace("v2.", &format!("{package}."));
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} \
         into Go struct field {field} of type {wanted}"
    )
}

/// Makes white space blanks and drops what cannot be printed. (`sanitizeString`)
fn sanitize(text: &mut EcoString) {
    let invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}')
    };
    if text.chars().any(|c| c.is_whitespace() && c != ' ' || invisible(c)) {
        *text = text
            .chars()
            .filter(|c| c.is_whitespace() || !invisible(*c))
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .collect();
    }
}

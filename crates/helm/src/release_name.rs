//! Names of releases: checked, made by a template, or made up.

use std::rc::Rc;
use std::sync::Arc;

use gotemplate::{Executor, Funcs, TemplateSet, Value};
use source::{Ambient, Diagnostic, FileId, Origins, Result, Span};

use crate::Compat;
use crate::funcs::tables;
use crate::gofmt::quote;
use crate::host::Host;

/// What Helm adds to sprig; the template of a name has sprig's functions only.
const HELMS_OWN: [&str; 12] = [
    "fromJsonArray",
    "fromToml",
    "fromYaml",
    "fromYamlArray",
    "include",
    "lookup",
    "mustToYaml",
    "required",
    "toToml",
    "toYaml",
    "toYamlPretty",
    "tpl",
];

/// The name that `--name-template` makes. (`action.TemplateName`)
pub fn name_from_template(template: &str, ambient: Arc<dyn Ambient>) -> Result<String> {
    let fault = |e: Box<gotemplate::Error>| {
        let words = e.to_string();
        let words = words.replace("HELM_ERR_START", "").replace("HELM_ERR_END", "");
        Diagnostic::error(Span::NONE, words)
    };
    gotemplate::with_stack(|| {
        let tables = tables(Compat::Helm3).into_iter();
        let funcs = tables.fold(Funcs::builtins(), Funcs::with).without(&HELMS_OWN);
        let mut set = TemplateSet::new(Arc::new(funcs));
        let name = "name-template";
        set.parse(name, template.as_bytes(), FileId::NONE).map_err(fault)?;
        let host = Rc::new(Host::new(ambient, Compat::Helm4));
        let mut executor = Executor::new(Arc::new(set), Origins::new()).with_host(host);
        let output = executor.execute(name, Value::NIL).map_err(fault)?;
        Ok(String::from_utf8_lossy(&output.text).into_owned())
    })
}

/// The name that `--generate-name` makes of a chart's path. (`Install.NameAndChart`)
#[must_use]
pub fn generated_name(chart: &str, ambient: &dyn Ambient) -> String {
    let base = chart.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    let base = if base.is_empty() || base == "." { "chart" } else { base };
    let base = base.split('.').next().unwrap_or(base);
    format!("{base}-{}", ambient.now().0)
}

/// May a release have this name? (`chartutil.ValidateReleaseName`)
pub(crate) fn check_release_name(name: &str, compat: Compat) -> Result<()> {
    let fault = |why: &str| {
        let checked = match compat {
            Compat::Helm4 => "release name check failed: ",
            Compat::Helm3 => "",
        };
        let words = format!("{checked}release name {}: {why}", quote(name));
        Err(Diagnostic::error(Span::NONE, words))
    };
    if name.is_empty() {
        return fault("no name provided");
    }
    let edge = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let part = |part: &str| {
        let bytes = part.as_bytes();
        bytes.first().is_some_and(edge)
            && bytes.last().is_some_and(edge)
            && bytes.iter().all(|b| edge(b) || *b == b'-')
    };
    if name.len() > 53 || !name.split('.').all(part) {
        return fault(
            "invalid release name, must match regex \
             ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the \
             length must not be longer than 53",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use source::FixedAmbient;

    use super::{generated_name, name_from_template};

    #[test]
    fn names_are_made_as_helm_makes_them() {
        let ambient = FixedAmbient { now: (1_700_000_000, 0), seed: 1 };
        assert_eq!(generated_name("charts/app-1.2.tgz", &ambient), "app-1-1700000000");
        assert_eq!(generated_name(".", &ambient), "chart-1700000000");
        let made = name_from_template("{{ \"My App\" | kebabcase }}", Arc::new(ambient));
        assert_eq!(made.unwrap(), "my-app");
    }
}

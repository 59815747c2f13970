//! `vars`: `$(NAME)` in known fields, filled from fields of objects.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use goyaml::{Content, Kind, Node, Style, Tag};
use source::{Diagnostic, Place, Result, Span};

use super::var_value::VarValue;
use crate::NoteKind;
use crate::context::Context;
use crate::kustomization::Var;
use crate::patch::field_value;
use crate::resource::{Before, Create, Editor, FieldSpec, Gvk, ResMap, visit_field};
use crate::upstream::Upstream;

/// The variables of a tree of kustomizations, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct VarSet {
    vars: BTreeMap<EcoString, Var>,
}

impl VarSet {
    /// Adds the variables of a kustomization, and ties them to the objects that they name.
    /// (upstream: `ResAccumulator.MergeVars`)
    pub(crate) fn declare(&mut self, vars: &[Var], resources: &mut ResMap) -> Result<()> {
        for var in vars {
            let object = &var.object;
            let found = resources.matching_any(|id| match object.namespace.is_empty() {
                true => object.gvkn_equals(id),
                false => object.same(id),
            });
            match found.as_slice() {
                [] => {}
                [one] => {
                    if let Some(resource) = resources.get_mut(*one) {
                        resource.add_var_name(var.name.value.clone());
                    }
                }
                _ => {
                    let message = format!(
                        "found {} resId matches for var {} (unable to disambiguate)",
                        found.len(),
                        var.name.value
                    );
                    let words = format!(
                        "found {} resId matches for var {} (unable to disambiguate)",
                        found.len(),
                        VarSet::described(var, var.object.gvk.clone())
                    );
                    return Err(Diagnostic::error(var.span, message)
                        .says(words)
                        .hint("say which namespace is meant under `objref:`"));
                }
            }
        }
        vars.iter().try_for_each(|var| self.add(var))
    }

    /// The variables as Go prints them, before defaults are filled in.
    pub(crate) fn as_written(vars: &[Var]) -> String {
        let one = |var: &Var| {
            let mut gvk = var.object.gvk.clone();
            if !var.api_version.is_empty() {
                gvk = Gvk::new("", "", gvk.kind);
            }
            VarSet::described(var, gvk)
        };
        let vars: Vec<String> = vars.iter().map(one).collect();
        format!("[{}]", vars.join(" "))
    }

    fn described(var: &Var, gvk: Gvk) -> String {
        let path = match var.field_path.span.is_none() {
            true => "",
            false => var.field_path.as_str(),
        };
        format!("{{{} {gvk} {{{path}}}}}", var.name.as_str())
    }

    /// Adds the variables of another set. (`VarSet.MergeSet`)
    pub(crate) fn merge(&mut self, other: &VarSet) -> Result<()> {
        other.vars.values().try_for_each(|var| self.add(var))
    }

    fn add(&mut self, var: &Var) -> Result<()> {
        let name = &var.name.value;
        if let Some(known) = self.vars.get(name) {
            let message = format!("var '{name}' already encountered");
            return Err(Diagnostic::error(var.span, message)
                .label(known.span, "the first one is here")
                .hint("names of variables are shared by all kustomizations of a build"));
        }
        self.vars.insert(name.clone(), var.clone());
        Ok(())
    }
}

/// The value of a variable, and where it is written.
#[derive(Clone, Debug)]
struct Filled {
    /// None if it is no scalar: then it is left as it stands.
    value: Option<VarValue>,
    place: Place,
    var: Span,
}

/// Fills all variables in, once, at the root. (upstream: `ResAccumulator.ResolveVars`)
pub(crate) fn resolve_vars(
    context: &mut Context<'_>,
    resources: &mut ResMap,
    vars: &VarSet,
    fields: &[FieldSpec],
) -> Result<()> {
    if vars.vars.is_empty() {
        return Ok(());
    }
    let mut filled = BTreeMap::new();
    for (name, var) in &vars.vars {
        filled.insert(name.clone(), find_value(resources, var)?);
    }
    let mut used = BTreeSet::new();
    for resource in resources.iter_mut() {
        for field in fields {
            let mut editor = context.editor("vars", Span::NONE);
            let set = &mut |editor: &mut Editor<'_>, node: &mut Node| {
                Fill { filled: &filled, used: &mut used }.set(editor, node)
            };
            visit_field(resource, field, Create::Nothing, &mut editor, set)?;
        }
    }
    let unused: Vec<&EcoString> =
        filled.keys().filter(|name| !used.contains(*name)).collect();
    for name in &unused {
        if let Some(var) = vars.vars.get(*name) {
            let text = format!("`$({name})` stands nowhere");
            context.note(NoteKind::Var, var.span, text);
        }
    }
    if !unused.is_empty() {
        let names: Vec<&str> = unused.iter().map(|name| name.as_str()).collect();
        let message =
            format!("well-defined vars that were never replaced: {}", names.join(","));
        context.warnings.push(*Diagnostic::warning(Span::NONE, message));
    }
    Ok(())
}

fn find_value(resources: &ResMap, var: &Var) -> Result<Filled> {
    let name = &var.name.value;
    let resource = resources.iter().find(|r| r.var_names().contains(name));
    let Some(resource) = resource else {
        let message = format!(
            "var '{name}' cannot be mapped to a field in the set of known resources"
        );
        let words = format!(
            "var '{}' cannot be mapped to a field in the set of known resources",
            settled(var)
        );
        return Err(Diagnostic::error(var.span, message)
            .says(words)
            .hint("check kind and name under `objref:`"));
    };
    let found = field_value(resource.node(), &var.field_path.value);
    let found = found.and_then(|node| match node.kind() {
        Kind::Scalar => Some((node, Some(VarValue::of(node)?))),
        _ => Some((node, None)),
    });
    let Some((node, value)) = found else {
        let message = format!(
            "field specified in var '{name}' not found in corresponding resource"
        );
        let words = format!(
            "field specified in var '{}' not found in corresponding resource",
            settled(var)
        );
        return Err(Diagnostic::error(var.span, message)
            .says(words)
            .label(resource.node().span, "the object")
            .hint("check the path under `fieldref:`"));
    };
    Ok(Filled { value, place: node.place(), var: var.span })
}

/// A variable as Go prints it, defaults filled in.
fn settled(var: &Var) -> String {
    format!("{{{} {} {{{}}}}}", var.name.value, var.object.gvk, var.field_path.value)
}

struct Fill<'a> {
    filled: &'a BTreeMap<EcoString, Filled>,
    used: &'a mut BTreeSet<EcoString>,
}

impl Fill<'_> {
    fn set(&mut self, editor: &mut Editor<'_>, node: &mut Node) -> Result<()> {
        if node.is_null() {
            return Ok(());
        }
        if is_string(node) {
            self.fill(editor, node);
        }
        match &mut node.content {
            Content::Mapping(entries) => {
                for (key, value) in entries.iter_mut() {
                    if !is_string(key) {
                        let message = format!(
                            "invalid map key: value='{}', tag='{}'",
                            key.text().unwrap_or(""),
                            key.short_tag()
                        );
                        return Err(Diagnostic::error(key.span, message)
                            .hint("keys are texts: put this one in quotes"));
                    }
                    if is_string(value) {
                        self.fill(editor, value);
                    }
                }
            }
            Content::Sequence(items) => {
                for item in items.iter_mut() {
                    if !is_string(item) {
                        let message = "invalid value type expect a string";
                        return Err(Diagnostic::error(item.span, message)
                            .hint("variables may stand in lists of texts alone"));
                    }
                    self.fill(editor, item);
                }
            }
            Content::Scalar(_) | Content::Alias(_) => {}
        }
        Ok(())
    }

    fn fill(&mut self, editor: &mut Editor<'_>, node: &mut Node) {
        let Some(text) = node.text() else { return };
        let mut last = None;
        let whole = text.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')'));
        let new = match whole.and_then(|name| self.filled.get_key_value(name)) {
            Some((name, Filled { value: Some(value), place, var })) => {
                self.used.insert(name.clone());
                last = Some((*place, *var));
                (value.alone.clone(), value.tag)
            }
            _ => (self.expand(text, &mut last), Tag::Str),
        };
        if new.0 == text && new.1 == Tag::Str {
            // Upstream writes every text anew, and not in the style that it had.
            node.style = Style::Plain;
            node.tag = Tag::Str;
            node.untagged = false;
            return;
        }
        let mut value = Node::string(new.0);
        value.tag = new.1;
        value.span = node.span;
        let before = Before::of(node);
        let config = last.map_or(Span::NONE, |(_, var)| var);
        let after = last.map(|(place, _)| place);
        editor.config = config;
        value.origin = editor.record(before, after);
        editor.overwrite(node, value);
    }

    /// Replaces the variables in a text. (upstream: `filters/refvar/expand.go`)
    ///
    /// `$$` is a `$`; unknown names stay; upstream works on bytes, and so does this.
    fn expand(&mut self, text: &str, last: &mut Option<(Place, Span)>) -> EcoString {
        let bytes = text.as_bytes();
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            let Some(&next) = bytes.get(at).filter(|_| byte == b'$') else {
                out.push(byte);
                continue;
            };
            at += 1;
            match next {
                b'$' => out.push(b'$'),
                b'(' => {
                    let rest = text.get(at..).unwrap_or("");
                    match rest.split_once(')') {
                        Some((name, _)) => {
                            at += name.len() + 1;
                            out.extend_from_slice(self.value(name, last).as_bytes());
                        }
                        None => out.extend_from_slice(b"$("),
                    }
                }
                other => {
                    out.push(b'$');
                    let mut buffer = [0; 4];
                    let shown = char::from(other).encode_utf8(&mut buffer);
                    out.extend_from_slice(shown.as_bytes());
                }
            }
        }
        String::from_utf8_lossy(&out).into_owned().into()
    }

    fn value(&mut self, name: &str, last: &mut Option<(Place, Span)>) -> EcoString {
        match self.filled.get(name) {
            Some(Filled { value: Some(value), place, var }) => {
                self.used.insert(name.into());
                *last = Some((*place, *var));
                value.within.clone()
            }
            _ => ecow::eco_format!("$({name})"),
        }
    }
}

/// (kyaml: `IsYNodeString`)
fn is_string(node: &Node) -> bool {
    node.text().is_some() && (node.tag == Tag::Str || node.untagged)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use goyaml::Tag;
    use source::{Place, Span};

    use super::{Fill, Filled, VarValue};

    #[test]
    fn variables_are_expanded_as_upstream_does() {
        let filled = |text: &str| Filled {
            value: Some(VarValue {
                alone: text.into(),
                within: text.into(),
                tag: Tag::Str,
            }),
            place: Place::Span(Span::NONE),
            var: Span::NONE,
        };
        let map = BTreeMap::from([
            ("A".into(), filled("a")),
            ("REF".into(), filled("$(A)")),
            ("EMPTY".into(), filled("")),
        ]);
        let mut used = BTreeSet::new();
        for (input, expected) in [
            ("$(A)-$(A)", "a-a"),
            ("%%$(REF)--$(REF)%%", "%%$(A)--$(A)%%"),
            ("$$(A)_$(A)", "$(A)_a"),
            ("foo$(EMPTY)bar", "foobar"),
            ("foo$(Awhoops!", "foo$(Awhoops!"),
            ("$$$$$$$(A)", "$$$a"),
            ("${A}", "${A}"),
            ("$(DNE)", "$(DNE)"),
            ("x$", "x$"),
            ("--$($($($($--", "--$($($($($--"),
        ] {
            let mut fill = Fill { filled: &map, used: &mut used };
            assert_eq!(fill.expand(input, &mut None), expected, "{input}");
        }
    }
}

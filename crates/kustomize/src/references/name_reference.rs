//! Names that changed are changed where they are referred to.

use ecow::EcoString;
use goyaml::{Content, Node};
use rustc_hash::FxHashMap;
use source::{Diagnostic, Origins, Result, Span};

use super::name_referral::{Candidates, Reference, Referrer};
use crate::config::NameBackReference;
use crate::context::Context;
use crate::resource::{
    Create, Editor, FieldSpec, Gvk, ResMap, Resource, ScalarTag, change_each, visit_path,
};

/// What a field that refers to an object may hold.
const REFERS: &str = "a reference is a name, a mapping with `name`, or a list of either; check \
                      `nameReference` if the field is none";

/// A field that may hold a name, and the kind that it names.
struct Field<'a> {
    spec: &'a FieldSpec,
    target: &'a Gvk,
}

/// Follows all references, once, at the root.
/// (upstream: `accumulator/namereferencetransformer.go`, `filters/nameref`, v0.21.1)
///
/// Upstream sieves all objects for each field; here objects are found by the names that they
/// had, so a build of thousands of objects takes no longer than they deserve.
pub(crate) fn fix_back_references(
    context: &mut Context<'_>,
    resources: &mut ResMap,
    references: &[NameBackReference],
) -> Result<()> {
    let candidates = Candidates::of(resources);
    let fields = by_kind(references);
    let fix = |resource: &mut Resource, origins: &mut Origins| {
        let referrer = Referrer::of(resource)?;
        let id = resource.org_id();
        let own = fields.get(id.gvk.kind.as_str()).map(Vec::as_slice).unwrap_or(&[]);
        let any = fields.get("").map(Vec::as_slice).unwrap_or(&[]);
        for (_, field) in merged(own, any) {
            if id.gvk.is_selected(&field.spec.gvk) {
                let fix = Fix { candidates: &candidates, referrer: &referrer, field };
                fix.run(origins, resource)?;
            }
        }
        Ok(())
    };
    change_each(resources.iter_mut(), &mut context.origins, &fix)
}

type Ranked<'a> = (usize, Field<'a>);

fn by_kind(references: &[NameBackReference]) -> FxHashMap<&str, Vec<Ranked<'_>>> {
    let mut fields: FxHashMap<&str, Vec<Ranked<'_>>> = FxHashMap::default();
    let mut rank = 0;
    for reference in references {
        for spec in &reference.referrers {
            let field = Field { spec, target: &reference.gvk };
            fields.entry(spec.gvk.kind.as_str()).or_default().push((rank, field));
            rank += 1;
        }
    }
    fields
}

/// Both lists in the order of their ranks.
fn merged<'a>(own: &'a [Ranked<'a>], any: &'a [Ranked<'a>]) -> Vec<&'a Ranked<'a>> {
    let mut all: Vec<&Ranked<'a>> = own.iter().chain(any).collect();
    all.sort_by_key(|(rank, _)| *rank);
    all
}

struct Fix<'a> {
    candidates: &'a Candidates,
    referrer: &'a Referrer,
    field: &'a Field<'a>,
}

impl Fix<'_> {
    fn run(&self, origins: &mut Origins, resource: &mut Resource) -> Result<()> {
        let path = &self.field.spec.path;
        let mut editor = Editor::new("nameReference", Span::NONE, origins);
        let set = &mut |editor: &mut Editor<'_>, node: &mut Node| self.set(editor, node);
        let done = visit_path(resource, path, Create::Nothing, &mut editor, set);
        done.map_err(|mut e| {
            let id = &self.referrer.id;
            e.message = format!(
                "updating name reference in '{path}' field of '{id}': {}",
                e.message
            );
            e
        })
    }

    fn set(&self, editor: &mut Editor<'_>, node: &mut Node) -> Result<()> {
        if node.is_null() {
            return Ok(());
        }
        match &mut node.content {
            Content::Scalar(_) => self.set_scalar(editor, node),
            Content::Mapping(_) => self.set_mapping(editor, node),
            Content::Sequence(items) => {
                for item in items.iter_mut().filter(|item| !item.is_null()) {
                    match item.content {
                        Content::Scalar(_) => self.set_scalar(editor, item)?,
                        Content::Mapping(_) => self.set_mapping(editor, item)?,
                        Content::Sequence(_) | Content::Alias(_) => {
                            let message = "this item is expected to be either a string or a \
                                           map of string";
                            return Err(
                                Diagnostic::error(item.span, message).hint(REFERS)
                            );
                        }
                    }
                }
                Ok(())
            }
            Content::Alias(_) => {
                let message = "node must be a scalar, sequence or map";
                Err(Diagnostic::error(node.span, message).hint(REFERS))
            }
        }
    }

    fn reference<'r>(
        &'r self,
        name: &'r str,
        namespace: Option<&'r str>,
        whole: bool,
    ) -> Reference<'r> {
        let role_ref = self.field.spec.path.ends_with("roleRef/name");
        Reference { target: self.field.target, name, namespace, whole, role_ref }
    }

    fn set_scalar(&self, editor: &mut Editor<'_>, node: &mut Node) -> Result<()> {
        let name = EcoString::from(node.text().unwrap_or(""));
        let reference = self.reference(&name, None, false);
        let referral = self.candidates.select(self.referrer, &reference);
        let referral = referral.map_err(|error| error.at(node.span))?;
        if let Some(referral) = referral
            && referral.id.name != name
        {
            let new = referral.id.name.clone();
            editor.because_of_places([
                referral.namespace_place,
                self.referrer.namespace_place,
            ]);
            editor.set_scalar(node, new, ScalarTag::Nothing, referral.name_place);
        }
        Ok(())
    }

    fn set_mapping(&self, editor: &mut Editor<'_>, node: &mut Node) -> Result<()> {
        let Some(name_node) = node.get("name") else {
            let message = "path config error; no 'name' field in node";
            return Err(Diagnostic::error(node.span, message).hint(REFERS));
        };
        let name = EcoString::from(name_node.text().unwrap_or(""));
        let span = name_node.span;
        let namespace =
            node.get("namespace").map(|n| EcoString::from(n.text().unwrap_or("")));
        let reference = self.reference(&name, namespace.as_deref(), true);
        let referral = self.candidates.select(self.referrer, &reference);
        let referral = referral.map_err(|error| error.at(span))?;
        let Some(referral) = referral else { return Ok(()) };
        let (new, namespace) = (&referral.id.name, &referral.id.namespace);
        if *new == name && namespace.is_empty() {
            return Ok(());
        }
        let place = referral.name_place;
        editor
            .because_of_places([referral.namespace_place, self.referrer.namespace_place]);
        editor.set_entry(node, "name", new.clone(), ScalarTag::Nothing, place);
        if !namespace.is_empty() {
            let text = namespace.clone();
            editor.set_entry(node, "namespace", text, ScalarTag::Nothing, place);
        }
        Ok(())
    }
}

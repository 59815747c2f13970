//! `ValueAddTransformer`: reached through `transformers:` alone.

use ecow::EcoString;
use goyaml::{Content, Kind, Node, Tag};
use source::{Diagnostic, Result};

use super::namespace::{Namespace, SubjectMode};
use crate::context::Context;
use crate::kustomization::{Selector, Text};
use crate::patch;
use crate::resource::{Editor, ResMap, ScalarTag, set_field, split_path};
use crate::transformer::Transformer;
use crate::upstream::wrong_kind;

/// Writes a value into fields. (upstream: `ValueAddTransformer.go`)
pub(crate) struct ValueAdd {
    /// `value`: the value. Default: the name of the kustomization's folder.
    pub(crate) value: Text,
    /// `targets`, then those of the file `targetFilePath`: where it is written. At least one.
    pub(crate) targets: Vec<ValueAddTarget>,
}

/// Where a value is written.
pub(crate) struct ValueAddTarget {
    /// `selector`: the objects. Default: all.
    pub(crate) selector: Option<Selector>,
    /// `fieldPath`: the field, parts joined by `/`. It has to be given.
    pub(crate) field_path: Text,
    /// `filePathPosition`: the part of a file path that the value becomes, from 1.
    /// Default: 0, the value replaces the whole field.
    pub(crate) file_path_position: usize,
}

impl Transformer for ValueAdd {
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
        for target in &self.targets {
            let selected = match &target.selector {
                Some(selector) => patch::select(resources, selector)?,
                None => (0..resources.len()).collect(),
            };
            for at in selected {
                let Some(resource) = resources.get_mut(at) else { continue };
                let mut editor = context.editor("transformers", self.value.span);
                if target.field_path.value == "metadata/namespace" {
                    let namespace = Namespace {
                        namespace: self.value.clone(),
                        fields: Vec::new(),
                        unset_only: false,
                        subjects: SubjectMode::DefaultOnly,
                    };
                    namespace.run(resource, &mut editor)?;
                    continue;
                }
                resource.edit_with(&mut editor, |node, editor| {
                    self.add(node, target, editor)
                })?;
            }
        }
        Ok(())
    }
}

impl ValueAdd {
    fn add(
        &self,
        node: &mut Node,
        target: &ValueAddTarget,
        editor: &mut Editor<'_>,
    ) -> Result<()> {
        let Some(field) = lookup_create(node, &target.field_path.value, editor)? else {
            return Ok(());
        };
        let old = field.text().filter(|_| field.kind() == Kind::Scalar);
        let Some(old) = old else {
            return Err(wrong_kind(Kind::Scalar, field));
        };
        let value = match target.file_path_position {
            0 => self.value.value.clone(),
            at => insert_path_part(old, at - 1, &self.value.value).into(),
        };
        editor.set_scalar(field, value, ScalarTag::Nothing, None);
        Ok(())
    }
}

/// The scalar that a path leads to, made if it is not there. None if the path leads through a
/// null, or to an item beyond the end of a list. (kyaml: `PathGetter`)
fn lookup_create<'n>(
    root: &'n mut Node,
    path: &str,
    editor: &mut Editor<'_>,
) -> Result<Option<&'n mut Node>> {
    let split = split_path(path, '/');
    let steps: Vec<&str> =
        split.iter().map(|step| step.trim()).filter(|step| !step.is_empty()).collect();
    let mut node = root;
    for (at, step) in steps.iter().enumerate() {
        if node.is_null() {
            return Ok(None);
        }
        let span = node.span;
        let next = match Step::of(step).map_err(|words| Diagnostic::error(span, words))? {
            Step::Item(index) => {
                if node.items().is_none() {
                    return Err(wrong_kind(Kind::Sequence, node));
                }
                let items = node.items_mut().map_or(&mut [][..], Vec::as_mut_slice);
                match index {
                    Some(index) => items.get_mut(index),
                    None => items.last_mut(),
                }
            }
            Step::Match(key, value) => matching_item(node, key, value, editor)?,
            Step::Field => {
                if node.entries().is_none() {
                    return Err(wrong_kind(Kind::Mapping, node));
                }
                if node.get(step).is_none() {
                    let made = made_for(steps.get(at + 1).copied(), editor);
                    set_field(node, step, made);
                }
                node.get_mut(step)
            }
        };
        match next {
            Some(next) => node = next,
            None => return Ok(None),
        }
    }
    Ok(Some(node))
}

/// A part of a path.
enum Step<'a> {
    /// `0`, or `-` for the last item.
    Item(Option<usize>),
    /// `[key=value]`
    Match(&'a str, &'a str),
    /// Everything else.
    Field,
}

impl<'a> Step<'a> {
    fn of(text: &'a str) -> std::result::Result<Step<'a>, String> {
        if let Ok(index) = text.parse::<i64>() {
            let wrong = format!("array index {index} cannot be negative");
            return usize::try_from(index)
                .map(|at| Step::Item(Some(at)))
                .map_err(|_| wrong);
        }
        match text {
            "-" => return Ok(Step::Item(None)),
            "*" => return Err("wildcard is not supported in PathGetter".to_owned()),
            _ => {}
        }
        let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
        else {
            return Ok(Step::Field);
        };
        let pair = inner.split_once('=').map(|(key, value)| Step::Match(key, value));
        pair.ok_or_else(|| {
            "list path element must contain fieldName=fieldValue for element to match"
                .into()
        })
    }
}

/// The first item with a value, made if there is none. (kyaml: `ElementMatcher`)
fn matching_item<'n>(
    list: &'n mut Node,
    key: &str,
    value: &str,
    editor: &mut Editor<'_>,
) -> Result<Option<&'n mut Node>> {
    let Some(items) = list.items() else { return Err(wrong_kind(Kind::Sequence, list)) };
    let fits = |item: &Node| match key.is_empty() {
        true => item.text().unwrap_or("") == value,
        false => item.get(key).is_some_and(|field| field.text().unwrap_or("") == value),
    };
    let found = items.iter().position(fits);
    let Some(items) = list.items_mut() else { return Ok(None) };
    if let Some(at) = found {
        return Ok(items.get_mut(at));
    }
    let text = Node::untagged(value);
    let mut made = match key.is_empty() {
        true => text,
        false => Node::mapping(vec![(Node::untagged(key), text)]),
    };
    made.origin = editor.made(Content::Mapping(Vec::new()), Tag::Map).origin;
    items.push(made);
    Ok(items.last_mut())
}

/// What a missing field is made as, by the part of the path that follows.
fn made_for(next: Option<&str>, editor: &mut Editor<'_>) -> Node {
    let is_list_index = |part: &str| part.starts_with('[') && part.ends_with(']');
    match next {
        None => editor.made(Content::Scalar(EcoString::new()), Tag::Str),
        Some(part) if is_list_index(part) || part.parse::<usize>().is_ok() => {
            editor.made(Content::Sequence(Vec::new()), Tag::Seq)
        }
        Some(_) => editor.made(Content::Mapping(Vec::new()), Tag::Map),
    }
}

/// Puts a part into a file path. (kyaml: `filesys.InsertPathPart`)
fn insert_path_part(path: &str, position: usize, part: &str) -> String {
    if path.is_empty() {
        return part.to_owned();
    }
    let (lead, rest) = match path.strip_prefix('/') {
        Some(rest) => ("/", rest),
        None => ("", path),
    };
    let mut parts: Vec<&str> = rest.split('/').filter(|p| !p.is_empty()).collect();
    parts.insert(position.min(parts.len()), part);
    format!("{lead}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::insert_path_part;

    #[test]
    fn parts_of_paths() {
        for (path, position, expected) in [
            ("", 0, "PEACH"),
            ("/", 0, "/PEACH"),
            ("pie", 0, "PEACH/pie"),
            ("/raw", 1, "/raw/PEACH"),
            ("a/nice/warm/pie", 3, "a/nice/warm/PEACH/pie"),
            ("a", 9999, "a/PEACH"),
        ] {
            assert_eq!(insert_path_part(path, position, "PEACH"), expected);
        }
    }
}

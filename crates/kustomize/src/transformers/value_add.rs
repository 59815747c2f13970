//! `ValueAddTransformer`: reached through `transformers:` alone.

use ecow::EcoString;
use goyaml::{Content, Kind, Node, Tag};
use source::Result;

use super::Transformer;
use super::namespace::{Namespace, SubjectMode};
use crate::context::Context;
use crate::kustomization::{Selector, Text};
use crate::patch;
use crate::resource::{Editor, ResMap, ScalarTag, set_field, split_path};
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
                let steps = split_path(&target.field_path.value, '/');
                resource.edit_with(&mut editor, |node, editor| {
                    self.add(node, &steps, target, editor)
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
        steps: &[EcoString],
        target: &ValueAddTarget,
        editor: &mut Editor<'_>,
    ) -> Result<()> {
        let Some((step, rest)) = steps.split_first() else {
            let old = node.text().filter(|_| node.kind() == Kind::Scalar);
            let Some(old) = old else {
                return Err(wrong_kind(Kind::Scalar, node));
            };
            let value = match target.file_path_position {
                0 => self.value.value.clone(),
                at => insert_path_part(old, at - 1, &self.value.value).into(),
            };
            editor.set_scalar(node, value, ScalarTag::Nothing, None);
            return Ok(());
        };
        if node.is_null() {
            return Ok(());
        }
        if node.kind() != Kind::Mapping {
            return Err(wrong_kind(Kind::Mapping, node));
        }
        if node.get(step).is_none() {
            let made = match rest.is_empty() {
                true => editor.made(Content::Scalar(EcoString::new()), Tag::Str),
                false => editor.made(Content::Mapping(Vec::new()), Tag::Map),
            };
            set_field(node, step, made);
        }
        match node.get_mut(step) {
            Some(field) => self.add(field, rest, target, editor),
            None => Ok(()),
        }
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

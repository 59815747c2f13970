//! `images`.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use ecow::EcoString;
use goyaml::{Content, Kind, Node};
use regexp::Regexp;
use source::{Diagnostic, Origins, Result};

use super::setup::Setup;
use crate::NoteKind;
use crate::context::Context;
use crate::kustomization::{Image, closest};
use crate::resource::{
    Create, Editor, FieldSpec, ResMap, Resource, Row, ScalarTag, change_each,
    visit_fields,
};
use crate::transformer::{Configured, Transformer};
use crate::upstream::wrong_kind;

/// The fields that hold an image, besides those of containers anywhere.
pub(crate) const IMAGES: &[Row] = &[
    ("", "", "", "spec/containers[]/image", true),
    ("", "", "", "spec/initContainers[]/image", true),
    ("", "", "", "spec/volumes[]/image/reference", true),
    ("", "", "", "spec/template/spec/containers[]/image", true),
    ("", "", "", "spec/template/spec/initContainers[]/image", true),
    ("", "", "", "spec/template/spec/volumes[]/image/reference", true),
];

/// How deep containers are looked for.
const DEPTH: usize = 500;

/// Changes names, tags and digests of images. (upstream: `ImageTagTransformer.go`)
pub(crate) struct ImageTag {
    image: Image,
    pattern: Regexp,
    fields: Vec<FieldSpec>,
}

impl ImageTag {
    /// Changes `image`; its name is a regular expression, as upstream has it.
    pub(crate) fn new(image: Image, fields: Vec<FieldSpec>) -> Result<ImageTag> {
        let name = &image.name.value;
        let text =
            format!("^{name}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$");
        let Ok(pattern) = Regexp::new(text.as_bytes()) else {
            let message = format!("the image name `{name}` is no regular expression");
            return Err(Diagnostic::error(image.name.span, message)
                .hint("write the name as it stands in the manifests, without a tag"));
        };
        Ok(ImageTag { image, pattern, fields })
    }
}

pub(super) fn configure(setup: &mut Setup<'_, '_>) -> Result<Configured> {
    let fields = &setup.config.images;
    let one = |image: &Image| -> Result<Box<dyn Transformer>> {
        Ok(Box::new(ImageTag::new(image.clone(), fields.clone())?))
    };
    setup.kustomization.images.iter().map(one).collect()
}

impl Transformer for ImageTag {
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
        let update = Update { image: &self.image, pattern: &self.pattern };
        let matched = AtomicBool::new(false);
        let changes = context.origins.changes();
        let set = |resource: &mut Resource, origins: &mut Origins| {
            if resource.cur_id().gvk.kind == "CustomResourceDefinition" {
                return Ok(());
            }
            let mut here = false;
            let mut editor = Editor::new("images", self.image.span, origins);
            resource.edit_with(&mut editor, |node, editor| {
                update.containers(node, editor, &mut here, 0)
            })?;
            let set = &mut |editor: &mut Editor<'_>, node: &mut Node| {
                update.set(editor, node, &mut here)
            };
            visit_fields(resource, &self.fields, Create::Nothing, &mut editor, set)?;
            matched.fetch_or(here, Ordering::Relaxed);
            Ok(())
        };
        change_each(resources.iter_mut(), &mut context.origins, &set)?;
        resources.drop_empties();
        if !matched.into_inner() {
            let name = &self.image.name.value;
            let text = format!("no container uses the image `{name}`");
            let mut names = BTreeSet::new();
            resources.iter().for_each(|r| used_images(r.node(), 0, &mut names));
            let near = closest(name, names.iter().map(EcoString::as_str));
            let hint = near.map(|near| format!("did you mean `{near}`?"));
            let span = self.image.span;
            context.note_with(NoteKind::Image, span, text, hint.unwrap_or_default());
        } else if context.origins.changes() == changes {
            let name = &self.image.name.value;
            let text =
                format!("every container with the image `{name}` has it so already");
            context.note(NoteKind::Image, self.image.span, text);
        }
        Ok(())
    }
}

/// The names of the images that containers use.
fn used_images(node: &Node, depth: usize, names: &mut BTreeSet<EcoString>) {
    match &node.content {
        _ if depth > DEPTH => {}
        Content::Mapping(entries) => {
            for (key, value) in entries {
                match value.text().filter(|_| key.text() == Some("image")) {
                    Some(image) => drop(names.insert(split(image).0)),
                    None => used_images(value, depth + 1, names),
                }
            }
        }
        Content::Sequence(items) => {
            items.iter().for_each(|item| used_images(item, depth + 1, names));
        }
        Content::Scalar(_) | Content::Alias(_) => {}
    }
}

struct Update<'a> {
    image: &'a Image,
    pattern: &'a Regexp,
}

impl Update<'_> {
    /// Looks for `containers` and `initContainers` anywhere. (`LegacyFilter`)
    fn containers(
        &self,
        node: &mut Node,
        editor: &mut Editor<'_>,
        matched: &mut bool,
        depth: usize,
    ) -> Result<()> {
        if depth > DEPTH {
            return Err(Diagnostic::error(node.span, "the object is nested too deeply"));
        }
        match &mut node.content {
            Content::Mapping(entries) => {
                for (key, value) in entries {
                    self.containers(value, editor, matched, depth + 1)?;
                    if matches!(key.text(), Some("containers" | "initContainers")) {
                        self.images(value, editor, matched)?;
                    }
                }
            }
            Content::Sequence(items) => {
                for item in items {
                    self.containers(item, editor, matched, depth + 1)?;
                }
            }
            Content::Scalar(_) | Content::Alias(_) => {}
        }
        Ok(())
    }

    fn images(
        &self,
        list: &mut Node,
        editor: &mut Editor<'_>,
        matched: &mut bool,
    ) -> Result<()> {
        for container in list.items_mut().into_iter().flatten() {
            if container.is_null() {
                continue;
            }
            if container.kind() != Kind::Mapping {
                return Err(wrong_kind(Kind::Mapping, container));
            }
            if let Some(image) = container.get_mut("image") {
                self.set(editor, image, matched)?;
            }
        }
        Ok(())
    }

    /// Changes one image, if it is the one. (`imageTagUpdater.SetImageValue`)
    fn set(
        &self,
        editor: &mut Editor<'_>,
        node: &mut Node,
        matched: &mut bool,
    ) -> Result<()> {
        let Some(value) = node.text() else {
            return Err(wrong_kind(Kind::Scalar, node));
        };
        if !self.pattern.is_match(value.as_bytes()) {
            return Ok(());
        }
        *matched = true;
        let text = self.rewritten(value);
        if text != value {
            let image = self.image;
            let renamed = !image.new_name.is_empty();
            let tagged = !image.new_tag.is_empty() || !image.digest.is_empty();
            // Name or tag of the old image are left.
            let kept = (!(renamed && tagged)).then_some(node.place());
            editor.set_scalar(node, text, ScalarTag::Nothing, kept);
        } else {
            node.set_untagged();
        }
        Ok(())
    }

    fn rewritten(&self, value: &str) -> EcoString {
        let (mut name, mut tag, mut digest) = split(value);
        let image = self.image;
        if !image.new_name.is_empty() {
            name = image.new_name.value.clone();
        }
        match (image.new_tag.is_empty(), image.digest.is_empty()) {
            (false, false) => {
                tag = image.new_tag.value.clone();
                digest = image.digest.value.clone();
            }
            (false, true) => {
                tag = image.new_tag.value.clone();
                digest = EcoString::new();
            }
            (true, false) => {
                tag = EcoString::new();
                digest = image.digest.value.clone();
            }
            (true, true) if !image.tag_suffix.is_empty() => {
                tag.push_str(&image.tag_suffix.value);
                digest = EcoString::new();
            }
            (true, true) => {}
        }
        if !tag.is_empty() {
            name = ecow::eco_format!("{name}:{tag}");
        }
        if !digest.is_empty() {
            name = ecow::eco_format!("{name}@{digest}");
        }
        name
    }
}

/// Splits an image into name, tag and digest. (upstream: `internal/image`, `Split`)
fn split(image: &str) -> (EcoString, EcoString, EcoString) {
    let from = match image.find('/') {
        Some(at) if at > 0 => at,
        _ => 0,
    };
    let tail = image.get(from..).unwrap_or("");
    let (at, colon) = (tail.find('@'), tail.find(':'));
    let part =
        |from: usize, to: usize| EcoString::from(image.get(from..to).unwrap_or(""));
    let (end, none) = (image.len(), EcoString::new());
    match (at, colon) {
        (None, None) => (image.into(), none.clone(), none),
        (Some(at), Some(colon)) if colon < at => {
            let (at, colon) = (at + from, colon + from);
            (part(0, colon), part(colon + 1, at), part(at + 1, end))
        }
        (Some(at), _) => (part(0, at + from), none, part(at + from + 1, end)),
        (None, Some(colon)) => (part(0, colon + from), part(colon + from + 1, end), none),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn images_are_split() {
        for (image, name, tag, digest) in [
            ("nginx", "nginx", "", ""),
            ("nginx:1.2", "nginx", "1.2", ""),
            ("host:5000/nginx@sha256:abc", "host:5000/nginx", "", "sha256:abc"),
            ("host:5000/nginx:1@sha256:abc", "host:5000/nginx", "1", "sha256:abc"),
        ] {
            let expected = (name.into(), tag.into(), digest.into());
            assert_eq!(split(image), expected, "{image}");
        }
    }
}

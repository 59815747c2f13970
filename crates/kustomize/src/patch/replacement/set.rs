//! Writing the value into a target.

use ::source::{Diagnostic, OriginId, Place, Result};
use ecow::EcoString;
use goyaml::{Content, Kind, Node, Style, Tag};

use super::embedded;
use super::path::{self, PathMatcher};
use super::source_value::{MASK, SourceValue};
use crate::kustomization::{FieldOptions, Text};
use crate::resource::{Before, Editor, Misfit};

/// Copies one value into fields of targets.
pub(super) struct Setter<'a> {
    /// The value.
    pub(super) source: &'a mut SourceValue,
    /// The position of the object that is the target.
    pub(super) at: usize,
    /// Do paths lead into JSON and YAML that strings hold? They do since v5.8.
    pub(super) embedded: bool,
    /// What part of the fields is written.
    pub(super) options: Option<&'a FieldOptions>,
    /// Tags of texts in quotes, by the edits that set these.
    pub(super) hidden: &'a [(OriginId, Tag)],
}

impl Setter<'_> {
    /// Writes the value into the fields that a path means. (upstream: `copyValueToTarget`)
    ///
    /// A text that does not fit the tag of its field fails when the object is printed, if the
    /// field is still there; `misfits` gets what is to be said then.
    pub(super) fn copy_into(
        &mut self,
        target: &mut Node,
        field_path: &Text,
        editor: &mut Editor<'_>,
        misfits: &mut Vec<Misfit>,
    ) -> Result<()> {
        let create =
            self.options.is_some_and(|o| o.create).then(|| self.source.node.kind());
        let parts = path::split(field_path.as_str());
        if self.embedded && self.set_embedded(target, &parts, create, editor).is_some() {
            self.source.refresh(self.at, target);
            return Ok(());
        }
        let mut failed = None;
        let mut set = |setter: &Setter<'_>, field: &mut Node| {
            let place = field.span;
            match setter.set(field, editor) {
                Ok(None) => {}
                Ok(Some(message)) => {
                    let error = Diagnostic::error(field_path.span, message)
                        .label(place, "the target field")
                        .hint("the field keeps its type: copy a value that fits it");
                    misfits.push(Misfit { origin: field.origin, error });
                }
                Err(message) => {
                    failed.get_or_insert((message, place));
                }
            }
        };
        // The source may be changed by what is copied into it.
        let live = self.source.is_live_in(self.at);
        let mut ways = Vec::new();
        let mut visit = |field: &mut Node, way: &[usize]| {
            match live {
                true => ways.push(way.to_vec()),
                false => set(self, field),
            }
            Ok(())
        };
        let mut matcher = PathMatcher::new(create, self.embedded, &mut visit);
        let walked = matcher.walk(target, &parts);
        let count = matcher.count;
        for way in ways {
            self.source.refresh(self.at, target);
            if let Some(field) = path::descend(target, &way) {
                set(self, field);
            }
        }
        self.source.refresh(self.at, target);
        let span = field_path.span;
        if let Some((message, field)) = failed {
            return Err(Diagnostic::error(span, message)
                .label(field, "the target field")
                .hint("drop `delimiter`, or name a field that holds a text"));
        }
        let words = match create {
            Some(_) => "unable to find or create field",
            None => "unable to find field",
        };
        let missing =
            format!("{words} \"{}\" in replacement target", field_path.as_str());
        match walked {
            Err(message) => Err(Diagnostic::error(span, format!("{missing}: {message}"))
                .hint(
                    "follow the path through the target: `.` parts keys, a number or \
                     `[key=value]` picks an item of a list, `*` all items",
                )),
            Ok(()) if count == 0 => Err(Diagnostic::error(span, missing).hint(
                "check the path, or set `options: {create: true}` to add the field",
            )),
            Ok(()) => Ok(()),
        }
    }

    /// Writes the value into one field; what does not fit is told.
    /// (upstream: `setFieldValue`)
    fn set(
        &self,
        field: &mut Node,
        editor: &mut Editor<'_>,
    ) -> Result<Option<String>, String> {
        let own = self.source.node.text().unwrap_or("");
        let delimiter = self.options.filter(|o| !o.delimiter.is_empty());
        let text = match delimiter {
            None => EcoString::from(own),
            Some(options) => {
                if field.kind() != Kind::Scalar {
                    return Err(
                        "delimiter option can only be used with scalar nodes".to_owned()
                    );
                }
                let old = field.text().unwrap_or("");
                joined(old, own, options.delimiter.as_str(), options.index).into()
            }
        };
        match field.kind() {
            Kind::Scalar => Ok(self.write(field, text, editor)),
            _ => {
                let mut copy = self.source.node.clone();
                // A copy is a node of its own, whoever shares the original.
                copy.walk_mut(&mut |below| {
                    if !below.origin.is_none() {
                        let after = known(below.place());
                        below.origin = editor.record(Before::default(), after);
                    }
                });
                editor.replace(field, copy);
                Ok(None)
            }
        }
    }

    /// Writes a text into a scalar, whose style and tag stay.
    fn write(
        &self,
        field: &mut Node,
        text: EcoString,
        editor: &mut Editor<'_>,
    ) -> Option<String> {
        let mut value = field.clone();
        let hidden = self.hidden_tag(field);
        let misfit = match tag_for(field, hidden, &text) {
            Ok(tag) => {
                value.tag = tag;
                if hidden.is_some() && tag != Tag::Str {
                    // Upstream prints the tag, and no quotes matter then.
                    value.style = Style::Plain;
                }
                None
            }
            Err((resolved, own)) => {
                value.tag = own;
                let shown = if self.source.secret { MASK } else { text.as_str() };
                let (found, wanted) = (resolved.short(), own.short());
                Some(format!("cannot decode {found} `{shown}` as a {wanted}"))
            }
        };
        // A field that was made for it says nothing yet.
        let before = match field.text() {
            Some("") => Before::default(),
            _ => Before::of(field),
        };
        let partly = self.options.is_some_and(|options| !options.delimiter.is_empty());
        let after = match partly {
            true => editor.both(field.place(), self.source.node.place()),
            false => known(self.source.node.place()),
        };
        value.content = Content::Scalar(text);
        value.span = self.source.node.span;
        value.origin = editor.record(before, after);
        if let Some(tag) = hidden {
            editor.hide(value.origin, tag);
        }
        editor.overwrite(field, value);
        misfit
    }

    /// The tag that upstream knows of a string in quotes, if there is one.
    fn hidden_tag(&self, field: &Node) -> Option<Tag> {
        let is_string = field.tag == Tag::Str && !field.untagged;
        let known = self.hidden.iter().rev().find(|(edit, _)| *edit == field.origin);
        known.filter(|_| is_string && field.style != Style::Plain).map(|(_, tag)| *tag)
    }

    /// Writes the value into JSON or YAML that a string holds; `None` if the path leads into no
    /// such string, or anything else is not as it should be.
    /// (upstream: `setValueInStructuredData`)
    fn set_embedded(
        &self,
        target: &mut Node,
        parts: &[EcoString],
        create: Option<Kind>,
        editor: &mut Editor<'_>,
    ) -> Option<()> {
        let (split, mut document) = (1..parts.len()).find_map(|split| {
            let field = path::lookup(target, parts.get(..split)?).ok()??;
            let text = field.text().filter(|_| field.kind() == Kind::Scalar)?;
            Some((split, embedded::parse(text).ok()?))
        })?;
        let mut visit = |field: &mut Node, _: &[usize]| {
            match self.source.node.text().filter(|_| field.kind() == Kind::Scalar) {
                Some(text) => field.content = Content::Scalar(text.into()),
                None if field.kind() == Kind::Scalar => {
                    field.content = Content::Scalar(EcoString::new());
                }
                None => *field = self.source.node.clone(),
            }
            if field.untagged {
                field.set_untagged();
            }
            Ok(())
        };
        let mut matcher = PathMatcher::new(create, self.embedded, &mut visit);
        matcher.walk(&mut document.root, parts.get(split..)?).ok()?;
        if matcher.count == 0 {
            return None;
        }
        let field = path::lookup_mut(target, parts.get(..split)?)?;
        let text = embedded::serialize(&document, field.text()?)?;
        let before = Before::of(field);
        // What the text says besides the value stays.
        let after = editor.both(field.place(), self.source.node.place());
        let tag = tag_for(field, None, &text).ok()?;
        if field.text() != Some(&*text) {
            editor.changed();
        }
        field.tag = tag;
        field.content = Content::Scalar(text.into());
        field.origin = editor.record(before, after);
        Some(())
    }
}

fn known(place: Place) -> Option<Place> {
    match place {
        Place::Span(span) if span.is_none() => None,
        place => Some(place),
    }
}

/// Puts a text into a list of texts: before it, after it, or in the place of one.
fn joined(old: &str, new: &str, delimiter: &str, index: i64) -> String {
    let mut parts: Vec<&str> = old.split(delimiter).collect();
    match usize::try_from(index) {
        Err(_) => parts.insert(0, new),
        Ok(index) => match parts.get_mut(index) {
            Some(part) => *part = new,
            None => parts.push(new),
        },
    }
    parts.join(delimiter)
}

/// What a scalar is once it holds another text: upstream changes the text alone, and reads the
/// field again with the tag that it had. The error: what the text is, and what the tag was.
///
/// A `hidden` tag shows as soon as the text does not fit it.
fn tag_for(field: &Node, hidden: Option<Tag>, text: &str) -> Result<Tag, (Tag, Tag)> {
    let resolved = Node::scalar(text).tag;
    if field.untagged {
        return Ok(if field.style == Style::Plain { resolved } else { Tag::Str });
    }
    if hidden.is_none() && field.tag == resolved && field.style != Style::Plain {
        return Ok(Tag::Str);
    }
    match hidden.unwrap_or(field.tag) {
        tag if hidden.is_some() && tag == resolved => Ok(Tag::Str),
        tag if tag == resolved => Ok(tag),
        Tag::Float if resolved == Tag::Int => Ok(Tag::Float),
        // Go reads no value into the others.
        tag @ (Tag::Str | Tag::Binary | Tag::Merge | Tag::Other) => Ok(tag),
        tag => Err((resolved, tag)),
    }
}

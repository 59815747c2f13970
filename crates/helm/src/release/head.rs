//! The head of a document: what sorting and hooks need to know.

use ecow::EcoString;
use goyaml::{Data, Outline, Value};
use source::{FileId, Span};

use crate::Compat;
use crate::values::read_yaml;

/// What sorting and hooks need to know of a document. (`releaseutil.SimpleHead`)
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) kind: EcoString,
    annotations: Vec<(EcoString, EcoString, Span)>,
}

/// Helm's words, the byte of the document that is at fault, and what to do.
pub(super) type HeadFault = (String, Option<usize>, Vec<String>);

impl Head {
    /// Reads a document as `yaml.Unmarshal` into a `SimpleHead` does.
    pub(super) fn read(text: &str, compat: Compat) -> Result<Head, HeadFault> {
        let outline = Outline::of(text);
        if let Some(head) =
            outline.and_then(|outline| Head::outlined(&outline, text).ok())
        {
            return Ok(head);
        }
        let document = read_yaml(text, FileId::NONE).map_err(|fault| {
            (fault.words, Some(fault.span.start as usize), fault.hints)
        })?;
        let mut head = Head::default();
        match &document.data {
            Data::Null => return Ok(head),
            Data::Map(_) => {}
            other => {
                let what = match compat {
                    Compat::Helm4 => "value of type util.SimpleHead",
                    Compat::Helm3 => "value of type releaseutil.SimpleHead",
                };
                return Err(unfit(other, what, &document));
            }
        }
        for (key, value) in entries(&document) {
            head.entry(&key.to_lowercase(), value)?;
        }
        Ok(head)
    }

    /// The same of a document that is known to be sound: most of it is not read. Which fault
    /// of several it finds is the order of the text.
    fn outlined(outline: &Outline, text: &str) -> Result<Head, HeadFault> {
        let mut head = Head::default();
        for entry in &outline.entries {
            let key = entry.key.to_lowercase();
            let read = || entry.read(text.as_bytes(), FileId::NONE);
            match (key.as_str(), entry.word(text)) {
                ("kind", Some(word)) => head.kind = word.into(),
                ("apiversion", Some(_)) => {}
                ("kind" | "apiversion", None) => head.entry(&key, &read())?,
                ("metadata", _) => match entry.outline(text) {
                    Some(outline) => head.outlined_metadata(&outline, text)?,
                    None => head.metadata(&read())?,
                },
                _ => {}
            }
        }
        Ok(head)
    }

    fn outlined_metadata(
        &mut self,
        outline: &Outline,
        text: &str,
    ) -> Result<(), HeadFault> {
        for entry in &outline.entries {
            let key = entry.key.to_lowercase();
            let known = match key.as_str() {
                "name" => entry.word(text).is_some(),
                key => key != "annotations",
            };
            if !known {
                let value = entry.read(text.as_bytes(), FileId::NONE);
                self.of_metadata(&key, &value)?;
            }
        }
        Ok(())
    }

    /// Reads what an entry says; `key` is in small letters.
    fn entry(&mut self, key: &str, value: &Value) -> Result<(), HeadFault> {
        match key {
            "kind" => self.kind = text_of(value, "SimpleHead.kind")?,
            "apiversion" => {
                text_of(value, "SimpleHead.apiVersion")?;
            }
            "metadata" => self.metadata(value)?,
            _ => {}
        }
        Ok(())
    }

    /// The value of an annotation, and where it is in the text.
    pub(super) fn annotation(&self, name: &str) -> Option<(&EcoString, Span)> {
        let found = self.annotations.iter().find(|(key, ..)| key == name);
        found.map(|(_, value, span)| (value, *span))
    }

    fn metadata(&mut self, value: &Value) -> Result<(), HeadFault> {
        match &value.data {
            Data::Null | Data::Map(_) => {}
            other => {
                let what = "struct field SimpleHead.metadata of type struct { Name string \
                            \"json:\\\"name\\\"\"; Annotations map[string]string \
                            \"json:\\\"annotations\\\"\" }";
                return Err(unfit(other, what, value));
            }
        }
        for (key, value) in entries(value) {
            self.of_metadata(&key.to_lowercase(), value)?;
        }
        Ok(())
    }

    /// Reads what an entry of the metadata says; `key` is in small letters.
    fn of_metadata(&mut self, key: &str, value: &Value) -> Result<(), HeadFault> {
        match key {
            "name" => {
                text_of(value, ".metadata.name")?;
            }
            "annotations" => match &value.data {
                Data::Null | Data::Map(_) => {
                    for (key, value) in entries(value) {
                        let text = text_of(value, ".metadata.annotations")?;
                        self.annotations.push((key.clone(), text, value.span));
                    }
                }
                other => {
                    let what = "struct field .metadata.annotations of type \
                                map[string]string";
                    return Err(unfit(other, what, value));
                }
            },
            _ => {}
        }
        Ok(())
    }
}

/// The entries in the order of the JSON that `sigs.k8s.io/yaml` makes: of several faults Go tells
/// the first, and of keys that differ in case the last counts.
fn entries(value: &Value) -> Vec<(&EcoString, &Value)> {
    let entries = value.as_map().into_iter().flatten();
    let mut entries: Vec<_> = entries.map(|(key, entry)| (key, &entry.value)).collect();
    entries.sort_by_key(|(key, _)| *key);
    entries
}

/// A string, or what `sigs.k8s.io/yaml` makes one of.
fn text_of(value: &Value, field: &str) -> Result<EcoString, HeadFault> {
    let what = || format!("struct field {field} of type string");
    value.data.json_string().ok_or_else(|| unfit(&value.data, &what(), value))
}

fn unfit(found: &Data, what: &str, value: &Value) -> HeadFault {
    let found = found.json_kind();
    let words = format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into \
         Go {what}"
    );
    (words, Some(value.span.start as usize), Vec::new())
}

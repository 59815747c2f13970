//! What a trip through JSON does to scalars.

use goyaml::{Content, Data, Dialect, Node, Style, Tag, format_float};

/// Spells all scalars as kyaml does after a JSON patch: it prints the object as JSON, in which
/// every number is a float, and reads what go-yaml makes of that.
///
/// What is printed in the end stays the same; what an annotation or a copied text says does
/// not: `1000000` is `1e+06`, `~` is `null`.
pub(crate) fn respell(node: &mut Node) {
    match &mut node.content {
        Content::Mapping(entries) => entries.iter_mut().for_each(|(_, v)| respell(v)),
        Content::Sequence(items) => items.iter_mut().for_each(respell),
        Content::Scalar(_) => respell_scalar(node),
        Content::Alias(_) => {}
    }
}

fn respell_scalar(node: &mut Node) {
    let typed = goyaml::decode(node, Dialect::V3).map(|value| value.data);
    #[expect(clippy::cast_precision_loss, reason = "JSON's numbers are floats")]
    let text: ecow::EcoString = match typed {
        Ok(Data::Null) => "null".into(),
        Ok(Data::Bool(value)) => value.to_string().into(),
        Ok(Data::Int(value)) => format_float(value as f64).into(),
        Ok(Data::Uint(value)) => format_float(value as f64).into(),
        Ok(Data::Float(value)) => format_float(value).into(),
        Ok(Data::Str(text)) => {
            let style = written_style(&text);
            let mut made = Node::string(text);
            if style == Style::Plain && made.text() == Some("<<") {
                // It is written without quotes, and read as the key that merges.
                made.tag = Tag::Merge;
            }
            return become_made(node, made, style);
        }
        Ok(Data::Seq(_) | Data::Map(_)) | Err(_) => return,
    };
    become_made(node, Node::scalar(text), Style::Plain);
}

/// How go-yaml writes a text.
fn written_style(text: &str) -> Style {
    let mut rest = text.bytes();
    let word = rest.next().is_some_and(|first| first.is_ascii_alphabetic())
        && rest.all(|byte| byte.is_ascii_alphanumeric() || b"-._/".contains(&byte));
    if word && text.len() > 5 {
        return Style::Plain;
    }
    let written = goyaml::to_yaml(&goyaml::Value::new(text), goyaml::Format::Kyaml);
    match written.unwrap_or_default().as_bytes().first() {
        Some(b'"') => Style::DoubleQuoted,
        Some(b'\'') => Style::SingleQuoted,
        Some(b'|') => Style::Literal,
        _ => Style::Plain,
    }
}

/// Spells a tree as JSON, all of it: what upstream makes of the items of a list.
///
/// A mapping that has a key that is no text has no JSON; the error is upstream's.
pub(crate) fn respell_as_json(node: &mut Node) -> Result<(), String> {
    match &mut node.content {
        Content::Mapping(entries) => {
            if entries.iter().any(|(key, _)| !matches!(key.tag, Tag::Str | Tag::Merge)) {
                let message = "json: unsupported type: map[interface {}]interface {}";
                return Err(message.to_owned());
            }
            entries.iter_mut().try_for_each(|(_, value)| respell_as_json(value))?;
            node.style = Style::Flow;
        }
        Content::Sequence(items) => {
            items.iter_mut().try_for_each(respell_as_json)?;
            node.style = Style::Flow;
        }
        Content::Scalar(_) => {
            let value = goyaml::decode(node, Dialect::V3);
            let value = value.map_err(|faults| goyaml::upstream_text(&faults))?;
            if let Data::Str(text) = value.data {
                become_made(node, Node::string(text), Style::DoubleQuoted);
            } else {
                let text = goyaml::to_json(&value, goyaml::Html::Escaped);
                let text = text.map_err(|fault| fault.upstream())?;
                become_made(node, Node::scalar(text), Style::Plain);
            }
        }
        Content::Alias(_) => {}
    }
    Ok(())
}

/// Puts text and tag of a scalar that was made into one that has a place.
fn become_made(node: &mut Node, made: Node, style: Style) {
    node.content = made.content;
    node.tag = made.tag;
    node.untagged = false;
    node.style = style;
    node.meta = None;
}

#[cfg(test)]
mod tests {
    use goyaml::Node;

    use super::respell;

    #[test]
    fn numbers_become_floats() {
        for (text, expected) in [
            ("1000000", "1e+06"),
            ("1.50", "1.5"),
            ("~", "null"),
            ("0x10", "16"),
            ("7", "7"),
        ] {
            let mut node = Node::scalar(text);
            respell(&mut node);
            assert_eq!(node.text(), Some(expected), "{text}");
        }
    }
}

//! What a trip through JSON does to scalars.

use goyaml::{Content, Data, Dialect, Node, Style, Tag, format_float};

/// Spells all scalars as kyaml does after a JSON patch: it prints the object as JSON, in which
/// every number is a float, and reads what go-yaml makes of that.
///
/// What is printed in the end stays the same; what an annotation or a copied text says does
/// not: `1000000` is `1e+06`, `~` is `null`.
pub(crate) fn respell(node: &mut Node) {
    respell_in(node, Whole::AsFloats);
}

/// Spells all scalars as kyaml does after it made Go values of them: integers stay integers.
pub(crate) fn respell_typed(node: &mut Node) {
    respell_in(node, Whole::AsTheyAre);
}

/// What becomes of integers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    AsFloats,
    AsTheyAre,
}

fn respell_in(node: &mut Node, whole: Whole) {
    match &mut node.content {
        Content::Mapping(entries) => {
            entries.iter_mut().for_each(|(_, value)| respell_in(value, whole));
        }
        Content::Sequence(items) => {
            items.iter_mut().for_each(|item| respell_in(item, whole));
        }
        Content::Scalar(_) => respell_scalar(node, whole),
        Content::Alias(_) => {}
    }
}

fn respell_scalar(node: &mut Node, whole: Whole) {
    let typed = goyaml::decode(node, Dialect::V3).map(|value| value.data);
    #[expect(clippy::cast_precision_loss, reason = "JSON's numbers are floats")]
    let text: ecow::EcoString = match typed {
        Ok(Data::Null) => "null".into(),
        Ok(Data::Bool(value)) => value.to_string().into(),
        Ok(Data::Int(value)) if whole == Whole::AsTheyAre => value.to_string().into(),
        Ok(Data::Uint(value)) if whole == Whole::AsTheyAre => value.to_string().into(),
        Ok(Data::Int(value)) => format_float(value as f64).into(),
        Ok(Data::Uint(value)) => format_float(value as f64).into(),
        Ok(Data::Float(value)) => format_float(value).into(),
        Ok(Data::Str(text)) => return set_text(node, text),
        Ok(Data::Seq(_) | Data::Map(_)) | Err(_) => return,
    };
    let made = Node::scalar(text);
    node.content = made.content;
    node.tag = made.tag;
    node.style = Style::Plain;
    node.meta = None;
}

fn set_text(node: &mut Node, text: ecow::EcoString) {
    node.style = match Node::scalar(text.clone()).tag {
        Tag::Str if text.contains('\n') => Style::Literal,
        Tag::Str => Style::Plain,
        _ => Style::DoubleQuoted,
    };
    node.content = Content::Scalar(text);
    node.tag = Tag::Str;
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

//! The value of a variable, as Go's types make it.

use ecow::{EcoString, eco_format};
use goyaml::{Node, Tag};

/// The value of a variable: a text, a number or a truth value.
/// (kyaml: `RNode.GetFieldValue`; upstream: `refvar.updateNodeValue`)
#[derive(Clone, Debug)]
pub(super) struct VarValue {
    /// What a field becomes that holds nothing but the variable.
    pub(super) alone: EcoString,
    /// What stands for the variable within a text.
    pub(super) within: EcoString,
    /// What a field is that holds nothing but the variable.
    pub(super) tag: Tag,
}

impl VarValue {
    /// The value of a scalar; none if Go reads no such number: `0x10` is an integer to YAML,
    /// and none to `strconv.Atoi`.
    pub(super) fn of(node: &Node) -> Option<VarValue> {
        let text = node.text()?;
        let alike =
            |text: EcoString, tag| VarValue { alone: text.clone(), within: text, tag };
        Some(match node.tag {
            tag if node.untagged || !matches!(tag, Tag::Int | Tag::Float | Tag::Bool) => {
                alike(text.into(), Tag::Str)
            }
            Tag::Int => alike(eco_format!("{}", text.parse::<i64>().ok()?), Tag::Int),
            Tag::Bool => alike(eco_format!("{}", truth(text)?), Tag::Bool),
            tag => {
                let number = float(text)?;
                let (alone, within) =
                    (eco_format!("{number}"), goyaml::format_float(number));
                VarValue { alone, within: within.into(), tag }
            }
        })
    }
}

/// As `strconv.ParseBool` reads it.
fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// As `strconv.ParseFloat` reads it: `_` stands between digits alone.
fn float(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit)
    };
    let apart = text
        .match_indices('_')
        .all(|(at, _)| digit(at.checked_sub(1)) && digit(Some(at + 1)));
    let plain = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        && text.contains(|c: char| c.is_ascii_digit());
    let number: f64 = text.replace('_', "").parse().ok().filter(|_| apart && plain)?;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use goyaml::Node;

    use super::VarValue;

    #[test]
    fn numbers_are_those_of_go() {
        for (text, expected) in [
            ("0x10", None),
            ("010", Some(("10", "10"))),
            ("1_000", None),
            ("1e6", Some(("1000000", "1e+06"))),
            ("1.50", Some(("1.5", "1.5"))),
            (".inf", None),
            ("True", Some(("true", "true"))),
            ("null", Some(("null", "null"))),
        ] {
            let value = VarValue::of(&Node::scalar(text));
            let value = value.as_ref().map(|v| (v.alone.as_str(), v.within.as_str()));
            assert_eq!(value, expected, "{text}");
        }
    }
}

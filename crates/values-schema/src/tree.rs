//! The nesting of violations: several in one value stand below a line for that value.

use std::collections::BTreeMap;

use crate::words::{Found, quote};

/// All violations, one a line, indented below what they belong to.
pub(crate) fn text(found: &[Found]) -> String {
    let mut out = String::new();
    let referred = found.iter().all(|f| f.keyword.starts_with("/$ref"));
    let mut lines = items(found.iter().collect(), 0);
    if referred && lines.len() > 1 {
        lines = vec![Item::Group(&[], lines)];
    } else if let [Item::Group(..)] = lines.as_slice()
        && let Some(Item::Group(_, below)) = lines.pop()
    {
        // The only group is what the schema failed for, and it is not told itself.
        lines = below;
    }
    lines.iter().for_each(|item| write(item, 0, &mut out));
    out
}

/// A line, and the lines below it.
enum Item<'a> {
    Leaf(&'a Found),
    Group(&'a [String], Vec<Item<'a>>),
}

/// The lines for violations that share the first `depth` parts of their paths.
fn items(found: Vec<&Found>, depth: usize) -> Vec<Item<'_>> {
    let mut made = Vec::new();
    let mut children: BTreeMap<&str, Vec<&Found>> = BTreeMap::new();
    for one in found {
        match one.violation.path.get(depth) {
            None => made.push(Item::Leaf(one)),
            Some(part) => children.entry(part).or_default().push(one),
        }
    }
    for inside in children.into_values() {
        let path = inside[0].violation.path.get(..=depth).unwrap_or(&[]);
        let mut below = items(inside, depth + 1);
        match below.len() {
            1 => made.append(&mut below),
            _ => made.push(Item::Group(path, below)),
        }
    }
    // Names that are not allowed are told after all that is inside.
    made.sort_by_key(|item| match item {
        Item::Leaf(one) => one.keyword.ends_with("/additionalProperties"),
        Item::Group(..) => false,
    });
    made
}

fn write(item: &Item<'_>, indent: usize, out: &mut String) {
    match item {
        Item::Leaf(found) => {
            line(&found.violation.path, &found.violation.words, indent, out);
            for cause in &found.causes {
                write(&Item::Leaf(cause), indent + 1, out);
            }
        }
        Item::Group(path, below) => {
            line(path, "validation failed", indent, out);
            below.iter().for_each(|item| write(item, indent + 1, out));
        }
    }
}

fn line(path: &[String], words: &str, indent: usize, out: &mut String) {
    let pointer: String = path
        .iter()
        .map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1")))
        .collect();
    let indent = "  ".repeat(indent);
    *out += &format!("{indent}- at {}: {words}\n", quote(&pointer));
}

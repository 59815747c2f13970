//! What people write beside the fields: comments, anchors, line ends of other systems.

use crate::random::Random;

/// The text of a file as someone might have written it; a seed gives it always the same dress.
pub fn dressed(seed: u64, path: &str, text: String) -> String {
    let of_path = path.bytes().fold(seed, |sum, byte| {
        sum.wrapping_mul(1_099_511_628_211).wrapping_add(u64::from(byte))
    });
    let mut random = Random::new(of_path);
    if path.ends_with(".json") {
        return text;
    }
    let has_blocks = text.contains(['|', '>']);
    match random.below(9) {
        0 => text.replace('\n', "\r\n"),
        1 if !has_blocks => commented(&mut random, &text),
        2 | 3 if !has_blocks => anchored(&text),
        4 => format!("---\n{text}"),
        5 => format!("# What this is\n\n{text}"),
        6 if !has_blocks => text.lines().map(|line| format!("{line}  \n")).collect(),
        7 => format!("{text}...\n"),
        8 if !has_blocks => wide(&text),
        _ => text,
    }
}

fn commented(random: &mut Random, text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        match random.below(6) {
            0 => {
                out.push_str(&" ".repeat(indent));
                out.push_str("# above\n");
                out.push_str(line);
            }
            1 => {
                out.push_str(line);
                out.push_str(" # behind");
            }
            2 => {
                out.push_str(line);
                out.push_str("\n\n# left");
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// A value that stands twice is written once.
fn anchored(text: &str) -> String {
    let mut known: Vec<&str> = Vec::new();
    let mut out = String::new();
    for line in text.lines() {
        if line == "---" {
            known.clear();
        }
        let simple = |value: &&str| {
            !value.is_empty()
                && value
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "./-:'\"".contains(c))
        };
        match line.split_once(": ").filter(|(_, value)| simple(value)) {
            Some((key, value)) => match known.iter().position(|word| *word == value) {
                Some(at) => out.push_str(&format!("{key}: *v{at}\n")),
                None => {
                    out.push_str(&format!("{key}: &v{} {value}\n", known.len()));
                    known.push(value);
                }
            },
            None => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

/// Four columns a level.
fn wide(text: &str) -> String {
    let line = |line: &str| {
        let indent = line.len() - line.trim_start().len();
        format!("{}{}\n", " ".repeat(indent * 2), line.trim_start())
    };
    match text.contains("- ") {
        // What stands behind a dash is two columns in.
        true => text.to_owned(),
        false => text.lines().map(line).collect(),
    }
}

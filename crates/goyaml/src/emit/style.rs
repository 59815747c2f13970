//! Which style a scalar is written in: `stringv` of `encode.go`,
//! `yaml_emitter_analyze_scalar` and `yaml_emitter_select_scalar_style` of `emitterc.go`.

use crate::resolve::{Resolved, resolve};
use crate::{Dialect, chars};

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ScalarStyle {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

/// The styles that would read back as the same text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Analysis {
    pub(crate) multiline: bool,
    pub(super) flow_plain: bool,
    block_plain: bool,
    pub(super) single_quoted: bool,
    block: bool,
}

/// The style that `encode.go` asks for, and what the emitter can do.
pub(crate) fn of_string(text: &str, dialect: Dialect) -> (ScalarStyle, Analysis) {
    let style = if text.contains('\n') {
        ScalarStyle::Literal
    } else if can_be_plain(text, dialect) {
        ScalarStyle::Plain
    } else {
        ScalarStyle::DoubleQuoted
    };
    (style, Analysis::of(text, dialect))
}

/// Would the plain text be read as a string, by YAML 1.1 parsers too?
pub(crate) fn can_be_plain(text: &str, dialect: Dialect) -> bool {
    resolve(text, dialect, true) == Resolved::Str
        && !is_base60(text)
        && !(dialect == Dialect::V3 && is_old_bool(text))
}

/// YAML 1.1 reads these as booleans; v3 still quotes them.
fn is_old_bool(text: &str) -> bool {
    matches!(resolve(text, Dialect::V2, false), Resolved::Bool(_))
        && resolve(text, Dialect::V3, false) == Resolved::Str
}

/// YAML 1.1's base 60 numbers: `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`.
fn is_base60(text: &str) -> bool {
    if !text.contains(':') {
        return false;
    }
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let loose = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or("");
    first.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && loose(first)
        && parts.all(|part| match part.as_bytes() {
            [ones] => ones.is_ascii_digit(),
            [tens, ones] => (b'0'..=b'5').contains(tens) && ones.is_ascii_digit(),
            _ => false,
        })
        && whole.contains(':')
        && fraction.is_none_or(loose)
}

/// What the walk over the characters found.
#[derive(Default)]
struct Found {
    block_indicators: bool,
    flow_indicators: bool,
    line_breaks: bool,
    special: bool,
    tabs: bool,
    /// Space or break at either end.
    edges: bool,
    trailing_space: bool,
    break_space: bool,
    space_break: bool,
}

impl Analysis {
    pub(crate) fn of(text: &str, dialect: Dialect) -> Analysis {
        if text.is_empty() {
            return Analysis {
                multiline: false,
                flow_plain: false,
                block_plain: true,
                single_quoted: true,
                block: false,
            };
        }
        let found = Found::of(text, dialect);
        let hard = found.space_break || found.special;
        let quoted = hard || found.tabs || found.break_space;
        let plain = !(quoted || found.edges || found.line_breaks);
        Analysis {
            multiline: found.line_breaks,
            flow_plain: plain && !found.flow_indicators,
            block_plain: plain && !found.block_indicators,
            single_quoted: !quoted,
            block: !hard && !found.trailing_space,
        }
    }

    /// The style that is used where `style` was asked for, outside flow collections.
    pub(crate) fn select(
        &self,
        text: &str,
        mut style: ScalarStyle,
        simple_key: bool,
    ) -> ScalarStyle {
        if simple_key && self.multiline {
            style = ScalarStyle::DoubleQuoted;
        }
        if style == ScalarStyle::Plain
            && (!self.block_plain || text.is_empty() && simple_key)
        {
            style = ScalarStyle::SingleQuoted;
        }
        if style == ScalarStyle::SingleQuoted && !self.single_quoted {
            style = ScalarStyle::DoubleQuoted;
        }
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if block && (!self.block || simple_key) {
            style = ScalarStyle::DoubleQuoted;
        }
        style
    }
}

impl Found {
    fn of(text: &str, dialect: Dialect) -> Found {
        let mut found = Found::default();
        if text.starts_with("---") || text.starts_with("...") {
            found.block_indicators = true;
            found.flow_indicators = true;
        }
        let bytes = text.as_bytes();
        let mut previous = ' ';
        let last = text.len() - text.chars().next_back().map_or(0, char::len_utf8);
        for (at, c) in text.char_indices() {
            let next = bytes.get(at + c.len_utf8());
            let followed_by_blank = next.is_none_or(|b| matches!(b, b' ' | b'\t'));
            found.indicator(c, at == 0, previous, followed_by_blank);
            if c == '\t' && dialect == Dialect::V3 {
                found.tabs = true;
            } else if !chars::is_printable(c) {
                found.special = true;
            }
            let edge = at == 0 || at == last;
            if c == ' ' {
                found.edges |= edge;
                found.trailing_space |= at == last;
                found.break_space |= at > 0 && chars::is_break(previous);
            } else if chars::is_break(c) {
                found.line_breaks = true;
                found.edges |= edge;
                found.space_break |= at > 0 && previous == ' ';
            }
            previous = c;
        }
        found
    }

    fn indicator(
        &mut self,
        c: char,
        first: bool,
        previous: char,
        followed_by_blank: bool,
    ) {
        let (flow, block) = match c {
            '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\''
            | '"' | '%' | '@' | '`'
                if first =>
            {
                (true, true)
            }
            '?' if first => (true, followed_by_blank),
            '-' if first => (followed_by_blank, followed_by_blank),
            ':' => (true, followed_by_blank),
            ',' | '?' | '[' | ']' | '{' | '}' => (true, false),
            '#' => {
                let comment = previous == ' '
                    || previous == '\t'
                    || previous == '\0'
                    || chars::is_break(previous);
                (comment, comment)
            }
            _ => (false, false),
        };
        self.flow_indicators |= flow;
        self.block_indicators |= block;
    }
}

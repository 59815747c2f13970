//! What the scanner makes of the text.

use ecow::EcoString;

use crate::Style;

/// A place in the text: byte, line and column from 0. Columns count bytes, which is the
/// same as characters wherever indentation is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Mark {
    pub(crate) at: u32,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// A token and the bytes it stands for; tokens that no text stands for are empty.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: Mark,
    pub(crate) end: Mark,
}

/// The kinds of tokens, as libyaml has them.
#[derive(Clone, Debug)]
pub(crate) enum TokenKind {
    StreamStart,
    StreamEnd,
    /// `%YAML 1.1`
    VersionDirective(u8, u8),
    /// `%TAG !e! tag:example.com,2000:`
    TagDirective(Box<(String, String)>),
    /// `---`
    DocumentStart,
    /// `...`
    DocumentEnd,
    /// Before the first `- ` of a deeper block.
    BlockSequenceStart,
    /// Before the first key of a deeper block.
    BlockMappingStart,
    /// Where a block ends by its indentation.
    BlockEnd,
    /// `[`
    FlowSequenceStart,
    /// `]`
    FlowSequenceEnd,
    /// `{`
    FlowMappingStart,
    /// `}`
    FlowMappingEnd,
    /// `- `
    BlockEntry,
    /// `,`
    FlowEntry,
    /// `? `, or nothing before a simple key.
    Key,
    /// `: `
    Value,
    /// `*a`
    Alias(EcoString),
    /// `&a`
    Anchor(EcoString),
    /// `!h!suffix`: handle and suffix.
    Tag(Box<(String, String)>),
    /// `a`, `"a"`
    Scalar(EcoString, Style),
}

/// Why the text is no YAML, with the places that `fail` of `decode.go` looks at.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// Did the scanner find it? Upstream counts its lines from 1, the parser's from 0.
    pub(crate) scanner: bool,
    /// Where the construct begins that is broken.
    pub(crate) context: Option<Mark>,
    /// Where it breaks.
    pub(crate) place: Mark,
    pub(crate) message: String,
}

/// What scanning and parsing return.
pub(crate) type Scan<T> = Result<T, Box<Problem>>;

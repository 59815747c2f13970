//! The tree that a document is: yaml.v3's `Node`, with exact spans.
//!
//! Start with [`Node`]. Lookup by key and path is in `lookup.rs`, aliases and merge keys in
//! `alias.rs`, typed values in `decode.rs`.

use ecow::EcoString;
use source::{OriginId, Place, Span};

/// One node of a document: a scalar, a sequence, a mapping or an alias.
///
/// Fields are public: an edit replaces `content` and sets `origin`. Two nodes are equal
/// (`==`) if they say the same: spans, origins, styles and comments do not count.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it holds.
    pub content: Content,
    /// Its bytes, quotes and brackets included; anchor and tag are not part of it.
    pub span: Span,
    /// Who set it, if an edit did; [`OriginId::NONE`]: the span is the origin.
    pub origin: OriginId,
    /// The line it starts on as go-yaml counts, from 1; 0 for made-up nodes.
    pub line: u32,
    /// The resolved tag.
    pub tag: Tag,
    /// How it is written.
    pub style: Style,
    /// Is this a scalar that was made without a tag? Then text and style alone say what it is,
    /// and `tag` is what they say. No parsed scalar is; whoever changes the text of one that is
    /// calls [`Node::set_untagged`].
    pub untagged: bool,
    /// What few nodes have.
    pub meta: Option<Box<Meta>>,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// `a`, `"a"`: the text after unquoting.
    Scalar(EcoString),
    /// `[a, b]`, `- a`.
    Sequence(Vec<Node>),
    /// `{a: b}`, `a: b`: keys and values in the order of the text, duplicates included.
    Mapping(Vec<(Node, Node)>),
    /// `*a`: the anchor's name.
    Alias(EcoString),
}

/// The kinds of [`Content`], for messages and comparisons.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// `a`
    Scalar,
    /// `- a`
    Sequence,
    /// `a: b`
    Mapping,
    /// `*a`
    Alias,
}

/// The resolved tag of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Tag {
    /// `~`
    Null,
    /// `true`
    Bool,
    /// `1`
    Int,
    /// `1.5`
    Float,
    /// `a`
    Str,
    /// `2001-01-01`
    Timestamp,
    /// `!!binary YQ==`
    Binary,
    /// `<<`
    Merge,
    /// `{}`
    Map,
    /// `[]`
    Seq,
    /// `!custom a`: the text is in [`Meta::tag`].
    Other,
}

/// How a node is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Style {
    /// `a`
    #[default]
    Plain,
    /// `'a'`
    SingleQuoted,
    /// `"a"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A sequence or mapping by indentation.
    Block,
    /// `[a]`, `{a: b}`
    Flow,
}

/// What few nodes have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// `&name`
    pub anchor: Option<EcoString>,
    /// The tag as the text has it, in its short form: `!!str`, `!custom`.
    pub tag: Option<EcoString>,
    /// Comments on the lines above, `#` included.
    pub head_comment: EcoString,
    /// The comment at the end of the line.
    pub line_comment: EcoString,
    /// Comments below, before a blank line.
    pub foot_comment: EcoString,
}

impl Node {
    /// A node that no text holds.
    #[must_use]
    pub fn new(content: Content, tag: Tag, style: Style) -> Node {
        let (span, origin) = (Span::NONE, OriginId::NONE);
        Node { content, span, origin, line: 0, tag, style, untagged: false, meta: None }
    }

    /// A scalar without a tag. (kyaml: `NewScalarRNode`)
    pub fn untagged(text: impl Into<EcoString>) -> Node {
        Node { untagged: true, ..Node::scalar(text) }
    }

    /// Takes the tag of a scalar away: text and style say what it is.
    pub fn set_untagged(&mut self) {
        let Content::Scalar(text) = &self.content else { return };
        self.tag = match self.style {
            Style::Plain | Style::Block | Style::Flow => crate::resolve::plain_tag(text),
            Style::SingleQuoted
            | Style::DoubleQuoted
            | Style::Literal
            | Style::Folded => Tag::Str,
        };
        self.untagged = true;
    }

    /// A string. Style is plain; the emitter quotes it where needed.
    pub fn string(text: impl Into<EcoString>) -> Node {
        Node::new(Content::Scalar(text.into()), Tag::Str, Style::Plain)
    }

    /// A scalar with the tag that yaml.v3 resolves for the plain text.
    pub fn scalar(text: impl Into<EcoString>) -> Node {
        let text = text.into();
        let tag = crate::resolve::plain_tag(&text);
        Node::new(Content::Scalar(text), tag, Style::Plain)
    }

    /// `null`
    #[must_use]
    pub fn null() -> Node {
        Node::new(Content::Scalar("null".into()), Tag::Null, Style::Plain)
    }

    /// `true` or `false`
    #[must_use]
    pub fn bool(value: bool) -> Node {
        let text = if value { "true" } else { "false" };
        Node::new(Content::Scalar(text.into()), Tag::Bool, Style::Plain)
    }

    /// An integer.
    #[must_use]
    pub fn int(value: i64) -> Node {
        let text = EcoString::from(value.to_string());
        Node::new(Content::Scalar(text), Tag::Int, Style::Plain)
    }

    /// A mapping.
    #[must_use]
    pub fn mapping(entries: Vec<(Node, Node)>) -> Node {
        Node::new(Content::Mapping(entries), Tag::Map, Style::Block)
    }

    /// A sequence.
    #[must_use]
    pub fn sequence(items: Vec<Node>) -> Node {
        Node::new(Content::Sequence(items), Tag::Seq, Style::Block)
    }

    /// The same node, said to be at `span`.
    #[must_use]
    pub fn at(mut self, span: Span) -> Node {
        self.span = span;
        self
    }

    /// The same node, said to come from `origin`.
    #[must_use]
    pub fn from_origin(mut self, origin: OriginId) -> Node {
        self.origin = origin;
        self
    }

    /// Where it came from.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::of(self.span, self.origin)
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.content {
            Content::Scalar(_) => Kind::Scalar,
            Content::Sequence(_) => Kind::Sequence,
            Content::Mapping(_) => Kind::Mapping,
            Content::Alias(_) => Kind::Alias,
        }
    }

    /// Is it null: `~`, `null`, or nothing at all? A scalar without a tag is not, whatever its
    /// text. (kyaml: `IsYNodeTaggedNull`)
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.tag == Tag::Null && !self.untagged
    }

    /// The text of a scalar of whatever tag.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a scalar that is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.text().filter(|_| self.tag == Tag::Str)
    }

    /// The items of a sequence.
    #[must_use]
    pub fn items(&self) -> Option<&[Node]> {
        match &self.content {
            Content::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The items of a sequence, to change.
    pub fn items_mut(&mut self) -> Option<&mut Vec<Node>> {
        match &mut self.content {
            Content::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a mapping.
    #[must_use]
    pub fn entries(&self) -> Option<&[(Node, Node)]> {
        match &self.content {
            Content::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entries of a mapping, to change.
    pub fn entries_mut(&mut self) -> Option<&mut Vec<(Node, Node)>> {
        match &mut self.content {
            Content::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The anchor's name.
    #[must_use]
    pub fn anchor(&self) -> Option<&str> {
        self.meta.as_ref()?.anchor.as_deref()
    }

    /// The tag as the text has it (`!!str`, `!custom`); `None` if the text has none.
    #[must_use]
    pub fn explicit_tag(&self) -> Option<&str> {
        self.meta.as_ref()?.tag.as_deref()
    }

    /// The short tag as yaml.v3 prints it: `!!str`, `!custom`.
    #[must_use]
    pub fn short_tag(&self) -> &str {
        match self.tag {
            Tag::Other => self.explicit_tag().unwrap_or("!"),
            tag => tag.short(),
        }
    }

    /// The rare parts, to change.
    pub fn meta_mut(&mut self) -> &mut Meta {
        self.meta.get_or_insert_default()
    }
}

impl Tag {
    /// The tag in its short form: `!!str`. Empty for [`Tag::Other`].
    #[must_use]
    pub fn short(self) -> &'static str {
        match self {
            Tag::Null => "!!null",
            Tag::Bool => "!!bool",
            Tag::Int => "!!int",
            Tag::Float => "!!float",
            Tag::Str => "!!str",
            Tag::Timestamp => "!!timestamp",
            Tag::Binary => "!!binary",
            Tag::Merge => "!!merge",
            Tag::Map => "!!map",
            Tag::Seq => "!!seq",
            Tag::Other => "",
        }
    }

    /// The tag with this short form; [`Tag::Other`] if it is none of ours.
    #[must_use]
    pub fn from_short(text: &str) -> Tag {
        match text {
            "!!null" => Tag::Null,
            "!!bool" => Tag::Bool,
            "!!int" => Tag::Int,
            "!!float" => Tag::Float,
            "!!str" => Tag::Str,
            "!!timestamp" => Tag::Timestamp,
            "!!binary" => Tag::Binary,
            "!!merge" => Tag::Merge,
            "!!map" => Tag::Map,
            "!!seq" => Tag::Seq,
            _ => Tag::Other,
        }
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        self.tag == other.tag
            && (self.tag != Tag::Other || self.short_tag() == other.short_tag())
            && self.content == other.content
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Content) -> bool {
        match (self, other) {
            (Content::Scalar(a), Content::Scalar(b))
            | (Content::Alias(a), Content::Alias(b)) => a == b,
            (Content::Sequence(a), Content::Sequence(b)) => a == b,
            (Content::Mapping(a), Content::Mapping(b)) => a == b,
            _ => false,
        }
    }
}

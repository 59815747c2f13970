//! The output and what the emitter must know about it: column, indentation, whitespace.

use super::Format;

/// The text so far, with the state of `yaml_emitter_t`.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) text: String,
    /// The column, in characters.
    pub(super) column: i32,
    /// The indentation of the innermost block; -1 outside.
    pub(super) indent: i32,
    /// Was the last character whitespace?
    whitespace: bool,
    /// Does the line hold nothing but indentation and indicators?
    pub(super) indention: bool,
    /// Break plain and quoted scalars past this column.
    pub(super) best_width: i32,
    /// A line at this indentation is parted from the comment above it.
    pub(super) foot_indent: Option<i32>,
    /// The comment behind the header of the block scalar that comes.
    pub(super) header_comment: String,
    format: Format,
}

/// go-yaml's indentation, as every one of our formats sets it.
pub(super) const BEST_INDENT: i32 = 2;

impl Writer {
    pub(super) fn new(format: Format) -> Writer {
        let best_width = match format {
            Format::Sigs | Format::V2 => 80,
            Format::Pretty | Format::Kyaml => i32::MAX,
        };
        Writer {
            text: String::new(),
            column: 0,
            indent: -1,
            whitespace: true,
            indention: true,
            best_width,
            foot_indent: None,
            header_comment: String::new(),
            format,
        }
    }

    fn is_v3(&self) -> bool {
        matches!(self.format, Format::Pretty | Format::Kyaml)
    }

    /// Deepens the indentation for a block collection.
    pub(super) fn increase_indent(&mut self, in_sequence: bool, seq_in_mapping: bool) {
        let beside_key = seq_in_mapping && (self.column == 0 || !self.indention);
        if self.indent < 0 {
            self.indent = 0;
        } else if self.is_v3() {
            let compact = beside_key && self.format == Format::Kyaml;
            self.deepen(in_sequence);
            self.indent -= if compact { 2 } else { 0 };
        } else if !seq_in_mapping || self.indention {
            self.indent += BEST_INDENT;
        }
    }

    /// Deepens the indentation for the lines of a scalar.
    pub(super) fn increase_scalar_indent(&mut self, in_sequence: bool) {
        if self.indent < 0 {
            self.indent = BEST_INDENT;
        } else if self.is_v3() {
            self.deepen(in_sequence);
        } else {
            self.indent += BEST_INDENT;
        }
    }

    /// v3: an item's content aligns after `- `, all else with multiples of the indentation.
    fn deepen(&mut self, in_sequence: bool) {
        self.indent = match in_sequence {
            true => self.indent + 2,
            false => BEST_INDENT * ((self.indent + BEST_INDENT) / BEST_INDENT),
        };
    }

    /// Starts a line and indents it, if the output is not there already.
    pub(super) fn write_indent(&mut self) {
        let indent = self.indent.max(0);
        if !self.indention
            || self.column > indent
            || (self.column == indent && !self.whitespace)
        {
            self.put_break();
        }
        if self.foot_indent.take() == Some(indent) {
            self.put_break();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    /// `-`, `?` and `:`: may be followed by a block on the same line.
    pub(super) fn write_block_indicator(&mut self, indicator: char) {
        if !self.whitespace {
            self.put(' ');
        }
        self.put(indicator);
        self.whitespace = false;
    }

    /// `:` after a key, brackets and quotes.
    pub(super) fn write_indicator(&mut self, indicator: &str) {
        self.put_ascii(indicator);
        self.whitespace = false;
        self.indention = false;
    }

    /// `[` and `{`, with a space before them and none behind.
    pub(super) fn write_opening(&mut self, bracket: &str) {
        self.write_word(bracket);
        self.whitespace = true;
    }

    pub(super) fn set_whitespace(&mut self) {
        self.whitespace = true;
    }

    /// A word with a space before it: `!!binary`.
    pub(super) fn write_word(&mut self, word: &str) {
        let _start = self.space_then_here();
        self.write_indicator(word);
    }

    /// Writes the space that separates what comes; returns where that starts.
    pub(super) fn space_then_here(&mut self) -> usize {
        if !self.whitespace {
            self.put(' ');
            self.whitespace = true;
        }
        self.text.len()
    }

    pub(super) fn put(&mut self, c: char) {
        self.text.push(c);
        self.column += 1;
    }

    pub(super) fn put_ascii(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += i32::try_from(text.len()).unwrap_or(0);
    }

    /// Appends text that holds no line break.
    pub(super) fn put_str(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += i32::try_from(text.chars().count()).unwrap_or(0);
    }

    pub(super) fn put_break(&mut self) {
        self.text.push('\n');
        self.column = 0;
        self.indention |= self.is_v3();
    }

    /// A line break of the scalar itself; LS and PS stay what they are.
    pub(super) fn write_break(&mut self, c: char) {
        match c {
            '\n' => self.put_break(),
            c => {
                self.text.push(c);
                self.column = 0;
                self.indention |= self.is_v3();
            }
        }
    }

    /// After a scalar.
    pub(super) fn set_content_end(&mut self) {
        self.whitespace = false;
        self.indention = false;
    }

    /// After the header of a block scalar.
    pub(super) fn set_line_start(&mut self) {
        self.indention = true;
        self.whitespace = true;
    }
}

//! The report that people read: message, excerpts with carets, hints.

use std::io::{self, Write};

use source::{Diagnostic, Severity, SourceMap, Span};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Report, place, word};

/// No excerpt is wider than this many columns; longer lines are cut around their caret.
const WIDTH: usize = 120;

/// How text for people is dressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pretty {
    /// Colour, by ANSI escapes.
    pub color: bool,
    /// Traces as well, not only the place and its hints.
    pub verbose: bool,
}

/// One line of source and what is to be said about it.
struct Note<'a> {
    span: Span,
    line: usize,
    text: &'a str,
    main: bool,
}

impl Pretty {
    /// Writes every diagnostic, then nothing: the summary is the caller's.
    pub fn write(self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        for diagnostic in report.diagnostics {
            self.diagnostic(report.sources, diagnostic, out)?;
            writeln!(out)?;
        }
        Ok(())
    }

    fn paint(self, code: &str, text: &str) -> String {
        match self.color {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }

    fn severity_color(severity: Severity) -> &'static str {
        match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Info => "1;34",
        }
    }

    fn diagnostic(
        self,
        sources: &SourceMap,
        d: &Diagnostic,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let color = Pretty::severity_color(d.severity);
        let mut head = word(d.severity).to_owned();
        if !d.code.is_empty() {
            head = format!("{head}[{}]", d.code);
        }
        let message = plain(&d.message, true);
        writeln!(out, "{}: {}", self.paint(color, &head), self.paint("1", &message))?;
        let notes = notes(sources, d);
        let gutter = notes.iter().map(|n| n.line.to_string().len()).max().unwrap_or(1);
        self.excerpts(sources, &notes, gutter, color, out)?;
        let bar = " ".repeat(gutter);
        if let Some(subject) = d.subject.as_deref() {
            let clusters = subject.clusters.join(", ");
            let parts = [&*clusters, &*subject.object, &*subject.field];
            let parts = parts.into_iter().filter(|part| !part.is_empty());
            let text = plain(&parts.collect::<Vec<_>>().join(" "), false);
            writeln!(
                out,
                "{bar} {} {} {text}",
                self.paint("34", "="),
                self.paint("36", "in:")
            )?;
        }
        let chain = if self.verbose { place::chain(sources, d) } else { Vec::new() };
        for step in d.trace.iter().chain(&chain) {
            let elsewhere = step.span != d.span;
            let place = place::region(sources, step.span).filter(|_| elsewhere);
            let place = place.map(|r| {
                format!(" at {}:{}:{}", r.start.path, r.start.line, r.start.column)
            });
            let (text, place) = (plain(&step.text, false), place.unwrap_or_default());
            writeln!(out, "{bar} {} {text}{place}", self.paint("34", "="))?;
        }
        for hint in &d.hints {
            let hint = plain(hint, false);
            let word = self.paint("36", "hint:");
            writeln!(out, "{bar} {} {word} {hint}", self.paint("34", "="))?;
        }
        if let Some(fix) = &d.fix {
            let word = self.paint("32", "fix:");
            let title = plain(&fix.title, false);
            writeln!(out, "{bar} {} {word} {title} (--fix)", self.paint("34", "="))?;
        }
        Ok(())
    }

    fn excerpts(
        self,
        sources: &SourceMap,
        notes: &[Note<'_>],
        gutter: usize,
        color: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let bar = self.paint("34", "|");
        let space = " ".repeat(gutter);
        let mut before: Option<&Note<'_>> = None;
        for note in notes {
            let same_file = before.is_some_and(|b| b.span.file == note.span.file);
            if !same_file {
                let arrow = if before.is_none() { "-->" } else { ":::" };
                let same = |n: &&Note<'_>| n.main && n.span.file == note.span.file;
                let named = notes.iter().find(same).unwrap_or(note);
                let file = sources.file(note.span.file);
                let (line, column) = file.line_column(named.span.start as usize);
                let arrow = self.paint("34", arrow);
                writeln!(out, "{space}{arrow} {}:{line}:{column}", file.path)?;
                writeln!(out, "{space} {bar}")?;
            }
            let same_line = same_file && before.is_some_and(|b| b.line == note.line);
            if same_file && before.is_some_and(|b| b.line + 1 < note.line) {
                writeln!(out, "{space} {}", self.paint("34", ":"))?;
            }
            let (excerpt, at, width) = excerpt(sources, note);
            if !same_line {
                let number = self.paint("34", &format!("{:>gutter$}", note.line));
                writeln!(out, "{number} {bar} {excerpt}")?;
            }
            let caret = if note.main { "^" } else { "-" };
            let color = if note.main { color } else { "34" };
            let carets = caret.repeat(width);
            let text = plain(note.text, false);
            let marked = self.paint(color, format!("{carets} {text}").trim_end());
            writeln!(out, "{space} {bar} {}{marked}", " ".repeat(at))?;
            before = Some(note);
        }
        Ok(())
    }
}

/// The main place and the labels: file by file, line by line, the main file first.
fn notes<'a>(sources: &SourceMap, d: &'a Diagnostic) -> Vec<Note<'a>> {
    // A label at the main place is what is said there.
    let of_main = d.labels.iter().position(|l| l.span == d.span);
    let said = of_main.and_then(|n| d.labels.get(n)).map_or("", |l| l.text.as_str());
    let labels = d.labels.iter().enumerate().filter(|(n, _)| Some(*n) != of_main);
    let labels = labels.map(|(_, l)| (l.span, l.text.as_str(), false));
    // Of a fault in rendered text people want to see the template as well.
    let fault = d.code.is_empty();
    let printed = place::printed(sources, d.span).filter(|_| fault);
    let printed = printed.map(|span| (span, "printed here", false));
    let mut notes: Vec<Note<'a>> = Vec::new();
    let main = std::iter::once((d.span, said, true));
    for (span, text, main) in main.chain(labels).chain(printed) {
        let own = place::printed(sources, span).filter(|_| fault && !main);
        let span = own.unwrap_or_else(|| place::shown(sources, span));
        if !main && notes.iter().any(|note| note.span == span) {
            continue;
        }
        if let Some(location) = sources.location(span) {
            notes.push(Note { span, line: location.line, text, main });
        }
    }
    let mut files = Vec::new();
    for note in &notes {
        if !files.contains(&note.span.file) {
            files.push(note.span.file);
        }
    }
    notes.sort_by_key(|n| {
        (files.iter().position(|f| *f == n.span.file), n.line, n.span.start, !n.main)
    });
    notes
}

/// The masked line of a note, the column of its caret and how many carets there are.
fn excerpt(sources: &SourceMap, note: &Note<'_>) -> (String, usize, usize) {
    let file = sources.file(note.span.file);
    let line = file.line_range(note.line);
    let start = (note.span.start as usize).clamp(line.start, line.end);
    let end = (note.span.end as usize).clamp(start, line.end);
    let text = plain(&file.excerpt(note.line), false);
    let at = plain(&file.masked_range(line.start..start), false).width();
    let width = plain(&file.masked_range(start..end), false).width().max(1);
    if text.width() <= WIDTH {
        return (text, at, width);
    }
    let from = at.saturating_sub(WIDTH / 3);
    let (mut shown, mut column, mut skipped) = (String::new(), 0, 0);
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if column < from {
            skipped = column + wide;
        } else if column + wide <= from + WIDTH {
            shown.push(c);
        }
        column += wide;
    }
    let head = if skipped > 0 { "… " } else { "" };
    let tail = if column > from + WIDTH { " …" } else { "" };
    let at = at - skipped + head.width();
    (format!("{head}{shown}{tail}"), at, width.min((WIDTH + 2).saturating_sub(at).max(1)))
}

/// Text that cannot move the cursor or change colours: control characters are replaced.
fn plain(text: &str, keep_breaks: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => shown.push_str("    "),
            '\n' if keep_breaks => shown.push('\n'),
            '\n' | '\r' => shown.push(' '),
            c if c.is_control() => shown.push(char::REPLACEMENT_CHARACTER),
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{Pretty, Report};
    use source::{Diagnostic, SourceMap, Span};

    fn shown(sources: &SourceMap, d: Diagnostic) -> String {
        let mut out = Vec::new();
        let report = Report { sources, diagnostics: &[d] };
        Pretty::default().write(&report, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn korean_text_is_aligned_and_secrets_are_masked() {
        let sources = SourceMap::new();
        let file = sources.add("values.yaml", "이름: 한국\npassword: hunter2\n");
        let text = sources.file(file).text.clone();
        let span = |word: &str| {
            let at = text.find(word).unwrap();
            Span::new(file, at, at + word.len())
        };
        sources.taint(span("hunter2"));
        let found = *Diagnostic::error(span("hunter2"), "plaintext secret")
            .code("SEC001")
            .label(span("한국"), "of this user")
            .hint("use an ExternalSecret");
        assert_eq!(
            shown(&sources, found),
            "error[SEC001]: plaintext secret\n\
             \u{20}--> values.yaml:2:11\n  |\n\
             1 | 이름: 한국\n  |       ---- of this user\n\
             2 | password: •••••\n  |           ^^^^^\n\
             \u{20} = hint: use an ExternalSecret\n\n"
        );
    }

    #[test]
    fn escapes_of_the_input_do_not_reach_the_terminal() {
        let sources = SourceMap::new();
        let file = sources.add("a.yaml", "a: \u{1b}[2Jx\n");
        let found = *Diagnostic::error(Span::new(file, 3, 8), "bad \u{7} bell");
        assert!(!shown(&sources, found).contains(['\u{1b}', '\u{7}']));
    }
}

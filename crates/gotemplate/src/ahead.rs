//! Parsing ahead of need: a chart's templates are read while its values are still merged.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread;

use source::{FileId, OriginId};

use crate::parse::{self, Source, Tree};
use crate::{Error, Funcs};

/// A text that is parsed once, by whichever thread asks first.
#[derive(Debug)]
pub struct PendingTemplate {
    source: Arc<Source>,
    trees: OnceLock<Result<Vec<Arc<Tree>>, Box<Error>>>,
}

impl PendingTemplate {
    /// The text of the template `name`, which stands in `file`.
    #[must_use]
    pub fn new(name: &str, text: Arc<[u8]>, file: FileId) -> PendingTemplate {
        let source = Arc::new(Source {
            name: Arc::from(name),
            text,
            file,
            at: None,
            origin: OriginId::NONE,
            marks: Vec::new(),
            lines: None,
        });
        PendingTemplate { source, trees: OnceLock::new() }
    }

    /// Is this the text of that name, in that place of memory?
    #[must_use]
    pub fn is(&self, name: &str, text: &Arc<[u8]>) -> bool {
        *self.source.name == *name && Arc::ptr_eq(&self.source.text, text)
    }

    /// The templates that the text defines; its own comes last.
    pub(crate) fn trees(&self, funcs: &Funcs) -> &Result<Vec<Arc<Tree>>, Box<Error>> {
        self.trees.get_or_init(|| {
            let trees = parse::parse(&self.source, funcs)?;
            Ok(trees.into_iter().map(Arc::new).collect())
        })
    }
}

/// Parses templates in a thread of its own, in the order in which they are given; it stops
/// when this is dropped.
///
/// Little text is left to whoever needs it: a thread would cost more.
#[derive(Debug)]
pub struct ParseAhead {
    funcs: Arc<Funcs>,
    stop: Arc<AtomicBool>,
    /// Given before it was worth a thread.
    waiting: Vec<Arc<PendingTemplate>>,
    bytes: usize,
    /// What leads to the thread.
    sender: Option<Sender<Arc<PendingTemplate>>>,
}

/// Texts of more bytes than this are worth a thread.
const MUCH: usize = 64 << 10;

/// What parsing nests into at most.
const STACK: usize = 32 << 20;

impl ParseAhead {
    /// Nothing yet; the templates will be parsed with these functions.
    #[must_use]
    pub fn new(funcs: Arc<Funcs>) -> ParseAhead {
        let (stop, waiting) = (Arc::default(), Vec::new());
        ParseAhead { funcs, stop, waiting, bytes: 0, sender: None }
    }

    /// Parses one more template soon.
    pub fn add(&mut self, template: Arc<PendingTemplate>) {
        self.bytes += template.source.text.len();
        self.waiting.push(template);
        if self.bytes < MUCH {
            return;
        }
        if self.sender.is_none() {
            self.sender = self.start();
        }
        for template in self.waiting.drain(..) {
            // Without a thread each is parsed when it is asked for.
            let _sent = self.sender.as_ref().map(|sender| sender.send(template));
        }
    }

    fn start(&self) -> Option<Sender<Arc<PendingTemplate>>> {
        let (sender, receiver) = channel::<Arc<PendingTemplate>>();
        let (funcs, stop) = (self.funcs.clone(), self.stop.clone());
        let parse = move || {
            for template in receiver {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                // A fault is told to whoever needs the template.
                let _parsed = template.trees(&funcs);
            }
        };
        let thread = thread::Builder::new().stack_size(STACK).spawn(parse);
        thread.is_ok().then_some(sender)
    }
}

impl Drop for ParseAhead {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use source::FileId;

    use super::{MUCH, ParseAhead, PendingTemplate};
    use crate::{Funcs, TemplateSet};

    #[test]
    fn whoever_comes_first_parses() {
        let funcs = Arc::new(Funcs::builtins());
        let mut ahead = ParseAhead::new(funcs.clone());
        let text = |n: usize| -> Arc<[u8]> {
            let filler = " ".repeat(MUCH / 4);
            format!("{{{{ define \"d{n}\" }}}}{n}{{{{ end }}}}{filler}").as_bytes().into()
        };
        let texts: Vec<Arc<[u8]>> = (0..9).map(text).collect();
        let pending = |(n, text): (usize, &Arc<[u8]>)| {
            let template =
                PendingTemplate::new(&n.to_string(), text.clone(), FileId::NONE);
            let template = Arc::new(template);
            assert!(template.is(&n.to_string(), text) && !template.is("x", text));
            ahead.add(template.clone());
            template
        };
        let pending: Vec<_> = texts.iter().enumerate().map(pending).collect();
        let mut set = TemplateSet::new(funcs);
        set.parse_all(&pending).unwrap();
        assert!(set.contains("d0") && set.contains("d8"));
        let names = set.names();
        assert_eq!(names.len(), 18);
    }

    #[test]
    fn the_first_fault_is_told_with_its_place() {
        let pending = |text: &str| {
            let text: Arc<[u8]> = text.as_bytes().into();
            Arc::new(PendingTemplate::new("t", text, FileId::NONE))
        };
        let mut set = TemplateSet::new(Arc::new(Funcs::builtins()));
        let texts = [pending("a"), pending("{{ end }}"), pending("{{ x }}")];
        let (at, error) = set.parse_all(&texts).unwrap_err();
        assert_eq!(
            (at, error.to_string().as_str()),
            (1, "template: t:1: unexpected {{end}}")
        );
    }
}

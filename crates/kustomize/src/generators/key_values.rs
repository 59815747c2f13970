//! Pairs of keys and values from literals and files. (upstream: `api/kv/kv.go`)

use source::{Diagnostic, Result, Span};

use crate::context::Context;
use crate::kustomization::{GeneratorArgs, Text};
use crate::load::Folder;
use crate::upstream::{Upstream, bracketed};

/// The longest line of an env file that Go's scanner reads; it stops at a longer one.
const LONGEST_LINE: usize = 64 * 1024;

/// A key, its value, and where the value is written.
pub(super) struct KeyValue {
    pub(super) key: String,
    pub(super) value: Vec<u8>,
    pub(super) span: Span,
    /// The entry of the kustomization that names it.
    pub(super) from: Span,
}

/// Reads all pairs: from env files, literals and files, in this order.
pub(super) fn load(
    context: &mut Context<'_>,
    folder: &Folder,
    args: &GeneratorArgs,
) -> Result<Vec<KeyValue>> {
    let mut pairs = Vec::new();
    for path in &args.envs {
        let read = env_file(context, folder, path, &mut pairs);
        read.map_err(|e| during(e, "env source files:", &args.envs))?;
    }
    for text in &args.literals {
        let read = literal(text);
        pairs.push(read.map_err(|e| during(e, "literal sources", &args.literals))?);
    }
    for source in &args.files {
        let read = file(context, folder, source);
        pairs.push(read.map_err(|e| during(e, "file sources:", &args.files))?);
    }
    Ok(pairs)
}

fn during(error: Box<Diagnostic>, step: &str, texts: &[Text]) -> Box<Diagnostic> {
    error.within(format!("loading KV pairs: {step} {}", bracketed(texts)))
}

fn literal(text: &Text) -> Result<KeyValue> {
    match text.as_str().split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok(KeyValue {
            key: key.to_owned(),
            value: without_quotes(value).as_bytes().to_vec(),
            span: text.span,
            from: text.span,
        }),
        _ => {
            let message =
                format!("invalid literal source {}, expected key=value", text.as_str());
            Err(Diagnostic::error(text.span, message).hint("write `key=value`"))
        }
    }
}

fn without_quotes(text: &str) -> &str {
    for quote in ['"', '\''] {
        let inner = text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote));
        if let Some(inner) = inner {
            return inner;
        }
    }
    text
}

fn file(context: &mut Context<'_>, folder: &Folder, source: &Text) -> Result<KeyValue> {
    let (key, path) = file_source(source)?;
    let path = Text { value: path.into(), span: source.span };
    let loaded = folder.load(context, &path)?;
    let span = Span::new(loaded.file, 0, loaded.bytes.len());
    Ok(KeyValue { key, value: loaded.bytes.to_vec(), span, from: source.span })
}

/// Splits `[key=]path`. (upstream: `generators.ParseFileSource`)
fn file_source(source: &Text) -> Result<(String, String)> {
    let text = source.as_str();
    let message = match text.matches('=').count() {
        0 => {
            let base = text.trim_end_matches('/').rsplit('/').next().unwrap_or(text);
            return Ok((base.to_owned(), text.to_owned()));
        }
        1 => match text.split_once('=') {
            Some(("", path)) => {
                format!("missing key name for file path \"{path}\" in source \"{text}\"")
            }
            Some((key, "")) => {
                format!("missing file path for key name \"{key}\" in source \"{text}\"")
            }
            Some((key, path)) => return Ok((key.to_owned(), path.to_owned())),
            None => String::new(),
        },
        _ => format!("source \"{text}\" key name or file path contains '='"),
    };
    Err(Diagnostic::error(source.span, message).hint("write `path`, or `key=path`"))
}

fn env_file(
    context: &mut Context<'_>,
    folder: &Folder,
    path: &Text,
    pairs: &mut Vec<KeyValue>,
) -> Result<()> {
    let loaded = folder.load(context, path)?;
    let mut start = 0;
    for (number, raw) in loaded.bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let span = Span::new(loaded.file, start, start + raw.len());
        start += raw.len();
        let line = raw.strip_suffix(b"\n").unwrap_or(raw);
        if line.len() >= LONGEST_LINE {
            break;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Ok(line) = std::str::from_utf8(line) else {
            let message = format!("line {} has invalid utf8 bytes", number + 1);
            return Err(Diagnostic::error(span, message).hint("save the file as UTF-8"));
        };
        let line = if number == 0 {
            line.strip_prefix('\u{feff}').unwrap_or(line)
        } else {
            line
        };
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        if !key.is_empty() {
            let value = value.as_bytes().to_vec();
            let (key, from) = (key.to_owned(), path.span);
            pairs.push(KeyValue { key, value, span, from });
        }
    }
    Ok(())
}

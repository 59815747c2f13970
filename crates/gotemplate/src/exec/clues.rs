//! What a reader should know of a failure besides Go's words.

use source::{FrameKind, OriginId};

use super::Executor;
use super::state::State;
use crate::parse::{Command, Expr, ExprKind, Name};
use crate::{Data, Error, Map, Missing, Str, TextLine, Value};
use ecow::EcoString;

/// How many conditions are told of, and how many frames are looked at for them.
const MOST_CONDITIONS: usize = 4;
const MOST_FRAMES: usize = 64;

/// Of a map with more entries none are told.
const MOST_OTHERS: usize = 200;

impl Executor {
    /// What decided the branches around the current action, includes passed through.
    pub(super) fn deciding(&self) -> Vec<OriginId> {
        let mut origins = Vec::new();
        let mut at = self.frame;
        for _ in 0..MOST_FRAMES {
            let Some(frame) = self.frames.get(at.0 as usize) else { break };
            let decides =
                matches!(frame.kind, FrameKind::If | FrameKind::With | FrameKind::Range);
            if decides && !frame.origin.is_none() && !origins.contains(&frame.origin) {
                origins.push(frame.origin);
            }
            if frame.parent == at || origins.len() == MOST_CONDITIONS {
                break;
            }
            at = frame.parent;
        }
        origins
    }
}

impl<'t> State<'_, 't> {
    /// Notes which field of the commands is not there, the last command's first.
    pub(super) fn note_missing(
        &self,
        error: &mut Error,
        dot: &Value,
        commands: &'t [Command],
    ) {
        if error.cause.is_some() || error.clues.missing.is_some() {
            return;
        }
        let words = commands.iter().rev().flat_map(|command| &command.args);
        error.clues.missing =
            words.into_iter().find_map(|word| self.not_there(dot, word));
    }

    /// The first name of `.a.b.c` that is not there.
    fn not_there(&self, dot: &Value, expr: &Expr) -> Option<Missing> {
        let (mut at, fields, mut path) = match &expr.kind {
            ExprKind::Field(fields) => (dot.clone(), fields, String::new()),
            ExprKind::Variable { name, fields } => {
                let var = self.vars.iter().rev().find(|var| var.0 == name)?;
                (var.1.clone(), fields, name.to_string())
            }
            _ => return None,
        };
        for Name { text: name, .. } in fields {
            path.push('.');
            path.push_str(name);
            let Data::Map(map) = &at.data else { return None };
            if map.method(name).is_some() {
                return None;
            }
            match map.get(name.as_str()) {
                Some(value) => at = value.element(map.element_type(), at.origin),
                None => {
                    let (key, of) = (name.clone(), at.origin);
                    return Some(Missing { path, key, of, others: others(map) });
                }
            }
        }
        None
    }
}

fn others(map: &Map) -> Vec<(EcoString, OriginId)> {
    if map.len() > MOST_OTHERS {
        return Vec::new();
    }
    let entries = map.entries().into_iter();
    entries.map(|(key, value)| (key.to_str().as_ref().into(), value.origin)).collect()
}

/// Notes which line of a text is at fault; `name` is what the text is called.
pub(super) fn note_line(error: &mut Error, name: &str, text: &Str, origin: OriginId) {
    let root = error.root_mut();
    if &*root.name != name || root.clues.text.is_some() || root.line == 0 {
        return;
    }
    let bytes = text.as_bytes();
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n').take(root.line - 1) {
        start += line.len();
    }
    let rest = bytes.get(start..).unwrap_or(&[]);
    let line = rest.split(|byte| *byte == b'\n').next().unwrap_or(&[]);
    let narrow = crate::marks::narrow;
    let (from, to) = (narrow(start), narrow(start + line.len()));
    let mut inside = text.marks().iter().filter(|m| m.start < to && from < m.end);
    let of_line = inside.find(|mark| !mark.origin.is_none()).map(|mark| mark.origin);
    let line = String::from_utf8_lossy(line).into_owned();
    root.clues.text = Some(TextLine { line, origin: of_line.unwrap_or(origin) });
}

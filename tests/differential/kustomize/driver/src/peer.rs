//! The real Kustomize, as a process that answers many times.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::tree::Tree;

/// What a build gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Standard output.
    pub out: String,
    /// The error, empty if there was none.
    pub error: String,
    /// What was printed beside the output.
    pub warnings: String,
}

/// A running peer.
pub struct Peer {
    program: String,
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts the program.
    pub fn start(program: &str) -> Peer {
        let mut process = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the peer starts");
        let input = process.stdin.take().expect("it has an input");
        let output = BufReader::new(process.stdout.take().expect("it has an output"));
        Peer { program: program.to_owned(), process, input, output }
    }

    /// Builds a tree. A peer that dies of it refuses it.
    pub fn build(&mut self, tree: &Tree) -> Answer {
        let request = json!({
            "files": tree.texts(), "dir": tree.dir, "reorder": tree.reorder,
        });
        let mut line = request.to_string();
        line.push('\n');
        let mut answer = String::new();
        let sent =
            self.input.write_all(line.as_bytes()).and_then(|()| self.input.flush());
        if sent.is_err() || self.output.read_line(&mut answer).unwrap_or(0) == 0 {
            let _ = self.process.wait();
            *self = Peer::start(&self.program);
            let error = "panic: the peer died".to_owned();
            return Answer { out: String::new(), error, warnings: String::new() };
        }
        let answer: Value = serde_json::from_str(&answer).expect("the peer answers JSON");
        let field = |name: &str| answer[name].as_str().unwrap_or("").to_owned();
        Answer { out: field("out"), error: field("err"), warnings: field("stderr") }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

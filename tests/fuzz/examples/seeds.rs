//! Writes first inputs for every target, made of the test data of the crates.
//!
//! Run in this folder: `cargo run --example seeds`. What it writes is not committed.

use std::fs;
use std::io;
use std::path::Path;

use fuzz::CUT;

fn main() -> io::Result<()> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates");
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut seeds = Seeds { corpus: &corpus, written: 0 };
    for file in ["builtins.txt", "exec.txt", "parse.txt", "printf.txt"] {
        seeds.templates(&crates.join("gotemplate/tests").join(file))?;
    }
    for file in files(&crates.join("helm/tests/functions"))? {
        if file.extension().is_some_and(|e| e == "txt") {
            seeds.templates(&file)?;
        }
    }
    for chart in fs::read_dir(crates.join("helm/tests/charts/cases"))? {
        seeds.chart(&chart?.path())?;
    }
    for case in fs::read_dir(crates.join("kustomize/tests/cases"))? {
        seeds.tree("kustomize", "", &case?.path().join("in"))?;
    }
    for file in files(&crates)? {
        if matches!(file.extension().and_then(|e| e.to_str()), Some("yaml" | "yml")) {
            seeds.write("values", &fs::read(&file)?)?;
        }
    }
    seeds.schemas(&crates.join("values-schema/tests/cases.txt"))?;
    for text in SET {
        seeds.write("set_flags", text.as_bytes())?;
        for kind in ["set", "string", "json", "file", "literal"] {
            let text = format!("a: {{b: [1, 2, {{c: d}}]}}\nl: [x]{CUT}{kind}\n{text}");
            seeds.write("set_flags", text.as_bytes())?;
        }
    }
    println!("{} inputs", seeds.written);
    Ok(())
}

/// What people and documentation write after `--set`.
const SET: &[&str] = &[
    "a=b",
    "a.b.c=1,d=true,e=null",
    "a={x,y,z}",
    "a[0].b=c,a[1].b=d",
    "a\\.b=c\\,d",
    "l[0]=x,l[3]=y",
    "a.b[1][0]={1,2}",
    "nodeSelector.\"kubernetes\\.io/role\"=master",
    "a=0123,b=1e3,c=9223372036854775808",
    "a=,b={},c[0]=",
    "a={\"b\": [1, null]},c=\"x\"",
    "{\"a\": {\"b\": 1}}",
    "a[65537]=1",
    "a..b=1",
    "=x",
    "a.b",
    "a[=1",
    "a[-1]=1",
    "a=f,b.c=f",
];

struct Seeds<'a> {
    corpus: &'a Path,
    written: usize,
}

impl Seeds<'_> {
    fn write(&mut self, target: &str, bytes: &[u8]) -> io::Result<()> {
        let folder = self.corpus.join(target);
        fs::create_dir_all(&folder)?;
        self.written += 1;
        fs::write(folder.join(format!("seed-{}", self.written)), bytes)
    }

    /// The cases of a file, several to an input so that there are not thousands.
    fn templates(&mut self, file: &Path) -> io::Result<()> {
        let text = fs::read_to_string(file)?;
        let cases = text.lines().filter_map(|line| line.rsplit_once(" --> "));
        for (case, _) in cases {
            self.write("template_parse", case.as_bytes())?;
            self.write("template_exec", case.as_bytes())?;
        }
        Ok(())
    }

    fn chart(&mut self, case: &Path) -> io::Result<()> {
        self.tree("template_exec", "", &case.join("chart"))?;
        self.tree("archive", "\u{2}", &case.join("chart"))
    }

    /// Schemas with the values of their cases: three parts and an empty line a case.
    fn schemas(&mut self, file: &Path) -> io::Result<()> {
        for case in fs::read_to_string(file)?.split("\n\n") {
            let mut parts = case.split('\n');
            let (schema, values) = (parts.next(), parts.next());
            let (schema, values) = (schema.unwrap_or(""), values.unwrap_or(""));
            self.write("schema", format!("{schema}{CUT}values\n{values}").as_bytes())?;
        }
        Ok(())
    }

    /// All files below a folder, as the parts of one input.
    fn tree(&mut self, target: &str, mode: &str, folder: &Path) -> io::Result<()> {
        if !folder.is_dir() {
            return Ok(());
        }
        let entry = if mode.is_empty() { "" } else { "0c/" };
        let mut text = mode.as_bytes().to_vec();
        for file in files(folder)? {
            let name = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy();
            text.extend(format!("{CUT}{entry}{name}\n").into_bytes());
            text.extend(fs::read(&file)?);
        }
        self.write(target, &text)
    }
}

/// All files below a folder, sorted.
fn files(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => found.extend(files(&path)?),
            false => found.push(path),
        }
    }
    found.sort();
    Ok(found)
}

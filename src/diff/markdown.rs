//! A diff as the comment on a pull request.

use std::io;

use super::{Change, Diff, text};

pub(crate) fn write(diff: &Diff, most: usize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = format!(
        "### thanos-gitops: {}\n\n`{}` → `{}`\n\n",
        text::summary(diff),
        diff.base,
        diff.head
    );
    if let Some(why) = &diff.unreadable {
        page += &format!("- `{}` cannot be read: {why}\n", diff.base);
    }
    for (cluster, component) in &diff.unknown {
        page += &format!(
            "- `{cluster}`: `{component}` does not compile at `{}`\n",
            diff.base
        );
    }
    let mut left_out = Vec::new();
    for change in &diff.changes {
        let block = block(change);
        // What is left out is named, and names take room as well.
        match page.len() + block.len() + 200 > most {
            true => left_out.push(change),
            false => page += &block,
        }
    }
    if !left_out.is_empty() {
        let words = match left_out.len() {
            1 => "1 more change does not fit here".to_owned(),
            many => format!("{many} more changes do not fit here"),
        };
        page += &format!("\n{words}:\n\n");
        for change in left_out {
            let line = format!("- {}\n", head(change));
            if page.len() + line.len() + 8 > most {
                page += "- …\n";
                break;
            }
            page += &line;
        }
    }
    out.write_all(page.as_bytes())
}

fn head(change: &Change) -> String {
    let clusters = match change.clusters.as_slice() {
        [one] => format!("`{one}`"),
        [first, ..] => format!("`{first}` and {} more", change.clusters.len() - 1),
        [] => String::new(),
    };
    format!("{clusters} {}", text::title(change))
}

fn block(change: &Change) -> String {
    // A fence longer than any run of backticks in the text cannot be closed by it.
    let longest = change.text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let all = match change.clusters.len() {
        0 | 1 => String::new(),
        _ => format!("Clusters: {}\n\n", change.clusters.join(", ")),
    };
    format!(
        "<details><summary>{}</summary>\n\n{all}{fence}diff\n{}\n{fence}\n\n</details>\n",
        escaped(&head(change)),
        change.text.trim_end()
    )
}

/// Text inside of HTML tags; backticks mean nothing there.
fn escaped(text: &str) -> String {
    text.replace('`', "").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

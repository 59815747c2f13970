//! YAML as go-yaml v2 and v3 read and write it, with spans.

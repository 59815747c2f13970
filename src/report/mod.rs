//! Findings and faults as text, JSON, SARIF and the rest: one writer a file.

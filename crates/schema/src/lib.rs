//! Kubernetes schemas: merge keys, kinds, scopes.

//! Kustomize in process: resources, generators, transformers.

//! Printing of objects, several at a time.

use kustomize::{ResMap, Resource, print_one};
use source::Result;

use super::order;

/// How many objects are worth a thread's while.
const BATCH: usize = 64;

/// The objects' documents, in their order; or the first fault.
///
/// To be called on a deep stack: see [`helm::with_stack`].
pub(crate) fn print_each(resources: &ResMap) -> Result<Vec<String>> {
    let all: Vec<&Resource> = resources.iter().collect();
    if all.len() <= BATCH {
        return all.into_iter().map(print_one).collect();
    }
    let batches: Vec<&[&Resource]> = all.chunks(BATCH).collect();
    let print = |at: usize| -> Option<Result<Vec<String>>> {
        let batch = batches.get(at)?;
        Some(batch.iter().map(|resource| print_one(resource)).collect())
    };
    let mut printed = Ok(Vec::with_capacity(all.len()));
    order::in_order(order::processors(), batches.len(), &print, &mut |texts| match (
        &mut printed,
        texts,
    ) {
        (Ok(printed), Ok(texts)) => printed.extend(texts),
        (Ok(_), Err(fault)) => printed = Err(fault),
        (Err(_), _) => {}
    });
    printed
}

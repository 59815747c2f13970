//! The order of the output.

use std::cmp::Ordering;

use ecow::EcoString;
use rustc_hash::FxHashMap;
use source::{Diagnostic, Result};

use crate::kustomization::{SortOptions, SortOrder};
use crate::resource::{Gvk, ORDER_FIRST, ORDER_LAST, ResId, ResMap, Resource};
use crate::upstream::Upstream;

/// Sorts the objects. (upstream: `SortOrderTransformer.go`; `api/krusty`, `applySortOrder`)
///
/// `options` is what the root kustomization says; it wins over `order`, the flag.
pub(crate) fn sort(
    resources: &mut ResMap,
    options: Option<&SortOptions>,
    order: SortOrder,
) -> Result<()> {
    let order = match options {
        Some(options) => checked(options)?,
        None => order,
    };
    if order == SortOrder::Fifo {
        return Ok(());
    }
    let owned = |words: &[&str]| words.iter().map(|w| EcoString::from(*w)).collect();
    let (first, last): (Vec<EcoString>, Vec<EcoString>) =
        match options.and_then(|options| options.legacy.clone()) {
            Some(lists) => lists,
            None => (owned(ORDER_FIRST), owned(ORDER_LAST)),
        };
    let ranks = ranks(&first, &last);
    let list = resources.take();
    let mut texts = FxHashMap::default();
    let key = |resource: &Resource| SortKey::of(resource.cur_id(), &ranks, &mut texts);
    let mut order: Vec<(SortKey, usize)> = list.iter().map(key).zip(0..).collect();
    order.sort_by(|(a, _), (b, _)| a.compare(b));
    let mut list: Vec<Option<Resource>> = list.into_iter().map(Some).collect();
    let sorted = order.iter().filter_map(|(_, at)| list.get_mut(*at)?.take());
    let step = "SortOrderTransformer: Failed to append to resources";
    resources.put_back(sorted.collect()).map_err(|error| error.within(step))
}

fn checked(options: &SortOptions) -> Result<SortOrder> {
    let order = match options.order.as_str() {
        "legacy" => SortOrder::Legacy,
        "fifo" => SortOrder::Fifo,
        _ => {
            let message = "the field 'sortOptions.order' must be one of [fifo, legacy]";
            let span = match options.order.span.is_none() {
                true => options.span,
                false => options.order.span,
            };
            return Err(Diagnostic::error(span, message)
                .hint("write `order: legacy` or `order: fifo`"));
        }
    };
    if order == SortOrder::Fifo && options.legacy.is_some() {
        let message = "the field 'sortOptions.legacySortOptions' is set but the selected \
                       sort order is 'fifo', not 'legacy'";
        return Err(Diagnostic::error(options.span, message)
            .hint("drop `legacySortOptions`, or write `order: legacy`"));
    }
    Ok(order)
}

fn ranks(first: &[EcoString], last: &[EcoString]) -> FxHashMap<EcoString, i64> {
    let count = i64::try_from(first.len()).unwrap_or(i64::MAX);
    let front = first.iter().zip(-count..);
    let back = last.iter().zip(1..);
    front.chain(back).map(|(kind, rank)| (kind.clone(), rank)).collect()
}

struct SortKey {
    rank: i64,
    gvk: Gvk,
    gvk_text: EcoString,
    /// Namespace and name as [`ResId::sort_string`] ends: it is asked for equal kinds only.
    rest: String,
}

impl SortKey {
    fn of(
        id: &ResId,
        ranks: &FxHashMap<EcoString, i64>,
        texts: &mut FxHashMap<Gvk, EcoString>,
    ) -> SortKey {
        let (gvk, rest) = (id.gvk.clone(), id.sort_rest());
        let gvk_text = match texts.get(&gvk) {
            Some(text) => text.clone(),
            None => {
                let text = EcoString::from(gvk.sort_string());
                texts.entry(gvk.clone()).or_insert(text).clone()
            }
        };
        let rank = ranks.get(&gvk.kind).copied().unwrap_or(0);
        SortKey { rank, gvk, gvk_text, rest }
    }

    fn compare(&self, other: &SortKey) -> Ordering {
        if self.gvk == other.gvk {
            return self.rest.cmp(&other.rest);
        }
        let namespaces = self.gvk.kind == "Namespace" && other.gvk.kind == "Namespace";
        let core = self.gvk.group.is_empty() || other.gvk.group.is_empty();
        let by_text = match namespaces && core {
            true => other.gvk_text.cmp(&self.gvk_text),
            false => self.gvk_text.cmp(&other.gvk_text),
        };
        self.rank.cmp(&other.rank).then(by_text)
    }
}

//! The order in which go-yaml writes map keys (`sorter.go`).

use std::cmp::Ordering;

use crate::Dialect;

/// Compares two keys as go-yaml's `keyList.Less` does: digits as numbers, letters after
/// everything else.
///
/// The order is not transitive for odd keys (`09`, `2b`), as upstream's is not: sort with
/// [`sort_keys`], which minds it.
#[must_use]
pub fn key_order(a: &str, b: &str, dialect: Dialect) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    if less(a, b, dialect) { Ordering::Less } else { Ordering::Greater }
}

fn less(a: &str, b: &str, dialect: Dialect) -> bool {
    let common = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let mut split = common;
    while !(a.is_char_boundary(split) && b.is_char_boundary(split)) {
        split -= 1;
    }
    let (prefix, a_rest, b_rest) = (&a[..split], &a[split..], &b[split..]);
    let (Some(x), Some(y)) = (a_rest.chars().next(), b_rest.chars().next()) else {
        return a_rest.is_empty();
    };
    let (x_letter, y_letter) = (x.is_alphabetic(), y.is_alphabetic());
    if x_letter && y_letter {
        return x < y;
    }
    if x_letter || y_letter {
        // v3 puts letters first behind a digit.
        let behind_digit =
            dialect == Dialect::V3 && prefix.chars().next_back().is_some_and(is_digit);
        return if behind_digit { x_letter } else { y_letter };
    }
    let mut start = 0i64;
    if x == '0' || y == '0' {
        let digits = prefix.chars().rev().take_while(|c| is_digit(*c));
        if digits.into_iter().any(|c| c != '0') {
            start = 1;
        }
    }
    let (a_number, a_digits) = number(a_rest, start);
    let (b_number, b_digits) = number(b_rest, start);
    if a_number != b_number {
        return a_number < b_number;
    }
    if a_digits != b_digits {
        return a_digits < b_digits;
    }
    x < y
}

/// The number that starts a text, and how many digits it has; wraps as Go's `int64` does.
fn number(text: &str, start: i64) -> (i64, usize) {
    let digits = text.chars().take_while(|c| is_digit(*c));
    digits.fold((start, 0), |(number, count), c| {
        let digit = i64::from(u32::from(c)) - i64::from(b'0');
        (number.wrapping_mul(10).wrapping_add(digit), count + 1)
    })
}

/// `unicode.IsDigit`: category Nd. Of other scripts' digits only those with a decimal block
/// of the basic plane count here.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || !c.is_ascii() && c.is_numeric() && decimal_block(c)
}

/// Starts of the blocks of ten decimal digits outside ASCII.
fn decimal_block(c: char) -> bool {
    const ZEROS: &[u32] = &[
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6,
        0xd66, 0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946,
        0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900,
        0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    ];
    let code = u32::from(c);
    ZEROS.iter().any(|zero| (*zero..*zero + 10).contains(&code))
}

/// Up to this many items are sorted where they are.
const FEW: usize = 24;

/// Sorts by key, in the order of [`key_order`]; never panics although that is no order.
pub fn sort_keys<T>(items: &mut Vec<T>, dialect: Dialect, key: impl Fn(&T) -> &str) {
    let less = |a: &T, b: &T| less(key(a), key(b), dialect);
    if items.is_sorted_by(|a, b| !less(b, a)) {
        return;
    }
    if items.len() <= FEW {
        return insertion_sort(items, &less);
    }
    let mut runs: Vec<Vec<T>> = items.drain(..).map(|item| vec![item]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut pairs = runs.into_iter();
        while let Some(left) = pairs.next() {
            merged.push(match pairs.next() {
                Some(right) => merge(left, right, &less),
                None => left,
            });
        }
        runs = merged;
    }
    items.extend(runs.into_iter().flatten());
}

fn insertion_sort<T>(items: &mut [T], less: &impl Fn(&T, &T) -> bool) {
    for end in 1..items.len() {
        for at in (1..=end).rev() {
            if !less(&items[at], &items[at - 1]) {
                break;
            }
            items.swap(at, at - 1);
        }
    }
}

fn merge<T>(left: Vec<T>, right: Vec<T>, less: &impl Fn(&T, &T) -> bool) -> Vec<T> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) =
        (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if less(b, a) { right.next() } else { left.next() };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

#[cfg(test)]
mod tests {
    use super::sort_keys;
    use crate::Dialect;

    #[test]
    fn keys_sort_naturally() {
        let mut keys =
            vec!["k10", "k9", "a9", "a10", "a-b", "a.b", "a_", "B", "b", "", "1"];
        sort_keys(&mut keys, Dialect::V2, |k| k);
        let sorted = ["", "1", "B", "a-b", "a.b", "a_", "a9", "a10", "b", "k9", "k10"];
        assert_eq!(keys, sorted);
    }
}

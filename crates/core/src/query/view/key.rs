//! What a cell is sorted by, from its text alone, as bytes that compare like the values: numbers by their value, dates by
//! their moment, the rest by its bytes.
//!
//! As in PostgreSQL NULL is the greatest value, and NaN the greatest number. Text is in the order of its bytes, which is
//! the server's order only under the collation C. No key is the beginning of another one, so that those of several
//! columns can stand one behind the other.

mod moment;
mod number;

use crate::query::state::ColumnKind;
use moment::moment;
use number::number;

/// Bytes of a text that count.
pub(super) const LONGEST: usize = 4096;

/// What a key begins with, in their order.
const NEGATIVE_INFINITY: u8 = 0x10;
const NEGATIVE: u8 = 0x11;
const ZERO: u8 = 0x12;
const POSITIVE: u8 = 0x13;
const INFINITY: u8 = 0x14;
const NAN: u8 = 0x15;
const ALWAYS_BEFORE: u8 = 0x20;
const MOMENT: u8 = 0x21;
const ALWAYS_AFTER: u8 = 0x22;
const BYTES: u8 = 0x30;
const NULL: u8 = 0x40;

/// What a text ends in: a cut one is longer than one that ends there.
const END: u8 = 0;
const CUT: u8 = 1;

/// Appends the key of a cell; true where it is cut.
pub(super) fn write(kind: ColumnKind, cell: Option<&[u8]>, descending: bool, key: &mut Vec<u8>) -> bool {
    let from = key.len();
    let cut = match cell {
        None => {
            key.push(NULL);
            false
        }
        Some(bytes) => write_value(kind, bytes, key),
    };
    if descending {
        key[from..].iter_mut().for_each(|byte| *byte = !*byte);
    }
    cut
}

fn write_value(kind: ColumnKind, bytes: &[u8], key: &mut Vec<u8>) -> bool {
    let known = match kind {
        ColumnKind::Number => number(bytes, key),
        ColumnKind::Timestamp | ColumnKind::Timestamptz => moment(bytes, key),
        _ => None,
    };
    if known.is_some() {
        return false;
    }
    key.push(BYTES);
    key.extend_from_slice(&bytes[..bytes.len().min(LONGEST)]);
    let cut = bytes.len() > LONGEST;
    key.push(if cut { CUT } else { END });
    cut
}

/// What stands before and behind the first byte that fits.
fn split(text: &[u8], fits: impl Fn(u8) -> bool) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|byte| fits(*byte)) {
        None => (text, None),
        Some(at) => (&text[..at], Some(&text[at + 1..])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kind: ColumnKind, text: Option<&str>, descending: bool) -> Vec<u8> {
        let mut key = Vec::new();
        write(kind, text.map(str::as_bytes), descending, &mut key);
        key
    }

    fn check(kind: ColumnKind, ascending: &[&str]) {
        for pair in ascending.windows(2) {
            let [one, other] = [pair[0], pair[1]];
            assert!(key(kind, Some(one), false) < key(kind, Some(other), false), "{one} < {other}");
            assert!(key(kind, Some(one), true) > key(kind, Some(other), true), "{one} > {other} descending");
        }
        assert!(key(kind, ascending.last().copied(), false) < key(kind, None, false), "NULL is the greatest");
    }

    #[test]
    fn numbers_are_in_the_order_of_their_values_whatever_their_length() {
        let numbers = [
            "-Infinity",
            "-1e+20",
            "-10",
            "-9.5",
            "-9.49",
            "-0.01",
            "0",
            "0.001",
            "1e-2",
            "0.1",
            "0.1000001",
            "9",
            "10",
            "100",
            "100.5",
            "9223372036854775806",
            "9223372036854775807",
            "1e+20",
            "1e+300",
            "Infinity",
            "NaN",
        ];
        check(ColumnKind::Number, &numbers);
        for (one, other) in [("1.50", "1.5"), ("-0.00", "0"), ("100", "1e2"), ("007", "7")] {
            let same = |text| key(ColumnKind::Number, Some(text), false);
            assert_eq!(same(one), same(other), "{one} = {other}");
        }
    }

    #[test]
    fn moments_are_in_the_order_of_time() {
        let moments = [
            "-infinity",
            "4713-01-01 BC",
            "0044-03-15 BC",
            "0001-01-01",
            "2026-10-25 02:30:00+02",
            "2026-10-25 02:10:00+01",
            "2026-11-22 10:00:00+00",
            "2026-11-22 10:00:00.5+00",
            "2026-11-22 10:00:00.500001+00",
            "2026-11-22 10:00:00-05:30",
            "294276-12-31 23:59:59",
            "5874897-12-31",
            "infinity",
        ];
        check(ColumnKind::Timestamp, &moments);
    }

    #[test]
    fn texts_are_in_the_order_of_their_bytes_and_a_shorter_one_is_first() {
        check(ColumnKind::Text, &["", "A", "a", "a b", "aa", "ä", "😀"]);
        let long = "x".repeat(LONGEST);
        check(ColumnKind::Text, &[&long[1..], &long, &format!("{long}y")]);
    }

    #[test]
    fn what_is_no_value_of_its_type_is_behind_those_that_are() {
        check(ColumnKind::Number, &["NaN", "much"]);
        check(ColumnKind::Timestamp, &["infinity", "2026-13-01", "2026-14-01"]);
    }
}

//! What a cell is sorted by, from its text alone: numbers by their value, dates by their moment, the rest by its bytes.
//!
//! As in PostgreSQL NULL is the greatest value, and NaN the greatest number. Text is in the order of its bytes, which is
//! the server's order only under the collation C.

use std::cmp::Ordering;

use super::state::ColumnKind;

/// A cell in its order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SortKey {
    Number(Decimal),
    /// Before or after Christ, the year (counted down before), then what follows it.
    Moment(i8, i64, Box<[u8]>),
    Bytes(Box<[u8]>),
    Null,
}

impl SortKey {
    pub(super) fn of(kind: ColumnKind, cell: Option<&[u8]>) -> Self {
        let Some(bytes) = cell else { return Self::Null };
        let text = std::str::from_utf8(bytes).ok();
        let read = match kind {
            ColumnKind::Number => text.and_then(Decimal::parse).map(Self::Number),
            ColumnKind::Timestamp | ColumnKind::Timestamptz => text.and_then(moment),
            _ => None,
        };
        read.unwrap_or_else(|| Self::Bytes(bytes.into()))
    }

    /// Bytes that it holds beside itself.
    pub(super) fn size(&self) -> usize {
        let held = match self {
            Self::Number(number) => number.digits.len(),
            Self::Moment(_, _, bytes) | Self::Bytes(bytes) => bytes.len(),
            Self::Null => 0,
        };
        size_of::<Self>() + held
    }
}

/// "2026-11-22 10:00:00+00", "0044-03-15 BC", "infinity".
fn moment(text: &str) -> Option<SortKey> {
    match text {
        "infinity" => return Some(SortKey::Moment(2, 0, Box::default())),
        "-infinity" => return Some(SortKey::Moment(-2, 0, Box::default())),
        _ => {}
    }
    let (text, after) = text.strip_suffix(" BC").map_or((text, 1_i8), |text| (text, -1));
    let (year, rest) = text.split_once('-')?;
    let year: i64 = year.parse().ok()?;
    Some(SortKey::Moment(after, i64::from(after) * year, rest.as_bytes().into()))
}

/// A number of any size, exactly: sign, exponent, digits without zeros around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    class: Class,
    /// The value is 0.DIGITS times ten to this.
    exponent: i64,
    digits: Box<[u8]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    NegativeInfinity,
    Negative,
    Zero,
    Positive,
    Infinity,
    NaN,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let special = |class| Some(Self { class, exponent: 0, digits: Box::default() });
        match text {
            "NaN" => return special(Class::NaN),
            "Infinity" => return special(Class::Infinity),
            "-Infinity" => return special(Class::NegativeInfinity),
            _ => {}
        }
        let (class, text) =
            text.strip_prefix('-').map_or((Class::Positive, text), |rest| (Class::Negative, rest));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all: Vec<u8> = whole.bytes().chain(part.bytes()).collect();
        if all.is_empty() || !all.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let exponent = exponent.parse::<i64>().ok()?.checked_add(i64::try_from(whole.len()).ok()?)?;
        let zeros = all.iter().take_while(|digit| **digit == b'0').count();
        let end = all.iter().rposition(|digit| *digit != b'0').map_or(zeros, |last| last + 1);
        if zeros == all.len() {
            return special(Class::Zero);
        }
        Some(Self { class, exponent: exponent - i64::try_from(zeros).ok()?, digits: all[zeros..end].into() })
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let size =
            |one: &Self, other: &Self| (one.exponent, &one.digits).cmp(&(other.exponent, &other.digits));
        self.class.cmp(&other.class).then_with(|| match self.class {
            Class::Positive => size(self, other),
            Class::Negative => size(other, self),
            _ => Ordering::Equal,
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: ColumnKind, ascending: &[&str]) {
        let keys: Vec<SortKey> =
            ascending.iter().map(|text| SortKey::of(kind, Some(text.as_bytes()))).collect();
        for pair in keys.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
        assert!(keys.last().unwrap() < &SortKey::Null);
    }

    #[test]
    fn numbers_are_in_the_order_of_their_values_whatever_their_length() {
        let numbers = [
            "-Infinity",
            "-1e+20",
            "-10",
            "-9.5",
            "-0.01",
            "0",
            "0.001",
            "1e-2",
            "0.1",
            "9",
            "10",
            "9223372036854775806",
            "9223372036854775807",
            "1e+20",
            "Infinity",
            "NaN",
        ];
        check(ColumnKind::Number, &numbers);
        assert_eq!(Decimal::parse("1.50"), Decimal::parse("1.5"));
        assert_eq!(Decimal::parse("-0.00"), Decimal::parse("0"));
    }

    #[test]
    fn moments_are_in_the_order_of_time() {
        let moments = [
            "-infinity",
            "4713-01-01 BC",
            "0044-03-15 BC",
            "0001-01-01",
            "2026-11-22 10:00:00+00",
            "2026-11-22 10:00:00.5+00",
            "294276-12-31 23:59:59",
            "infinity",
        ];
        check(ColumnKind::Timestamp, &moments);
    }
}

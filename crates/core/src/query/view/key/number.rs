//! Numbers of any size as bytes that compare like them.

use super::{INFINITY, NAN, NEGATIVE, NEGATIVE_INFINITY, POSITIVE, ZERO, split};

/// A number of any size, exactly: its sign, its exponent, its digits without zeros around them, two in a byte.
pub(super) fn number(text: &[u8], key: &mut Vec<u8>) -> Option<()> {
    let word = match text {
        b"NaN" => Some(NAN),
        b"Infinity" => Some(INFINITY),
        b"-Infinity" => Some(NEGATIVE_INFINITY),
        _ => None,
    };
    if let Some(word) = word {
        key.push(word);
        return Some(());
    }
    let negative = text.first() == Some(&b'-');
    let Decimal { whole, part, exponent } = Decimal::of(&text[usize::from(negative)..])?;
    let digits = || whole.iter().chain(part);
    let zeros = digits().take_while(|digit| **digit == b'0').count();
    if zeros == whole.len() + part.len() {
        key.push(ZERO);
        return Some(());
    }
    let exponent = exponent + i64::try_from(whole.len()).ok()? - i64::try_from(zeros).ok()?;
    key.push(if negative { NEGATIVE } else { POSITIVE });
    let from = key.len();
    // Three bytes are enough for every number of PostgreSQL.
    let exponent = u32::try_from(exponent.clamp(-0x80_0000, 0x7f_ffff) + 0x80_0000).ok()?;
    key.extend_from_slice(&exponent.to_be_bytes()[1..]);
    pairs(digits().skip(zeros), key);
    if negative {
        key[from..].iter_mut().for_each(|byte| *byte = !*byte);
    }
    Some(())
}

/// Pairs of digits from 1 on, those of nothing but zeros at the end left out, and 0 behind the last.
fn pairs<'a>(mut digits: impl Iterator<Item = &'a u8>, key: &mut Vec<u8>) {
    let mut end = key.len();
    while let Some(first) = digits.next() {
        let pair = (first - b'0') * 10 + digits.next().map_or(0, |second| second - b'0');
        key.push(pair + 1);
        end = if pair == 0 { end } else { key.len() };
    }
    key.truncate(end);
    key.push(0);
}

/// The parts of a number without its sign.
struct Decimal<'a> {
    whole: &'a [u8],
    part: &'a [u8],
    exponent: i64,
}

impl<'a> Decimal<'a> {
    fn of(text: &'a [u8]) -> Option<Self> {
        let (mantissa, exponent) = split(text, |byte| matches!(byte, b'e' | b'E'));
        let (whole, part) = split(mantissa, |byte| byte == b'.');
        let part = part.unwrap_or_default();
        let digits = whole.iter().chain(part).all(u8::is_ascii_digit) && whole.len() + part.len() > 0;
        let exponent = match exponent {
            None => 0,
            Some(exponent) => std::str::from_utf8(exponent).ok()?.parse::<i32>().ok()?,
        };
        digits.then_some(Self { whole, part, exponent: i64::from(exponent) })
    }
}

//! Moments as bytes that compare like them, wherever their clock stood.

use super::{ALWAYS_AFTER, ALWAYS_BEFORE, MOMENT, split};

/// "2026-11-22 10:00:00.5+02", "0044-03-15 BC", "infinity": seconds and millionths of them.
pub(super) fn moment(text: &[u8], key: &mut Vec<u8>) -> Option<()> {
    match text {
        b"infinity" => key.push(ALWAYS_AFTER),
        b"-infinity" => key.push(ALWAYS_BEFORE),
        _ => {
            let (seconds, millionths) = instant(text)?;
            key.push(MOMENT);
            let seconds = u64::try_from(seconds + (1 << 55)).ok()?;
            key.extend_from_slice(&seconds.to_be_bytes()[1..]);
            key.extend_from_slice(&millionths.to_be_bytes()[1..]);
        }
    }
    Some(())
}

fn instant(text: &[u8]) -> Option<(i64, u32)> {
    let (text, before_christ) = text.strip_suffix(b" BC").map_or((text, false), |text| (text, true));
    let (date, time) = split(text, |byte| byte == b' ');
    let mut parts = date.split(|byte| *byte == b'-');
    let (year, month, day) = (digits(parts.next()?)?, digits(parts.next()?)?, digits(parts.next()?)?);
    if parts.next().is_some() || !(1..=12).contains(&month) {
        return None;
    }
    let year = if before_christ { 1 - year } else { year };
    let (seconds, millionths) = time.map_or(Some((0, 0)), time_of_day)?;
    Some((days(year, month, day) * 86_400 + seconds, millionths))
}

/// "10:00:00.5+02:30" in seconds at UTC, and millionths.
fn time_of_day(text: &[u8]) -> Option<(i64, u32)> {
    let zone = text.iter().position(|byte| matches!(byte, b'+' | b'-')).unwrap_or(text.len());
    let (clock, fraction) = split(&text[..zone], |byte| byte == b'.');
    let millionths = millionths(fraction.unwrap_or_default())?;
    let offset = match text.get(zone..) {
        None | Some([]) => 0,
        Some([b'-', offset @ ..]) => -seconds(offset)?,
        Some([_, offset @ ..]) => seconds(offset)?,
    };
    Some((seconds(clock)? - offset, millionths))
}

/// Of the digits behind a point.
fn millionths(fraction: &[u8]) -> Option<u32> {
    if fraction.len() > 6 || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digit = |at: usize| fraction.get(at).map_or(0, |digit| u32::from(digit - b'0'));
    Some((0..6).fold(0, |value, at| value * 10 + digit(at)))
}

/// "10:30:15", "02", "05:30".
fn seconds(text: &[u8]) -> Option<i64> {
    let mut whole = 0;
    for (part, long) in text.split(|byte| *byte == b':').zip([3600, 60, 1]) {
        whole += digits(part)? * long;
    }
    Some(whole)
}

fn digits(text: &[u8]) -> Option<i64> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    text.iter()
        .try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0')))
}

/// Days from 1970-01-01 in the Gregorian calendar, which PostgreSQL keeps for all of time:
/// <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(days(1970, 1, 1), 0);
        assert_eq!(days(1969, 12, 31), -1);
        assert_eq!(days(2000, 3, 1), 11_017);
    }
}

//! Dates and timestamps of the server's ISO text as numbers from 1970 on. Infinity is the largest number and -infinity
//! its negative, as DuckDB has them: Parquet itself knows neither.

const DAY: i64 = 86_400_000_000;

/// Days from 1970-01-01 on.
pub(super) fn date(text: &str) -> Option<i32> {
    match text {
        "infinity" => Some(i32::MAX),
        "-infinity" => Some(-i32::MAX),
        _ => i32::try_from(days(era(text))?).ok(),
    }
}

/// Microseconds from 1970-01-01 on, in UTC where the text has an offset.
pub(super) fn timestamp(text: &str) -> Option<i64> {
    match text {
        "infinity" => return Some(i64::MAX),
        "-infinity" => return Some(-i64::MAX),
        _ => {}
    }
    let (text, bc) = era(text);
    let (day, time) = text.split_once(' ')?;
    let sign = time.find(['+', '-']);
    let (time, offset) = time.split_at(sign.unwrap_or(time.len()));
    let micros = clock(time)?.checked_sub(shift(offset)?)?;
    days((day, bc))?.checked_mul(DAY)?.checked_add(micros)
}

/// Apart: the text, and whether it is before our era.
fn era(text: &str) -> (&str, bool) {
    text.strip_suffix(" BC").map_or((text, false), |text| (text, true))
}

/// `+05:30`, `-03`, `+00:19:32`, in microseconds.
fn shift(offset: &str) -> Option<i64> {
    match offset.as_bytes().first() {
        None => Some(0),
        Some(b'-') => clock(&offset[1..]).map(|shift| -shift),
        Some(_) => clock(&offset[1..]),
    }
}

/// `03:04:05.123`, down to the parts that are there.
fn clock(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut seconds = 0;
    for (n, part) in whole.split(':').enumerate() {
        seconds += part.parse::<i64>().ok()? * [3600, 60, 1].get(n)?;
    }
    let digits = fraction.len();
    let scale = 10_i64.checked_pow(6_u32.checked_sub(u32::try_from(digits).ok()?)?)?;
    let fraction = if digits == 0 { 0 } else { fraction.parse::<i64>().ok()? * scale };
    Some(seconds * 1_000_000 + fraction)
}

/// Days of a date from 1970 on, by the proleptic Gregorian calendar, as the server counts
/// (<https://howardhinnant.github.io/date_algorithms.html#days_from_civil>). There is no year 0: 1 BC is it.
fn days((text, bc): (&str, bool)) -> Option<i64> {
    let mut parts = text.split('-');
    let mut part = || parts.next()?.parse::<i64>().ok();
    let (year, month, day) = (part()?, part()?, part()?);
    let year = if bc { 1 - year } else { year };
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_the_server_counts_them() {
        let known = [
            ("1970-01-01", 0),
            ("2000-02-29", 11_016),
            ("0001-01-01", -719_162),
            ("0001-12-31 BC", -719_163),
        ];
        for (text, expected) in known {
            assert_eq!(date(text), Some(expected), "{text}");
        }
        assert_eq!(date("4713-01-01 BC"), Some(-2_440_550));
        assert_eq!((date("infinity"), date("-infinity")), (Some(i32::MAX), Some(-i32::MAX)));
    }

    #[test]
    fn a_timestamp_keeps_its_microseconds_and_its_offset_counts() {
        assert_eq!(timestamp("1970-01-01 00:00:00.000001"), Some(1));
        assert_eq!(timestamp("1970-01-01 00:00:00.5+00"), Some(500_000));
        assert_eq!(timestamp("1970-01-01 05:30:00+05:30"), Some(0));
        assert_eq!(timestamp("1969-12-31 20:59:45-03:00:15"), Some(0));
        assert_eq!(timestamp("294276-12-31 23:59:59.999999"), None, "it is beyond 64 bits");
        assert_eq!(timestamp("294246-12-31 23:59:59"), Some(9_223_371_244_799_000_000));
    }
}

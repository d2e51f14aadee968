//! Numbers as people read them: the same forms as in the window.

/// 1,234,567
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// "1 row", "1,234 rows"
pub(crate) fn rows(number: u64) -> String {
    format!("{} {}", count(number), if number == 1 { "row" } else { "rows" })
}

/// 412 B, 318 MB, 3.4 GB: by 1,024, three digits at most.
pub(crate) fn bytes(bytes: i64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut size = bytes.max(0) as f64;
    let mut unit = 0;
    while size >= 1000.0 && unit < UNITS.len() - 1 {
        size /= 1024.0;
        unit += 1;
    }
    if unit == 0 || size >= 99.95 {
        format!("{size:.0} {}", UNITS[unit])
    } else {
        format!("{size:.1} {}", UNITS[unit])
    }
}

/// 31 ms, 1.42 s, 2 min 40 s, 3 days
pub(crate) fn duration(ms: f64) -> String {
    let seconds = ms / 1000.0;
    match seconds {
        s if s < 1.0 => format!("{ms:.0} ms"),
        s if s < 60.0 => format!("{s:.2} s"),
        s if s < 3600.0 => format!("{:.0} min {:.0} s", (s / 60.0).floor(), s % 60.0),
        s if s < 86_400.0 => format!("{:.0} h {:.0} min", (s / 3600.0).floor(), (s % 3600.0) / 60.0),
        s => format!("{:.0} days", s / 86_400.0),
    }
}

/// +0.031, −0.062: a true minus sign.
pub(crate) fn signed(number: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", number.abs());
    if text.chars().all(|c| matches!(c, '0' | '.')) {
        return text;
    }
    format!("{}{text}", if number < 0.0 { '\u{2212}' } else { '+' })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_in_the_window() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!((rows(0), rows(1), rows(1_000)), ("0 rows".into(), "1 row".into(), "1,000 rows".into()));
        assert_eq!(bytes(412), "412 B");
        assert_eq!(bytes(318 * 1024 * 1024), "318 MB");
        assert_eq!(bytes(3_650_722_201), "3.4 GB");
        assert_eq!(duration(160_000.0), "2 min 40 s");
        assert_eq!(signed(-0.062, 3), "\u{2212}0.062");
        assert_eq!(signed(-0.0001, 3), "0.000");
    }
}

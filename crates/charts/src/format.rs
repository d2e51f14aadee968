//! Numbers and names as the app writes them.

/// A size in units of 1,024 with three digits at most: "412 B", "318 MB", "3.4 GB".
pub(crate) fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["KB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    // Sizes are shown with three digits: a float holds more.
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    // A half goes up, as the app rounds it; `format!` alone would take 2.25 to 2.2.
    let text =
        if value < 99.95 { format!("{:.1}", (value * 10.0).round() / 10.0) } else { format!("{value:.0}") };
    format!("{} {}", text.trim_end_matches(".0"), UNITS[unit])
}

/// A whole number with commas.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The name with its middle left out, so that it fits: both ends of an index name tell something.
pub(crate) fn cut_middle<E>(name: &str, fits: impl Fn(&str) -> Result<bool, E>) -> Result<String, E> {
    if fits(name)? {
        return Ok(name.to_owned());
    }
    let letters: Vec<char> = name.chars().collect();
    for kept in (2..letters.len()).rev() {
        // The end tells more than the beginning: index names begin alike.
        let head = kept * 2 / 5;
        let tail = letters.len() - (kept - head);
        let cut: String = letters[..head].iter().chain(&['…']).chain(&letters[tail..]).collect();
        if fits(&cut)? {
            return Ok(cut);
        }
    }
    Ok("…".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_three_digits_at_most() {
        let told = [
            0,
            412,
            999,
            1000,
            2_359_296,
            333_447_168,
            3_650_722_201,
            45_956_148_224,
            1_073_741_823,
            u64::MAX,
        ];
        let expected =
            ["0 B", "412 B", "999 B", "1 KB", "2.3 MB", "318 MB", "3.4 GB", "42.8 GB", "1 GB", "16 EB"];
        assert_eq!(told.map(bytes), expected);
    }

    #[test]
    fn counts_have_commas() {
        assert_eq!([0, 999, 1_000, 1_284_310].map(count), ["0", "999", "1,000", "1,284,310"]);
    }

    #[test]
    fn a_name_is_cut_in_the_middle() {
        let short = |text: &str| Ok::<_, ()>(text.chars().count() <= 12);
        assert_eq!(cut_middle("pkey", short).unwrap(), "pkey");
        assert_eq!(cut_middle("index_evaluation_results", short).unwrap(), "inde…results");
        assert_eq!(cut_middle("äöüäöüäöüäöüäöü", short).unwrap().chars().count(), 12);
    }
}

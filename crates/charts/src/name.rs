//! Names in a chart: cut in the middle, since the beginning names the table and the end the columns.

/// The longest form of a name that fits, by a measure of text in pixels.
pub(crate) fn fit(name: &str, width: u32, measure: impl Fn(&str) -> u32) -> String {
    if measure(name) <= width {
        return name.to_owned();
    }
    let letters: Vec<char> = name.chars().collect();
    let cut = |kept: usize| {
        let head = kept / 2;
        let tail = letters.len() - (kept - head);
        letters[..head].iter().chain(&['…']).chain(&letters[tail..]).collect::<String>()
    };
    (1..letters.len()).rev().map(cut).find(|text| measure(text) <= width).unwrap_or_else(|| "…".to_owned())
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn a_long_name_keeps_its_beginning_and_its_end() {
        let measure = |text: &str| u32::try_from(text.chars().count()).unwrap();
        assert_eq!(fit("index_evaluation_spans_on_span_data", 15, measure), "index_e…an_data");
        assert_eq!(fit("short", 15, measure), "short");
    }
}

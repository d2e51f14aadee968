//! Figures and keys in words, as the rest of the product writes them.

use super::plan::ExplainNode;

/// 1,234,567
#[allow(clippy::cast_possible_truncation)]
pub(super) fn count(number: f64) -> String {
    let digits = (number.round().abs() as u128).to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// "1 row", "2 rows".
pub(super) fn plural(number: f64, one: &str) -> String {
    let many = if number.round() == 1.0 { "" } else { "s" };
    format!("{} {one}{many}", count(number))
}

/// 412 B, 318 MB, 3.4 GB: three digits at most.
#[allow(clippy::cast_precision_loss)]
pub(super) fn bytes(bytes: u64) -> String {
    let (mut value, mut unit) = (bytes as f64, 0);
    while value >= 999.5 && unit < 4 {
        (value, unit) = (value / 1024.0, unit + 1);
    }
    let digits = if unit == 0 || value >= 99.95 { 0 } else { 1 };
    let text = format!("{value:.digits$}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    format!("{text} {}", ["B", "KB", "MB", "GB", "TB"][unit])
}

/// 31 ms, 1.42 s.
pub(super) fn duration(ms: f64) -> String {
    match ms {
        ..1.0 => "under 1 ms".to_owned(),
        ..999.5 => format!("{ms:.0} ms"),
        ..9_995.0 => format!("{:.2} s", ms / 1000.0),
        ..59_950.0 => format!("{:.1} s", ms / 1000.0),
        _ => format!("{:.0} min {:02.0} s", (ms / 60_000.0).floor(), (ms / 1000.0) % 60.0),
    }
}

/// "13 times", "1.4 times".
pub(super) fn times(factor: f64) -> String {
    if factor >= 9.5 { format!("{} times", count(factor)) } else { format!("{factor:.1} times") }
}

/// The planner's own unit: "20.4" where it is small, "21,840" where it is not.
pub(super) fn cost(cost: f64) -> String {
    if cost < 100.0 { format!("{cost:.1}") } else { count(cost) }
}

/// The next power of two of megabytes: what people set.
pub(super) fn rounded_up(bytes: u64) -> u64 {
    bytes.max(1 << 20).next_power_of_two()
}

/// "68 %"; never "100 %" of what is less, nor "0 %" of what is more.
pub(super) fn percent(share: f64) -> String {
    match share * 100.0 {
        99.5..100.0 => "99 %".to_owned(),
        0.0 => "0 %".to_owned(),
        ..0.5 => "under 1 %".to_owned(),
        percent => format!("{percent:.0} %"),
    }
}

/// What a node sorts by, groups by or joins on, without the table's name where it is clear.
pub(super) fn key(node: &ExplainNode) -> Option<String> {
    let sorted = ["Sort Key", "Group Key", "Cache Key"].iter().find_map(|label| node.condition(label));
    let text = match sorted {
        Some(key) => bare_columns(key),
        None => joined(node.condition("Hash Cond").or_else(|| node.condition("Merge Cond"))?),
    };
    Some(cut(&text, 60))
}

/// `(c.id = r.configuration_id)` is on `configuration_id`, in so far as it is one equality of two columns.
fn joined(condition: &str) -> String {
    let inside = condition.trim_start_matches('(').trim_end_matches(')');
    match inside.split_once(" = ") {
        Some((one, other)) if is_column(one) && is_column(other) => {
            let longest = if one.len() >= other.len() { one } else { other };
            bare_columns(longest)
        }
        _ => condition.to_owned(),
    }
}

fn is_column(text: &str) -> bool {
    text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'))
}

fn bare_columns(list: &str) -> String {
    let bare = |part: &str| {
        let (column, order) = part.split_once(' ').unwrap_or((part, ""));
        let name = if is_column(column) { column.rsplit('.').next().unwrap_or(column) } else { column };
        if order.is_empty() { name.to_owned() } else { format!("{name} {order}") }
    };
    list.split(", ").map(bare).collect::<Vec<_>>().join(", ")
}

/// At most so many characters, and an ellipsis where there were more.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_everywhere() {
        assert_eq!([count(84_912.0), count(7.4), count(1_234_567.0)], ["84,912", "7", "1,234,567"]);
        assert_eq!([bytes(412), bytes(44_040_192), bytes(3_650_722_202)], ["412 B", "42 MB", "3.4 GB"]);
        assert_eq!([duration(0.2), duration(219.6), duration(4_310.0)], ["under 1 ms", "220 ms", "4.31 s"]);
        assert_eq!([percent(0.999), percent(0.001), percent(0.684)], ["99 %", "under 1 %", "68 %"]);
        assert_eq!(duration(160_000.0), "2 min 40 s");
    }

    #[test]
    fn a_key_is_said_without_its_table() {
        assert_eq!(bare_columns("r.created_at DESC, lower(r.name)"), "created_at DESC, lower(r.name)");
        assert_eq!(joined("(r.evaluation_configuration_id = c.id)"), "evaluation_configuration_id");
    }
}

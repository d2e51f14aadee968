//! The name of a partition's own index: the same one whenever it is planned, so that a broken build is found again.

use sha2::{Digest as _, Sha256};

/// What the server keeps of a name, in bytes.
const LONGEST: usize = 63;

/// "evaluation_results_2026_11_index_on_status"; where that is too long both are cut, and a sum of the whole tells names
/// apart that are cut alike.
pub(super) fn of_partition(partition: &str, index: &str) -> String {
    let whole = format!("{partition}_{index}");
    if whole.len() <= LONGEST {
        return whole;
    }
    let sum: String =
        Sha256::digest(whole.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let half = (LONGEST - sum.len() - 2) / 2;
    format!("{}_{}_{sum}", end_of(partition, half), cut(index, half))
}

fn cut(name: &str, longest: usize) -> &str {
    let mut at = name.len().min(longest);
    while !name.is_char_boundary(at) {
        at -= 1;
    }
    &name[..at]
}

/// Partitions of one table differ at their ends.
fn end_of(name: &str, longest: usize) -> &str {
    let mut at = name.len().saturating_sub(longest);
    while !name.is_char_boundary(at) {
        at += 1;
    }
    &name[at..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_cut_stay_apart() {
        assert_eq!(of_partition("runs_p1", "by_name"), "runs_p1_by_name");
        let index = "index_evaluation_results_on_created_at_and_id";
        let one = of_partition("evaluation_results_2026_11", index);
        let other = of_partition("evaluation_results_2026_12", index);
        let umlauts = of_partition(&"ü".repeat(31), &"ö".repeat(31));
        assert!(one != other && one.len() <= LONGEST && umlauts.len() <= LONGEST, "{one} {umlauts}");
        assert!(one.starts_with("evaluation_results_2026_11_index_"), "{one}");
    }
}

//! Two texts line by line: the longest common subsequence, after what is alike at both ends is set aside.

use super::{DiffKind, DiffLine};

/// Above this many pairs of lines the middle is shown as wholly different, rather than wait for it.
const MOST: usize = 4_000_000;

/// Every line of both.
pub(super) fn compare(ran: &str, now: &str) -> Vec<DiffLine> {
    let (ran, now): (Vec<&str>, Vec<&str>) = (ran.lines().collect(), now.lines().collect());
    let head = ran.iter().zip(&now).take_while(|(a, b)| a == b).count();
    let rest = ran[head..].iter().rev().zip(now[head..].iter().rev());
    let tail = rest.take_while(|(a, b)| a == b).count();
    let mut lines: Vec<_> = ran[..head].iter().map(|text| line(DiffKind::Both, text)).collect();
    lines.extend(middle(&ran[head..ran.len() - tail], &now[head..now.len() - tail]));
    lines.extend(ran[ran.len() - tail..].iter().map(|text| line(DiffKind::Both, text)));
    lines
}

fn line(kind: DiffKind, text: &str) -> DiffLine {
    DiffLine { kind, text: text.to_owned() }
}

fn middle(ran: &[&str], now: &[&str]) -> Vec<DiffLine> {
    let common = if ran.len().saturating_mul(now.len()) > MOST { Vec::new() } else { longest(ran, now) };
    let width = now.len() + 1;
    let at = |i: usize, j: usize| common.get(i * width + j).copied().unwrap_or(0);
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < ran.len() || j < now.len() {
        if i < ran.len() && j < now.len() && ran[i] == now[j] && !common.is_empty() {
            lines.push(line(DiffKind::Both, ran[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < ran.len() && (j == now.len() || at(i + 1, j) >= at(i, j + 1)) {
            lines.push(line(DiffKind::Ran, ran[i]));
            i += 1;
        } else {
            lines.push(line(DiffKind::Now, now[j]));
            j += 1;
        }
    }
    lines
}

/// For each pair of beginnings, how many lines their ends have in common.
fn longest(ran: &[&str], now: &[&str]) -> Vec<u32> {
    let width = now.len() + 1;
    let mut common = vec![0; (ran.len() + 1) * width];
    for i in (0..ran.len()).rev() {
        for j in (0..now.len()).rev() {
            common[i * width + j] = if ran[i] == now[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(ran: &str, now: &str) -> String {
        let mark = |kind| match kind {
            DiffKind::Both => ' ',
            DiffKind::Ran => '-',
            DiffKind::Now => '+',
        };
        compare(ran, now).iter().map(|line| format!("{}{} ", mark(line.kind), line.text)).collect()
    }

    #[test]
    fn what_is_alike_stays_and_the_rest_is_taken_out_before_it_is_put_in() {
        assert_eq!(shown("a\nb\nc", "a\nx\nc"), " a -b +x  c ");
        assert_eq!(shown("a\nb", "a\nb"), " a  b ");
        assert_eq!(shown("", "a"), "+a ");
        assert_eq!(shown("a\nb\na\nb", "b\na\nb\na"), "-a  b  a  b +a ");
    }
}

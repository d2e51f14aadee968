//! What another session runs, shortened and without its values: it is shown to people and kept in a job's journal.

/// Longer heads say no more.
const WIDTH: usize = 80;

/// The beginning of a statement on one line, every literal as `?`. Nothing where the server does not tell it.
pub(super) fn statement_head(query: &str) -> Option<String> {
    let told = !query.trim().is_empty() && !query.starts_with("<insufficient privilege>");
    let line = without_values(query).split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = line.chars().take(WIDTH).collect();
    told.then(|| if cut.len() < line.len() { format!("{cut}...") } else { cut })
}

/// By letters, not by a lexer: the server cuts a long statement anywhere, inside a literal too.
fn without_values(query: &str) -> String {
    let mut shown = String::new();
    let mut letters = query.chars().peekable();
    while let Some(letter) = letters.next() {
        let in_word = shown.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '_' | '$'));
        let opens = |next: &char| *next == '$' || next.is_alphabetic();
        shown.push(match letter {
            '\'' => hide(&mut letters, shown.ends_with(['e', 'E'])),
            // A dollar quote: what follows is the body of a function or a long text.
            '$' if !in_word && letters.peek().is_some_and(opens) => {
                letters.by_ref().for_each(drop);
                '?'
            }
            digit if digit.is_ascii_digit() && !in_word => {
                while letters.next_if(|next| next.is_ascii_alphanumeric() || *next == '.').is_some() {}
                '?'
            }
            other => other,
        });
    }
    shown
}

/// Passes over a literal up to its closing quote. A doubled quote reads as the end of one and the beginning of the next.
fn hide(letters: &mut impl Iterator<Item = char>, escapes: bool) -> char {
    while let Some(letter) = letters.next().filter(|letter| *letter != '\'') {
        if letter == '\\' && escapes {
            letters.next();
        }
    }
    '?'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_holds_no_value() {
        let check = |query: &str, head: &str| assert_eq!(statement_head(query).as_deref(), Some(head));
        check(
            "update t1 set a = 'it''s', b = 12.5e3\n where id = $1",
            "update t1 set a = ??, b = ? where id = $1",
        );
        check("select e'it\\'s secret', 2", "select e?, ?");
        check("select 'cut in the mid", "select ?");
        check("do $body$ begin 'x'", "do ?");
        check("insert into t values (7)", "insert into t values (?)");
    }

    #[test]
    fn what_is_not_told_is_not_shown() {
        assert_eq!(statement_head("<insufficient privilege>"), None);
        assert_eq!(statement_head("  "), None);
        assert!(statement_head(&"select x, ".repeat(30)).unwrap().ends_with("..."));
    }
}

//! Room for the parser: it goes down a level with every parenthesis and every link of a chain, and whoever looks at its
//! tree goes down again. A stack that ends takes the whole program with it, so a text is measured first.

use crate::sql::lex::{Token, TokenKind, Tokens};

/// What a level may cost, in bytes, without optimization.
const LEVEL: usize = 16 << 10;

/// Up to here the caller's own stack is enough.
const FEW: usize = 100;

/// Beyond this nobody parses: no statement that a person wrote comes near.
const MOST: usize = 20_000;

/// Runs what parses a text with room for it; `None` where the text goes deeper than anybody follows, or where the system
/// gives no room.
pub(crate) fn with_room<T: Send>(sql: &str, work: impl FnOnce() -> T + Send) -> Option<T> {
    match levels(sql) {
        0..=FEW => Some(work()),
        levels if levels > MOST => None,
        levels => std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size((levels + FEW) * LEVEL);
            let running = thread.spawn_scoped(scope, work).ok()?;
            Some(running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        }),
    }
}

/// How deep a tree of the text may be, at most: its deepest parentheses, and its longest chain.
fn levels(sql: &str) -> usize {
    let mut measure = Measure::default();
    for token in Tokens::of(sql).map_while(Result::ok) {
        measure.take(sql, &token);
    }
    measure.most
}

#[derive(Default)]
struct Measure {
    open: usize,
    /// Tokens since a place where a list goes on: a chain has none such.
    run: usize,
    /// Queries and joins that are chained, lists or not.
    chained: usize,
    after_value: bool,
    most: usize,
}

impl Measure {
    fn take(&mut self, sql: &str, token: &Token) {
        let text = token.text(sql);
        match token.kind {
            TokenKind::Comment => return,
            // A semicolon may stand in a body: what is open stays open.
            TokenKind::Semicolon => (self.run, self.chained) = (0, 0),
            TokenKind::Open => self.open += 1,
            TokenKind::Close => self.open = self.open.saturating_sub(1),
            TokenKind::Symbol if text == "[" => self.open += 1,
            TokenKind::Symbol if text == "]" => self.open = self.open.saturating_sub(1),
            TokenKind::Symbol if text == "," && self.after_value => self.run = 0,
            TokenKind::Word if is_link(text) => self.chained += 1,
            _ => {}
        }
        self.run += 1;
        self.after_value = matches!(token.kind, TokenKind::Close | TokenKind::Text)
            || text.starts_with(|c: char| c.is_ascii_digit());
        self.most = self.most.max(self.run.max(self.chained * 4) + self.open * 4);
    }
}

fn is_link(word: &str) -> bool {
    ["union", "except", "intersect", "join", "or", "and"].iter().any(|link| word.eq_ignore_ascii_case(link))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_not_deep_and_a_long_chain_is() {
        assert!(levels(&format!("insert into t values (1, 'a'){}", ", (1, 'a')".repeat(50_000))) < FEW);
        assert!(levels(&format!("select a in (1{})", ", 2".repeat(50_000))) < FEW);
        assert!(levels(&"select 1; ".repeat(1000)) < FEW);
        assert!(levels(&format!("select 1{}", " + 1".repeat(1000))) > 1000);
        assert!(levels(&format!("select 1, 2{}", " union all select 1, 2".repeat(1000))) > 1000);
        assert!(levels(&format!("select {}1{}", "f(1, ".repeat(1000), ")".repeat(1000))) > 1000);
    }

    /// Whatever it is, it ends with an answer and not with the program.
    #[test]
    fn what_goes_deep_is_read_or_refused_and_never_ends_the_program() {
        for count in [300, 1500, 100_000] {
            let repeated = |before: &str, link: &str, after: &str| {
                format!("select {before}1{}{after}", link.repeat(count))
            };
            let texts = [
                repeated("", " or a", ""),
                repeated("", " || 'x'", ""),
                repeated("", " union all select f(1), 2", ""),
                repeated(&"(".repeat(count), "", &")".repeat(count)),
                repeated(&"f(1, ".repeat(count), "", &")".repeat(count)),
                repeated(&"array[1, ".repeat(count), "", &"]".repeat(count)),
                repeated(&"case when true then ".repeat(count), "", &" end".repeat(count)),
                repeated(&"not ".repeat(count), "", ""),
                repeated("", "", &"(".repeat(count)),
            ];
            for text in texts {
                assert_eq!(crate::sql::split::split(&text).map(|pieces| pieces.len()), Ok(1), "{text:.40}");
                crate::sql::statement::describe(&text);
                crate::migrate::lint(&text, &crate::migrate::LintContext::default());
            }
        }
    }
}

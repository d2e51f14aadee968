//! A server's message without the values in it. What the class of the SQLSTATE does not vouch for is blanked.

/// Classes and codes whose quoted words are names: undefined and duplicate objects, violated constraints, locks,
/// shutdowns, refused logins (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
const NAMES: [&str; 9] = ["23", "25", "28", "3D", "3F", "40", "42", "55", "57"];
/// Of those, the ones that quote what was typed.
const TYPED: [&str; 2] = ["42601", "42602"];

/// Blanks what stands in quotes, and all of a message that a function of the database wrote itself.
pub(super) fn without_values(message: &str, sqlstate: Option<&str>) -> String {
    match sqlstate {
        // Ours: it names objects and no values.
        None => message.to_owned(),
        Some(state) if state.starts_with("P0") => "a function in the database raised an exception".to_owned(),
        Some(state) if names(state) => message.to_owned(),
        Some(_) => blank_quoted(message),
    }
}

fn names(state: &str) -> bool {
    !TYPED.contains(&state) && NAMES.iter().any(|class| state.starts_with(class))
}

fn blank_quoted(message: &str) -> String {
    let quotes = message.matches('"').count();
    let pieces = message.split('"').enumerate();
    // A quote that is never closed hides all that follows.
    let blank = |(n, piece): (usize, &str)| {
        if n % 2 == 1 || n == quotes && quotes % 2 == 1 { "…".to_owned() } else { piece.to_owned() }
    };
    pieces.map(blank).collect::<Vec<_>>().join("\"")
}

#[cfg(test)]
mod tests {
    use super::without_values;

    fn check(message: &str, sqlstate: &str, expected: &str) {
        assert_eq!(without_values(message, Some(sqlstate)), expected);
    }

    #[test]
    fn values_go_and_names_stay() {
        check(
            "invalid input syntax for type integer: \"hunter2\"",
            "22P02",
            "invalid input syntax for type integer: \"…\"",
        );
        check("syntax error at or near \"'x'\"", "42601", "syntax error at or near \"…\"");
        check("relation \"runs\" does not exist", "42P01", "relation \"runs\" does not exist");
        check("the key k-123 is taken", "P0001", "a function in the database raised an exception");
        check("odd \"one", "22000", "odd \"…");
    }
}

//! The few Ruby expressions that database.yml files use for values, read and never run:
//! `ENV["X"]`, `ENV.fetch("X")`, `ENV.fetch("X", "d")`, `ENV.fetch("X") { "d" }`, literals, and `||` between them.

use super::super::Surroundings;

/// What an expression is worth here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    /// A variable that is not set, or `nil`.
    Nil,
    /// `ENV.fetch` of a variable that is not set: Ruby stops there.
    Missing(String),
}

/// Reads an expression; `None` where it is any other Ruby.
pub(super) fn read(code: &str, around: &Surroundings) -> Option<Value> {
    let mut reader = Reader { rest: code.trim(), around };
    let value = reader.alternatives()?;
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
    around: &'a Surroundings,
}

impl Reader<'_> {
    /// `a || b`: the first that is not nil.
    fn alternatives(&mut self) -> Option<Value> {
        let mut value = self.term()?;
        while self.take("||") {
            let next = self.term()?;
            if value == Value::Nil {
                value = next;
            }
        }
        Some(value)
    }

    fn term(&mut self) -> Option<Value> {
        if self.take("ENV.fetch") {
            return self.fetch();
        }
        if self.take("ENV") {
            self.take("[").then_some(())?;
            let name = self.text()?;
            self.take("]").then_some(())?;
            // How a value is quoted for YAML; here it never becomes YAML.
            self.take(r#".to_s.gsub("'", "''")"#);
            return Some(self.variable(&name).unwrap_or(Value::Nil));
        }
        self.literal()
    }

    /// Ruby's default is one of both: the second argument, or the block.
    fn fetch(&mut self) -> Option<Value> {
        self.take("(").then_some(())?;
        let name = self.text()?;
        let second = if self.take(",") { Some(self.alternatives()?) } else { None };
        self.take(")").then_some(())?;
        let block = if self.take("{") { Some(self.block()?) } else { None };
        let default = block.or(second);
        Some(self.variable(&name).or(default).unwrap_or(Value::Missing(name)))
    }

    fn block(&mut self) -> Option<Value> {
        let value = self.alternatives()?;
        self.take("}").then_some(value)
    }

    /// Set and empty is not nil in Ruby.
    fn variable(&self, name: &str) -> Option<Value> {
        self.around.variables.get(name).cloned().map(Value::Text)
    }

    fn literal(&mut self) -> Option<Value> {
        if self.take("nil") {
            return Some(Value::Nil);
        }
        if self.rest.starts_with(['"', '\'']) {
            return self.text().map(Value::Text);
        }
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let digits = self.skip(end);
        (!digits.is_empty()).then_some(Value::Text(digits))
    }

    /// A quoted text. With `#{}` in it, it is code.
    fn text(&mut self) -> Option<String> {
        let quote = self.rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let mut text = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                end if end == quote => {
                    self.skip(at + 1);
                    return (quote == '\'' || !text.contains("#{")).then_some(text);
                }
                '\\' => text.push_str(&escape(quote, letters.next()?.1)?),
                other => text.push(other),
            }
        }
        None
    }

    fn take(&mut self, word: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(word) else { return false };
        self.rest = rest.trim_start();
        true
    }

    fn skip(&mut self, bytes: usize) -> String {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest.trim_start();
        taken.to_owned()
    }
}

/// Single quotes know two escapes; of those that double quotes know, a value needs no others.
fn escape(quote: char, letter: char) -> Option<String> {
    match (quote, letter) {
        (_, '\\' | '\'' | '"') if quote == '"' || letter != '"' => Some(letter.to_string()),
        ('\'', other) => Some(format!("\\{other}")),
        ('"', '#') => Some("#".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worth(code: &str) -> Option<Value> {
        let variables = [("SET", "value"), ("EMPTY", "")].map(|(name, value)| (name.into(), value.into()));
        read(code, &Surroundings { variables: variables.into(), ..Surroundings::default() })
    }

    fn check(code: &str, expected: &str) {
        assert_eq!(worth(code), Some(Value::Text(expected.to_owned())), "{code}");
    }

    #[test]
    fn what_files_write_for_values_is_read() {
        check(r#" ENV["SET"] || "default" "#, "value");
        check(r"ENV['NOT'] || 'default'", "default");
        check("ENV['NOT'] || 5432", "5432");
        check(r#"ENV.fetch("NOT", "d")"#, "d");
        check(r#"ENV.fetch("NOT") { 5 }"#, "5");
        check(r#"ENV.fetch("SET") { "d" }"#, "value");
        check(r#"ENV["NOT"] || ENV["SET"]"#, "value");
        check(r"'it\'s \n'", r"it's \n");
        assert_eq!(worth(r#"ENV["NOT"]"#), Some(Value::Nil));
        assert_eq!(worth(r#"ENV.fetch("NOT")"#), Some(Value::Missing("NOT".to_owned())));
    }

    #[test]
    fn a_variable_that_is_set_and_empty_wins_over_the_default() {
        check(r#"ENV["EMPTY"] || "default""#, "");
    }

    #[test]
    fn any_other_ruby_is_not_understood() {
        for code in [
            "`id`",
            r##""#{`id`}""##,
            "Rails.application.credentials.db",
            r#"ENV["SET"].presence"#,
            r#"ENV["SET"] + "x""#,
            r#"system("id")"#,
            r#"ENV.fetch("NOT") { `id` }"#,
            r#"ENV["SET""#,
            "",
        ] {
            assert_eq!(worth(code), None, "{code}");
        }
    }
}

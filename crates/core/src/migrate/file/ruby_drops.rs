//! What the way back through a Rails migration drops, as far as a reader can tell: tables and columns that `change` makes
//! in plain words, and those that `down` drops. Loops, variables and SQL are left to Ruby.

use super::ruby::{body, first_words};

/// A table, or a column of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RubyDrop {
    pub table: String,
    /// `None` where the whole table goes.
    pub column: Option<String>,
}

pub(super) fn drops(code: &[&str]) -> Vec<RubyDrop> {
    let (lines, table, column) = match (body(code, "down"), body(code, "change")) {
        (Some(down), _) => (down, "drop_table", "remove_column"),
        (None, Some(change)) => (change, "create_table", "add_column"),
        (None, None) => return Vec::new(),
    };
    lines.iter().filter_map(|line| drop_of(line, table, column)).collect()
}

fn drop_of(line: &str, table: &str, column: &str) -> Option<RubyDrop> {
    let word = first_words(line).find(|word| [table, column].contains(word))?;
    let mut names = line.split_once(word)?.1.split(',').map_while(plain_name);
    let of = names.next()?.to_owned();
    match word == table {
        true => Some(RubyDrop { table: of, column: None }),
        false => Some(RubyDrop { table: of, column: Some(names.next()?.to_owned()) }),
    }
}

/// `:name`, `"name"`, `(:name`; nothing for what Ruby has to work out.
fn plain_name(argument: &str) -> Option<&str> {
    let argument = argument.trim().trim_start_matches('(').trim_start();
    let (text, end) = match argument.chars().next()? {
        ':' => (&argument[1..], None),
        quote @ ('"' | '\'') => (&argument[1..], Some(quote)),
        _ => return None,
    };
    let length = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(text.len());
    let (name, rest) = text.split_at(length);
    let closed = end.is_none_or(|quote| rest.starts_with(quote));
    (!name.is_empty() && closed).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(code: &str) -> Vec<String> {
        let lines: Vec<_> = code.lines().collect();
        let name = |drop: RubyDrop| match drop.column {
            Some(column) => format!("{}.{column}", drop.table),
            None => drop.table,
        };
        drops(&lines).into_iter().map(name).collect()
    }

    #[test]
    fn what_change_makes_goes_with_it() {
        let code = "def change\n  create_table :a do |t|\n    t.text :x\n  end\n  create_table(\"b\", id: :uuid) { |t| }\n  add_column :c, :d, :text\n  add_index :c, :d\nend";
        assert_eq!(read(code), ["a", "b", "c.d"]);
    }

    #[test]
    fn a_down_says_itself_what_it_drops() {
        let code = "def up\n  create_table :a\nend\ndef down\n  drop_table :z, if_exists: true\n  remove_column 'y', 'x'\nend";
        assert_eq!(read(code), ["z", "y.x"]);
        assert_eq!(read("def down = drop_table(:a)"), Vec::<String>::new(), "one line is left to Ruby");
    }

    #[test]
    fn what_ruby_has_to_work_out_is_left_to_it() {
        assert!(
            read("def change\n  create_table name\n  create_table \"a_#{n}\"\n  drop_table :b\nend")
                .is_empty()
        );
    }
}

//! Names and values in two columns, for one thing that is shown by itself.

use super::tame;

/// Names with their values; what is absent is left out.
#[derive(Default)]
pub(crate) struct Facts(Vec<(String, String)>);

impl Facts {
    /// Adds a name with its value, unless there is none.
    pub(crate) fn fact(&mut self, name: impl Into<String>, value: impl Into<Option<String>>) -> &mut Self {
        if let Some(value) = value.into().filter(|value| !value.is_empty()) {
            self.0.push((name.into(), value));
        }
        self
    }

    /// Prints them; further lines of a value begin below its first.
    pub(crate) fn print(&self) {
        let width = self.0.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in &self.0 {
            let pad = " ".repeat(width - name.chars().count());
            let value = tame(value).replace('\n', &format!("\n{}", " ".repeat(width + 2)));
            super::line(&format!("{name}{pad}  {value}"));
        }
    }
}

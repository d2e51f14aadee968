//! The members of a JSON object, by what they should be.

use serde_json::Value;

use crate::query::explain::cut::Object;

/// An object whose members are asked for by name and kind; what is missing or of another kind is `None`.
#[derive(Clone, Copy)]
pub(super) struct Members<'a>(pub(super) &'a Object);

impl Members<'_> {
    pub(super) fn text(&self, member: &str) -> Option<String> {
        self.0.get(member)?.as_str().map(str::to_owned)
    }

    pub(super) fn number(&self, member: &str) -> Option<f64> {
        self.0.get(member)?.as_f64()
    }

    /// A count; the server writes those of 18 with decimals.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn whole(&self, member: &str) -> Option<u64> {
        let value = self.0.get(member)?;
        value.as_u64().or_else(|| value.as_f64().filter(|number| *number >= 0.0).map(|number| number as u64))
    }

    pub(super) fn small(&self, member: &str) -> Option<u32> {
        u32::try_from(self.whole(member)?).ok()
    }

    pub(super) fn has(&self, member: &str) -> bool {
        self.0.contains_key(member)
    }
}

/// A value as a person reads it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(members) => {
            let member = |(label, value): (&String, &Value)| format!("{label}: {}", shown(value));
            members.iter().map(member).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

//! The order of connections and the headings that they stand under.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ConnectionProfile;

/// One connection and its heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionPlace {
    /// Its id.
    pub connection: String,
    pub group: Option<String>,
}

/// Puts the list into an order. Whatever is not named stays behind the others in its own order; a name that nobody has
/// is passed over, since another program may have removed it.
pub fn arrange(all: &mut [ConnectionProfile], order: &[ConnectionPlace]) {
    for profile in all.iter_mut() {
        if let Some(place) = order.iter().find(|place| place.connection == profile.id) {
            profile.group = heading(place.group.as_deref());
        }
    }
    let at = |profile: &ConnectionProfile| order.iter().position(|place| place.connection == profile.id);
    all.sort_by_key(|profile| at(profile).unwrap_or(usize::MAX));
}

/// A heading of nothing is none.
fn heading(group: Option<&str>) -> Option<String> {
    group.map(str::trim).filter(|group| !group.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(connection: &str, group: Option<&str>) -> ConnectionPlace {
        ConnectionPlace { connection: connection.to_owned(), group: group.map(str::to_owned) }
    }

    #[test]
    fn what_is_named_comes_first_and_the_rest_keeps_its_order() {
        let mut all: Vec<ConnectionProfile> = ["a", "b", "c", "d"]
            .map(|id| ConnectionProfile { id: id.to_owned(), ..ConnectionProfile::new(id, "h", 1, "d", "u") })
            .into();
        arrange(&mut all, &[place("c", Some(" Work ")), place("gone", None), place("a", Some(""))]);
        let told: Vec<_> = all.iter().map(|one| (one.id.as_str(), one.group.as_deref())).collect();
        assert_eq!(told, [("c", Some("Work")), ("a", None), ("b", None), ("d", None)]);
    }
}

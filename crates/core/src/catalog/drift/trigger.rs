//! Triggers: their names count, since they fire in the order of their names.

use super::difference::{Difference, DriftObject, DriftObjectKind, DriftSeverity};
use super::pair::Pair;
use crate::catalog::fingerprint::Trigger;
use crate::ident::Ident;

pub(super) fn compare(pair: &Pair<'_>) -> Vec<Difference> {
    let (ours, theirs) = (&pair.expected.triggers, &pair.actual.triggers);
    let named =
        |triggers: &'_ [Trigger], name: &str| triggers.iter().find(|trigger| trigger.name == name).cloned();
    let mut found = Vec::new();
    for trigger in ours {
        match named(theirs, &trigger.name) {
            None => found.push(missing(pair, trigger)),
            Some(there) => found.extend(differs(pair, trigger, &there)),
        }
    }
    let extra = theirs.iter().filter(|trigger| named(ours, &trigger.name).is_none());
    found.extend(extra.map(|trigger| {
        Difference::extra(object(pair, trigger), &trigger.definition)
            .mend_database(drop(pair, trigger))
            .mend_files([trigger.definition.clone()])
    }));
    found
}

fn object(pair: &Pair<'_>, trigger: &Trigger) -> DriftObject {
    DriftObject::of(&pair.expected.name, DriftObjectKind::Trigger, &trigger.name)
}

fn missing(pair: &Pair<'_>, trigger: &Trigger) -> Difference {
    Difference::missing(object(pair, trigger), &trigger.definition)
        .weighing(DriftSeverity::Broken)
        .mend_database([trigger.definition.clone()])
        .mend_files(drop(pair, trigger))
}

fn differs(pair: &Pair<'_>, ours: &Trigger, theirs: &Trigger) -> Option<Difference> {
    let object = object(pair, ours);
    if ours.definition != theirs.definition {
        let found = Difference::differs(object, &ours.definition, &theirs.definition)
            .weighing(DriftSeverity::Broken)
            .mend_database(drop(pair, ours).into_iter().chain([ours.definition.clone()]))
            .mend_files(drop(pair, ours).into_iter().chain([theirs.definition.clone()]));
        return Some(found);
    }
    (ours.enabled != theirs.enabled).then(|| {
        Difference::differs(object, state(&ours.enabled), state(&theirs.enabled))
            .weighing(DriftSeverity::Broken)
            .mend_database([set(pair, ours, &ours.enabled)])
            .mend_files([set(pair, ours, &theirs.enabled)])
    })
}

fn drop(pair: &Pair<'_>, trigger: &Trigger) -> Vec<String> {
    vec![format!("drop trigger {} on {}", Ident::new(&trigger.name), pair.quoted())]
}

fn state(letter: &str) -> &str {
    match letter {
        "O" => "enabled",
        "D" => "disabled",
        "R" => "enabled on replicas",
        "A" => "enabled always",
        other => other,
    }
}

fn set(pair: &Pair<'_>, trigger: &Trigger, letter: &str) -> String {
    let how = match letter {
        "D" => "disable trigger",
        "R" => "enable replica trigger",
        "A" => "enable always trigger",
        _ => "enable trigger",
    };
    format!("alter table {} {how} {}", pair.quoted(), Ident::new(&trigger.name))
}

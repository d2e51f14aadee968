//! In the UI only `lib/ipc` knows the window's own API, and no feature knows another.

use std::path::Path;

use regex::Regex;

use crate::sources::{expect_none, files, shown, text};

const SOURCES: [&str; 3] = [".ts", ".svelte", ".js"];

#[test]
fn only_ipc_imports_the_api_of_the_window() {
    let wrong: Vec<String> = imports()
        .filter(|(file, target)| target.starts_with("@tauri-apps/") && !file.starts_with("ui/src/lib/ipc/"))
        .map(|(file, target)| format!("{file} imports {target}"))
        .collect();
    expect_none(&wrong, "only ui/src/lib/ipc may know @tauri-apps:");
}

#[test]
fn a_feature_never_imports_another() {
    let wrong: Vec<String> = imports()
        .filter_map(|(file, target)| {
            let (ours, theirs) = (feature(&file)?, feature(&resolve(&file, &target)?)?);
            (ours != theirs).then(|| format!("{file} imports {target}"))
        })
        .collect();
    expect_none(&wrong, "what two features need belongs in lib/:");
}

#[test]
fn lib_knows_neither_features_nor_the_shell() {
    let wrong: Vec<String> = imports()
        .filter(|(file, _)| file.starts_with("ui/src/lib/"))
        .filter(|(file, target)| {
            resolve(file, target)
                .is_some_and(|path| path.starts_with("ui/src/features/") || path.starts_with("ui/src/shell/"))
        })
        .map(|(file, target)| format!("{file} imports {target}"))
        .collect();
    expect_none(&wrong, "lib/ lies below features/ and shell/:");
}

#[test]
fn the_sources_of_the_ui_are_found() {
    assert!(imports().count() > 20, "the UI has hardly any imports: is it still in ui/src?");
}

/// Every import of the UI: the file, and what it names.
fn imports() -> impl Iterator<Item = (String, String)> {
    let import = Regex::new(r#"(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']"#).unwrap();
    files("ui/src", &SOURCES).into_iter().flat_map(move |file| {
        let found: Vec<String> =
            import.captures_iter(&text(&file)).map(|capture| capture[1].to_owned()).collect();
        let file = shown(&file);
        found.into_iter().map(move |target| (file.clone(), target))
    })
}

fn feature(path: &str) -> Option<String> {
    path.strip_prefix("ui/src/features/")?.split('/').next().map(str::to_owned)
}

/// Where an import leads, as a path of the checkout; a package leads nowhere.
fn resolve(file: &str, target: &str) -> Option<String> {
    if let Some(path) = target.strip_prefix("$lib/").or_else(|| target.strip_prefix("$/")) {
        return Some(format!("ui/src/{}{path}", if target.starts_with("$lib/") { "lib/" } else { "" }));
    }
    if let Some(path) = target.strip_prefix("@/") {
        return Some(format!("ui/src/{path}"));
    }
    if !target.starts_with('.') {
        return None;
    }
    let mut parts: Vec<&str> = Path::new(file).parent()?.to_str()?.split('/').collect();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[test]
fn imports_are_resolved_from_where_they_stand() {
    let resolved = resolve("ui/src/features/run/List.svelte", "../result/Row.svelte");
    assert_eq!(resolved.as_deref(), Some("ui/src/features/result/Row.svelte"));
    assert_eq!(resolve("ui/src/app.ts", "svelte"), None);
}

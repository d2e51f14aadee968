//! YAML as far as Rails uses it: mappings of texts, with anchors, aliases and merge keys as Ruby's own reader takes
//! them. No tag makes an object, and nothing is deeper or wider than a file of people's.

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

/// Deeper than any list of connections; a file that is deeper is no such list.
const DEEPEST: usize = 24;

/// A part of the document, and the line of the text that it begins on.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// A text; `plain` where it stands without quotes.
    Scalar {
        text: String,
        plain: bool,
    },
    Sequence(Vec<Rc<Node>>),
    /// In order, each key once; what was merged is in it.
    Mapping(Vec<(String, Rc<Node>)>),
}

impl Node {
    pub(super) fn entries(&self) -> Option<&[(String, Rc<Node>)]> {
        match &self.kind {
            Kind::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Rc<Node>> {
        self.entries()?.iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    pub(super) fn text(&self) -> Option<(&str, bool)> {
        match &self.kind {
            Kind::Scalar { text, plain } => Some((text, *plain)),
            _ => None,
        }
    }
}

/// What is wrong, and on which line of the text.
pub(super) type Wrong = (usize, String);

/// Reads the first document.
///
/// # Errors
/// The parser's words, or ours; neither holds a value of the document.
pub(super) fn read(text: &str) -> Result<Option<Rc<Node>>, Wrong> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| scan_error(&error))?;
        if matches!(event, Event::DocumentEnd | Event::StreamEnd) {
            break;
        }
        builder.take(event, span.start.line())?;
    }
    Ok(builder.root)
}

fn scan_error(error: &ScanError) -> Wrong {
    (error.marker().line(), error.info().to_owned())
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, Rc<Node>>,
    root: Option<Rc<Node>>,
}

struct Open {
    line: usize,
    anchor: usize,
    parts: Parts,
}

enum Parts {
    Sequence(Vec<Rc<Node>>),
    Mapping { entries: Vec<(String, Rc<Node>)>, key: Option<String> },
}

impl Builder {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), Wrong> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = matches!(style, ScalarStyle::Plain);
                self.add(Node { line, kind: Kind::Scalar { text: text.into_owned(), plain } }, anchor)
            }
            Event::SequenceStart(anchor, _) => self.begin(line, anchor, Parts::Sequence(Vec::new())),
            Event::MappingStart(anchor, _) => {
                self.begin(line, anchor, Parts::Mapping { entries: Vec::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned();
                self.put(node.ok_or((line, "an alias (*name) leads to nothing above it".to_owned()))?, line)
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, line: usize, anchor: usize, parts: Parts) -> Result<(), Wrong> {
        if self.open.len() >= DEEPEST {
            return Err((line, "it is nested too deep for a list of connections".to_owned()));
        }
        self.open.push(Open { line, anchor, parts });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Wrong> {
        let Some(Open { line, anchor, parts }) = self.open.pop() else { return Ok(()) };
        let kind = match parts {
            Parts::Sequence(nodes) => Kind::Sequence(nodes),
            Parts::Mapping { entries, .. } => Kind::Mapping(entries),
        };
        self.add(Node { line, kind }, anchor)
    }

    fn add(&mut self, node: Node, anchor: usize) -> Result<(), Wrong> {
        let (node, line) = (Rc::new(node), 0);
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        let line = node.line.max(line);
        self.put(node, line)
    }

    fn put(&mut self, node: Rc<Node>, line: usize) -> Result<(), Wrong> {
        match self.open.last_mut().map(|open| &mut open.parts) {
            None => self.root = Some(node),
            Some(Parts::Sequence(nodes)) => nodes.push(node),
            Some(Parts::Mapping { entries, key }) => match key.take() {
                None => *key = Some(key_of(&node, line)?),
                Some(name) if name == "<<" => merge(entries, &node, line)?,
                Some(name) => set(entries, name, node),
            },
        }
        Ok(())
    }
}

fn key_of(node: &Node, line: usize) -> Result<String, Wrong> {
    node.text().map(|(text, _)| text.to_owned()).ok_or((line, "a key is not a plain word".to_owned()))
}

/// The last one counts, as in Ruby; it keeps the place of the first.
fn set(entries: &mut Vec<(String, Rc<Node>)>, name: String, node: Rc<Node>) {
    match entries.iter_mut().find(|(known, _)| *known == name) {
        Some((_, held)) => *held = node,
        None => entries.push((name, node)),
    }
}

/// As Ruby's reader has it: what is merged replaces what stands above it, and of a list the first one wins.
fn merge(entries: &mut Vec<(String, Rc<Node>)>, node: &Node, line: usize) -> Result<(), Wrong> {
    match &node.kind {
        Kind::Mapping(merged) => {
            merged.iter().for_each(|(name, node)| set(entries, name.clone(), Rc::clone(node)));
            Ok(())
        }
        Kind::Sequence(nodes) => nodes.iter().rev().try_for_each(|node| match &node.kind {
            Kind::Mapping(_) => merge(entries, node, line),
            _ => Err(no_mapping(line)),
        }),
        Kind::Scalar { .. } => Err(no_mapping(line)),
    }
}

fn no_mapping(line: usize) -> Wrong {
    (line, "the merge key << wants a mapping".to_owned())
}

//! The messages of PostgreSQL's protocol, as far as a wire has to tell them apart
//! (<https://www.postgresql.org/docs/current/protocol-message-formats.html>).

/// A client's bytes, taken apart into rounds.
#[derive(Default)]
pub(super) struct Rounds {
    bytes: Vec<u8>,
    started: bool,
}

impl Rounds {
    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole piece: the start-up and the password without a text, a round with one.
    pub(super) fn next(&mut self) -> Option<(Vec<u8>, Option<String>)> {
        if !self.started {
            let length = length(&self.bytes, 0)?;
            let piece = self.cut(length)?;
            self.started = true;
            return Some((piece, None));
        }
        let (mut end, mut text) = (0, String::new());
        loop {
            let kind = *self.bytes.get(end)?;
            let body = end + 5;
            end += 1 + length(&self.bytes, end + 1)?;
            let message = self.bytes.get(body..end)?;
            match kind {
                b'Q' => {
                    let text = words(message);
                    return Some((self.cut(end)?, Some(text)));
                }
                b'P' => {
                    text = message
                        .iter()
                        .position(|byte| *byte == 0)
                        .map_or_else(String::new, |at| words(&message[at + 1..]));
                }
                b'S' => {
                    let text = if text.is_empty() { "(run)".to_owned() } else { format!("(parse) {text}") };
                    return Some((self.cut(end)?, Some(text)));
                }
                b'p' | b'X' => return Some((self.cut(end)?, None)),
                _ => {}
            }
        }
    }

    fn cut(&mut self, end: usize) -> Option<Vec<u8>> {
        (self.bytes.len() >= end).then(|| self.bytes.drain(..end).collect())
    }
}

/// Whether the server's bytes end with "ready for query".
pub(super) fn ends_ready(bytes: &[u8]) -> bool {
    bytes.len() >= 6 && bytes[bytes.len() - 6..bytes.len() - 1] == *b"Z\0\0\0\x05"
}

fn length(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(four.try_into().ok()?) as usize)
}

fn words(text: &[u8]) -> String {
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

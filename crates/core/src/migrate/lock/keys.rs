//! The numbers of the locks, which depend on the database's name.

/// Rails' `MIGRATOR_SALT`.
const RAILS_SALT: i64 = 2_053_462_845;
/// Ours, of no meaning but to differ.
const OUR_SALT: i64 = 1_163_286_860;

/// Which locks somebody who migrates a database takes.
#[derive(Debug, Clone)]
pub(crate) struct Locks {
    /// The database, for messages.
    pub(super) database: String,
    keys: Vec<i64>,
}

impl Locks {
    /// Rails' and ours.
    pub(crate) fn both(database: &str) -> Self {
        let sum = i64::from(crc32(database.as_bytes()));
        Self { database: database.to_owned(), keys: vec![RAILS_SALT * sum, OUR_SALT * sum] }
    }

    /// Ours alone: rake takes Rails' by itself.
    pub(crate) fn ours(database: &str) -> Self {
        let sum = i64::from(crc32(database.as_bytes()));
        Self { database: database.to_owned(), keys: vec![OUR_SALT * sum] }
    }

    pub(in crate::migrate) fn keys(&self) -> &[i64] {
        &self.keys
    }
}

/// CRC-32 as zlib counts it, which is what Rails multiplies.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_zlibs() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn the_keys_differ_and_never_overflow() {
        let both = Locks::both("raaf_eval_production");
        assert_ne!(both.keys[0], both.keys[1]);
        assert!(RAILS_SALT.checked_mul(i64::from(u32::MAX)).is_some());
    }
}

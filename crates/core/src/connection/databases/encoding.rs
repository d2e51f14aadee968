//! The encodings that a server can store text in
//! (<https://www.postgresql.org/docs/current/multibyte.html#MULTIBYTE-CHARSET-SUPPORTED>).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Spells each encoding once, for the wire and for SQL.
macro_rules! encodings {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// An encoding of a database, by PostgreSQL's own name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
        pub enum ServerEncoding {
            $(#[serde(rename = $name)] $variant),+
        }

        impl ServerEncoding {
            /// As PostgreSQL spells it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }
    };
}

encodings! {
    Utf8 = "UTF8", SqlAscii = "SQL_ASCII",
    Latin1 = "LATIN1", Latin2 = "LATIN2", Latin3 = "LATIN3", Latin4 = "LATIN4", Latin5 = "LATIN5",
    Latin6 = "LATIN6", Latin7 = "LATIN7", Latin8 = "LATIN8", Latin9 = "LATIN9", Latin10 = "LATIN10",
    Iso5 = "ISO_8859_5", Iso6 = "ISO_8859_6", Iso7 = "ISO_8859_7", Iso8 = "ISO_8859_8",
    Win866 = "WIN866", Win874 = "WIN874", Win1250 = "WIN1250", Win1251 = "WIN1251", Win1252 = "WIN1252",
    Win1253 = "WIN1253", Win1254 = "WIN1254", Win1255 = "WIN1255", Win1256 = "WIN1256", Win1257 = "WIN1257",
    Win1258 = "WIN1258", Koi8R = "KOI8R", Koi8U = "KOI8U",
    EucJp = "EUC_JP", EucCn = "EUC_CN", EucKr = "EUC_KR", EucTw = "EUC_TW", EucJis2004 = "EUC_JIS_2004",
}

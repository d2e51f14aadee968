//! Paper and ink: the same tokens as the window's, since a chart lies on its paper.

use plotters::style::RGBColor;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which paper a chart lies on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    #[default]
    Light,
    Dark,
}

/// The colours of a theme that charts use.
pub(crate) struct Palette {
    pub(crate) paper: RGBColor,
    pub(crate) ink: RGBColor,
    pub(crate) ink_2: RGBColor,
    pub(crate) edge: RGBColor,
    pub(crate) series: RGBColor,
}

impl Theme {
    pub(crate) fn palette(self) -> Palette {
        match self {
            Self::Light => Palette {
                paper: RGBColor(0xff, 0xff, 0xff),
                ink: RGBColor(0x1d, 0x1b, 0x18),
                ink_2: RGBColor(0x57, 0x53, 0x4c),
                edge: RGBColor(0x8f, 0x8b, 0x83),
                series: RGBColor(0x2f, 0x4f, 0xe0),
            },
            Self::Dark => Palette {
                paper: RGBColor(0x1a, 0x19, 0x18),
                ink: RGBColor(0xec, 0xea, 0xe6),
                ink_2: RGBColor(0xb3, 0xae, 0xa5),
                edge: RGBColor(0x7a, 0x75, 0x6b),
                series: RGBColor(0x6a, 0x82, 0xff),
            },
        }
    }
}

//! Colours of the paper, the light ones of the wall.
//!
//! Traces differ in lightness as well as in hue, so that they stay apart for every kind of
//! colour vision and on a black-and-white printer. Nothing is told by colour alone.

use plotters::style::RGBAColor;

const fn rgb(hex: u32) -> RGBAColor {
    RGBAColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8, 1.0)
}

pub(crate) const PAPER: RGBAColor = rgb(0xff_ff_ff);
pub(crate) const ABOVE: RGBAColor = rgb(0xfd_f3_e7);
pub(crate) const BELOW: RGBAColor = rgb(0xe9_f1_f9);
pub(crate) const GRID_THIN: RGBAColor = rgb(0xec_e6_da);
pub(crate) const GRID_BOLD: RGBAColor = rgb(0xd6_cc_b8);
pub(crate) const GRID_MINUTE: RGBAColor = rgb(0xb3_a6_8c);
pub(crate) const BAND: RGBAColor = rgb(0x6f_a3_87);
pub(crate) const BAND_TEXT: RGBAColor = rgb(0x2f_72_50);
pub(crate) const FRAME: RGBAColor = rgb(0x6b_64_57);
pub(crate) const TEXT: RGBAColor = rgb(0x10_18_26);
pub(crate) const TEXT_SOFT: RGBAColor = rgb(0x4a_51_5c);
pub(crate) const LABEL: RGBAColor = rgb(0x51_4c_43);

pub(crate) const FHR: RGBAColor = rgb(0x0f_1a_2b);
pub(crate) const FHR2: RGBAColor = rgb(0x00_64_b8);
pub(crate) const MHR: RGBAColor = rgb(0x94_24_8a);
pub(crate) const UA: RGBAColor = rgb(0x0b_61_42);
pub(crate) const BASELINE: RGBAColor = rgb(0x00_64_b8);

pub(crate) const LOSS: RGBAColor = RGBAColor(0x8d, 0x88, 0x7c, 0.20);
pub(crate) const FHR_LOSS: RGBAColor = RGBAColor(0x0f, 0x1a, 0x2b, 0.22);
pub(crate) const FHR2_LOSS: RGBAColor = RGBAColor(0x00, 0x64, 0xb8, 0.25);
pub(crate) const ARTEFACT: RGBAColor = rgb(0xb8_5c_00);
pub(crate) const ARTEFACT_TINT: RGBAColor = RGBAColor(0xc2, 0x5e, 0x00, 0.10);
pub(crate) const ACCELERATION: RGBAColor = rgb(0x1d_6f_4f);
pub(crate) const ACCELERATION_TINT: RGBAColor = RGBAColor(0x1d, 0x8f, 0x5f, 0.20);
pub(crate) const DECELERATION: RGBAColor = rgb(0x4c_3c_a6);
pub(crate) const DECELERATION_TINT: RGBAColor = RGBAColor(0x5b, 0x4b, 0xc5, 0.20);

pub(crate) const LATE: RGBAColor = rgb(0x8a_5a_00);
pub(crate) const LATE_TINT: RGBAColor = RGBAColor(0xe0, 0xa8, 0x30, 0.22);
pub(crate) const MISSING: RGBAColor = rgb(0x6b_64_57);
pub(crate) const COINCIDENCE: RGBAColor = rgb(0x94_24_8a);
pub(crate) const EVENT: RGBAColor = rgb(0x0f_1a_2b);
pub(crate) const EVENT_LINE: RGBAColor = RGBAColor(0x0f, 0x1a, 0x2b, 0.55);
pub(crate) const MOVEMENT: RGBAColor = rgb(0x2f_5d_3a);
pub(crate) const NOTE: RGBAColor = rgb(0x1f_4e_79);
/// Priorities of alarms: red, yellow and cyan, dark enough for paper.
pub(crate) const ALARM_HIGH: RGBAColor = rgb(0xb3_12_1d);
pub(crate) const ALARM_MEDIUM: RGBAColor = rgb(0x8f_6a_00);
pub(crate) const ALARM_LOW: RGBAColor = rgb(0x00_6d_7a);

pub(crate) const NOTICE: RGBAColor = rgb(0x1d_2a_3d);
pub(crate) const NOTICE_TEXT: RGBAColor = rgb(0xff_ff_ff);
pub(crate) const CAUTION: RGBAColor = rgb(0x7d_4e_00);
pub(crate) const CAUTION_GROUND: RGBAColor = rgb(0xff_f3_d6);

/// Ground and writing of a level; the last is "not classifiable".
pub(crate) fn level(level: Option<u8>) -> (RGBAColor, RGBAColor) {
    match level {
        Some(1) => (rgb(0xd9_ee_df), rgb(0x12_5a_38)),
        Some(2) => (rgb(0xed_f0_c4), rgb(0x4f_55_0a)),
        Some(3) => (rgb(0xff_e3_9c), rgb(0x6a_42_00)),
        Some(4) => (rgb(0xf5_a8_5c), rgb(0x4a_22_00)),
        Some(5) => (rgb(0xb3_12_1d), rgb(0xff_ff_ff)),
        _ => (rgb(0xe6_e6_e8), rgb(0x4a_51_5c)),
    }
}

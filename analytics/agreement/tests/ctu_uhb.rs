//! Levels next to outcomes, on the real recordings.

use std::path::Path;

use agreement::{ctu_uhb, levels};
use ctg::Settings;

#[test]
fn every_labour_of_the_data_set_is_in_one_row() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ctu_uhb");
    if !folder.exists() {
        eprintln!("skipped: ../shared/data/ctu_uhb is not beside this checkout");
        return;
    }
    let labours = ctu_uhb::load(&folder).unwrap();
    // The README counts 442 labours, of which 33, 84 and 135 have a pH below the three limits.
    assert_eq!(labours.len(), 442);
    let outcomes = levels::outcomes(&labours, &Settings::default());
    let rows = levels::rows(&outcomes);
    assert_eq!(rows.iter().map(|row| row.labours).sum::<usize>(), 442);
    for (limit, expected) in [33.0, 84.0, 135.0].into_iter().enumerate() {
        let below = rows.iter().map(|row| row.labours as f64 * row.below[limit].value);
        assert!((below.sum::<f64>() - expected).abs() < 1e-6);
    }
    let area = levels::area_under_curve(&outcomes).unwrap();
    assert!(area.low <= area.value && area.value <= area.high);
}

//! A recorded example on the disk, and how it is compared.

#[track_caller]
pub fn golden(name: &str, bytes: &[u8]) {
    let path = format!("{}/golden/{name}.hex", env!("CARGO_MANIFEST_DIR"));
    let hex = data_encoding::HEXLOWER.encode(bytes);
    let lines: Vec<_> =
        hex.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let text = lines.join("\n") + "\n";
    if std::env::var_os("UBUGOE_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let recorded = std::fs::read_to_string(&path)
        .unwrap_or_else(|e| panic!("{path}: {e}; write it with UBUGOE_BLESS=1"));
    assert_eq!(recorded, text, "{name} differs from {path}");
}

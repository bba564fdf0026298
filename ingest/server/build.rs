//! Puts the built user interface into the binary.
//!
//! Copies `monitor-ui/dist` to the output directory, so that the binary is made from one
//! consistent state, and writes a table of its files for `assets.rs`. Where the interface was
//! not built, a page that says so takes its place: the server works without screens.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const BUILT: &str = "../../monitor-ui/dist";

fn main() -> io::Result<()> {
    // A folder that is missing makes cargo run this every time, which is what is wanted then.
    println!("cargo::rerun-if-changed={BUILT}");
    println!("cargo::rerun-if-changed=src/web/not_built.html");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let ui = out.join("ui");
    match fs::remove_dir_all(&ui) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(&ui)?,
    }
    let mut files = Vec::new();
    if Path::new(BUILT).join("wall.html").is_file() {
        copy(Path::new(BUILT), &ui, "", &mut files)?;
    } else {
        println!(
            "cargo::warning=the wall was not built (run `make ui`): the binary has a page that says so"
        );
        fs::copy("src/web/not_built.html", ui.join("wall.html"))?;
        files.push("wall.html".to_owned());
    }
    files.sort();
    let mut table = String::from("&[\n");
    for file in &files {
        let path = ui.join(file);
        writeln!(table, "    ({file:?}, include_bytes!({path:?})),").expect("a String takes all");
    }
    table.push_str("]\n");
    fs::write(out.join("ui_files.rs"), table)
}

fn copy(from: &Path, to: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            return Err(io::Error::other("a file of the user interface has a name in no UTF-8"));
        };
        // Marks of the build, not of the interface.
        if name.starts_with('.') {
            continue;
        }
        let relative = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(to.join(&name))?;
            copy(&entry.path(), &to.join(&name), &format!("{relative}/"), files)?;
        } else {
            fs::copy(entry.path(), to.join(&name))?;
            files.push(relative);
        }
    }
    Ok(())
}

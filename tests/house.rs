//! The plan of the house, checked: who imports whom, which rooms have no clock.
//!
//! A new line in one of these tables is a decision; say why in the commit.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What a room may import.
struct Room {
    name: &'static str,
    folder: &'static str,
    /// Other rooms of the house.
    house: &'static [&'static str],
    /// Outside crates; `None` leaves them to the room's own manifest.
    outside: Option<&'static [&'static str]>,
    /// Whether the room may know of clocks, files, sockets, threads and randomness.
    world: World,
}

#[derive(Clone, Copy, PartialEq)]
enum World {
    /// All of it is handed in.
    HandedIn,
    /// Files only.
    Files,
    /// It is a driver.
    Touched,
}

const ROOMS: &[Room] = &[
    Room {
        name: "vitals",
        folder: "firmware-bridge/vitals",
        house: &[],
        outside: Some(&[]),
        world: World::HandedIn,
    },
    Room {
        name: "device-codec",
        folder: "firmware-bridge/device-codec",
        house: &["vitals"],
        outside: Some(&["crc"]),
        world: World::HandedIn,
    },
    Room {
        name: "protocol",
        folder: "ingest/protocol",
        house: &["vitals"],
        outside: Some(&["crc", "data-encoding"]),
        world: World::HandedIn,
    },
    Room {
        name: "credentials",
        folder: "ingest/credentials",
        house: &["vitals", "protocol"],
        outside: None,
        world: World::Touched,
    },
    Room {
        name: "program",
        folder: "ingest/program",
        house: &["vitals", "protocol", "credentials"],
        outside: None,
        world: World::Touched,
    },
    Room {
        name: "uplink",
        folder: "edge/uplink",
        house: &["vitals", "protocol"],
        outside: Some(&[]),
        world: World::HandedIn,
    },
    Room {
        name: "bridge",
        folder: "edge/bridge",
        house: &["vitals", "device-codec", "protocol", "credentials", "program", "uplink"],
        outside: None,
        world: World::Touched,
    },
    Room {
        name: "hub",
        folder: "ingest/hub",
        house: &["vitals", "protocol"],
        outside: Some(&["bytes"]),
        world: World::HandedIn,
    },
    Room {
        name: "desk",
        folder: "ingest/desk",
        // The alarms live in the region, whoever found their conditions.
        house: &["vitals", "protocol", "alert"],
        outside: Some(&["serde", "serde_json"]),
        world: World::HandedIn,
    },
    Room {
        name: "store",
        folder: "ingest/store",
        house: &["vitals", "protocol"],
        outside: None,
        world: World::Files,
    },
    Room {
        name: "access",
        folder: "ingest/access",
        house: &["vitals"],
        outside: None,
        world: World::Files,
    },
    Room {
        name: "wall",
        folder: "ingest/wall",
        house: &["vitals", "protocol", "hub", "access"],
        outside: None,
        world: World::Touched,
    },
    Room {
        name: "server",
        folder: "ingest/server",
        house: &["vitals", "protocol", "hub", "store", "access", "wall", "alert", "desk"],
        outside: None,
        world: World::Touched,
    },
    Room {
        name: "ctg",
        folder: "analytics/ctg",
        house: &["vitals"],
        outside: Some(&[]),
        world: World::HandedIn,
    },
    Room {
        name: "alert",
        folder: "analytics/alert",
        house: &["vitals"],
        outside: Some(&[]),
        world: World::HandedIn,
    },
    Room {
        name: "watch",
        folder: "analytics/watch",
        house: &["vitals", "protocol", "credentials", "program", "uplink", "ctg"],
        outside: None,
        world: World::Touched,
    },
    Room {
        name: "archive",
        folder: "analytics/archive",
        house: &["vitals"],
        outside: None,
        world: World::HandedIn,
    },
    Room {
        name: "report",
        folder: "analytics/report",
        house: &["vitals", "ctg"],
        outside: None,
        world: World::HandedIn,
    },
    Room {
        name: "outcome",
        folder: "analytics/outcome",
        house: &["vitals", "store", "archive", "ctg", "report"],
        outside: None,
        world: World::Files,
    },
    Room {
        name: "agreement",
        folder: "analytics/agreement",
        house: &["vitals", "ctg", "archive"],
        outside: None,
        world: World::Files,
    },
    Room {
        name: "ward",
        folder: "tests/ward",
        house: &["vitals", "device-codec", "protocol", "uplink", "archive"],
        outside: None,
        world: World::Touched,
    },
    Room {
        name: "promises",
        folder: "tests",
        house: &["vitals", "protocol", "ward"],
        outside: None,
        world: World::Touched,
    },
];

/// Rooms that are binaries: nobody imports them.
const BINARIES: &[&str] = &["bridge", "server", "watch", "outcome", "agreement"];

/// What a room without a clock must not say, and what to do instead.
const CLOCKS: &[(&str, &str)] = &[
    ("Instant::now", "take `now` as an argument"),
    ("SystemTime", "take a `WallTime` as an argument"),
    ("std::time::Instant", "take `now` as an argument"),
    ("thread::sleep", "return a deadline from `poll_timeout`"),
    ("getrandom", "take random numbers as an argument"),
];

/// What a room without files must not say either.
const FILES: &[(&str, &str)] = &[
    ("std::fs", "return bytes to the driver"),
    ("std::net", "return frames to the driver"),
    ("std::thread", "leave threads to the driver"),
    ("std::process", "leave processes to the driver"),
    ("tokio", "leave the runtime to the driver"),
];

#[test]
fn every_member_is_a_room_of_the_plan_in_the_order_a_sample_travels() {
    let manifest = manifest(&root().join("Cargo.toml"));
    let members: Vec<_> = manifest["workspace"]["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member.as_str().unwrap().to_owned())
        .collect();
    let planned: BTreeMap<_, _> = ROOMS.iter().map(|room| (room.folder, room.name)).collect();
    for member in &members {
        assert!(planned.contains_key(member.as_str()), "{member} is not a room of the plan");
    }
    assert_eq!(members.len(), ROOMS.len(), "a room of the plan has no member");
    let at = |folder: &str| members.iter().position(|member| member == folder).unwrap();
    assert!(at("firmware-bridge/vitals") < at("edge/uplink"));
    assert!(at("edge/bridge") < at("ingest/hub"));
    assert!(at("ingest/server") < at("analytics/outcome"));
}

#[test]
fn imports_go_one_way() {
    let names: Vec<_> = ROOMS.iter().map(|room| room.name).collect();
    let mut broken = Vec::new();
    for room in ROOMS {
        let manifest = manifest(&root().join(room.folder).join("Cargo.toml"));
        for (import, section) in imports(&manifest) {
            let in_house = names.contains(&import.as_str());
            if in_house && BINARIES.contains(&import.as_str()) {
                broken.push(format!("{} imports {import}; nobody imports a binary", room.name));
            }
            // A test may look at more of the house than the room itself.
            if section == "dev-dependencies" {
                continue;
            }
            if in_house && !room.house.contains(&import.as_str()) {
                broken.push(format!(
                    "{} imports {import}; the plan allows {:?}",
                    room.name, room.house
                ));
            }
            if let Some(outside) = room.outside
                && !in_house
                && !outside.contains(&import.as_str())
            {
                broken.push(format!(
                    "{} imports {import} from outside; the plan allows {outside:?}",
                    room.name
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn rooms_without_a_clock_have_none() {
    let mut broken = Vec::new();
    for room in ROOMS.iter().filter(|room| room.world == World::HandedIn) {
        for (path, text) in sources(&root().join(room.folder).join("src")) {
            let code = without_tests_and_comments(&text);
            for (forbidden, instead) in CLOCKS.iter().chain(FILES) {
                if code.contains(forbidden) {
                    broken.push(format!("{} says {forbidden}; {instead}", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_firmware_rooms_need_no_heap() {
    for room in ["vitals", "device-codec"] {
        let lib = root().join("firmware-bridge").join(room).join("src/lib.rs");
        let text = fs::read_to_string(&lib).unwrap();
        assert!(text.contains("#![no_std]"), "{} is not no_std", lib.display());
        for (path, text) in sources(lib.parent().unwrap()) {
            let code = without_tests_and_comments(&text);
            assert!(!code.contains("extern crate"), "{} asks for a heap", path.display());
        }
    }
}

#[test]
fn a_file_can_be_held_in_the_head() {
    const LINES_MAX: usize = 600;
    let mut broken = Vec::new();
    for room in ROOMS {
        // The promises lie flat in their folder, beside a room of their own.
        let folder = root().join(room.folder);
        let files = match room.name {
            "promises" => files_of(&folder),
            _ => sources(&folder.join("src")),
        };
        for (path, text) in files {
            let lines = text.lines().count();
            if lines > LINES_MAX {
                broken.push(format!("{} has {lines} lines", path.display()));
            }
            if !text.starts_with("//!") {
                broken.push(format!("{} has no front page", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the folder lies in the checkout")
        .to_owned()
}

fn manifest(path: &Path) -> toml::Table {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn imports(manifest: &toml::Table) -> Vec<(String, &'static str)> {
    let mut imports = Vec::new();
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        if let Some(table) = manifest.get(section).and_then(toml::Value::as_table) {
            imports.extend(table.keys().map(|name| (name.clone(), section)));
        }
    }
    imports
}

/// Every source file below a folder.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = files_of(folder);
    for path in entries(folder).into_iter().filter(|path| path.is_dir()) {
        found.extend(sources(&path));
    }
    found
}

/// The source files right in a folder.
fn files_of(folder: &Path) -> Vec<(PathBuf, String)> {
    let is_source = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source file is text");
        (path, text)
    };
    entries(folder).into_iter().filter(is_source).map(read).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect()
}

/// The code of a room: tests close their file, comments may speak of anything.
fn without_tests_and_comments(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

//! The text of a forest, read line by line; nothing in it is believed.

use core::fmt;
use core::iter::Peekable;
use core::str::{FromStr, Lines, SplitWhitespace};

use super::{FEATURES_MAX, Forest, Grove, Node, TREE_NODES_MAX, TREES_MAX, UNKNOWN};

const TITLE: &str = "ubugoe-forest";
const VERSION: &str = "1";

/// Why a text is not a forest. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForestError {
    /// The first line is not the title.
    NotAForest,
    /// A title with a version that is not read here.
    Version {
        /// What it says.
        found: String,
    },
    /// The text ends where more was announced.
    Truncated {
        /// What was to come.
        expected: &'static str,
    },
    /// A line of another form.
    Malformed {
        /// The line.
        line: usize,
        /// What belongs there.
        expected: &'static str,
    },
    /// A number that is not finite.
    NotFinite {
        /// The line.
        line: usize,
    },
    /// A split on a feature that there is not.
    NoSuchFeature {
        /// The line.
        line: usize,
        /// Its number.
        feature: usize,
        /// How many there are.
        features: usize,
    },
    /// A child that does not stand behind its parent within the tree.
    MisplacedChild {
        /// The line of the parent.
        line: usize,
        /// The child's number.
        child: usize,
    },
    /// A node that does not have exactly one parent.
    Parents {
        /// The line on which its tree begins.
        line: usize,
        /// Its number.
        node: usize,
    },
    /// More features or nodes than a forest holds.
    TooLarge {
        /// The line.
        line: usize,
    },
}

impl fmt::Display for ForestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAForest => write!(f, "is not a forest: its first line is not \"{TITLE}\""),
            Self::Version { found } => {
                write!(f, "is a forest of version \"{found}\"; this program reads {VERSION}")
            }
            Self::Truncated { expected } => write!(f, "ends before {expected}"),
            Self::Malformed { line, expected } => write!(f, "line {line} is not {expected}"),
            Self::NotFinite { line } => write!(f, "line {line} holds a number without an end"),
            Self::NoSuchFeature { line, feature, features } => {
                write!(f, "line {line} splits feature {feature} of {features}")
            }
            Self::MisplacedChild { line, child } => {
                write!(f, "line {line} has child {child}, which is not behind it in its tree")
            }
            Self::Parents { line, node } => {
                write!(f, "node {node} of the tree at line {line} does not have one parent")
            }
            Self::TooLarge { line } => write!(f, "line {line} is one too many for a forest"),
        }
    }
}

impl core::error::Error for ForestError {}

/// Parses a whole forest.
pub(super) fn parse(text: &str) -> Result<Forest, ForestError> {
    let mut reader = Reader { lines: text.lines().enumerate().peekable() };
    reader.title()?;
    let names = reader.names()?;
    let bias = reader.bias()?;
    let mut trees = Vec::new();
    while reader.skip_comments() {
        let tree = reader.tree(names.len())?;
        if trees.len() == TREES_MAX {
            return Err(ForestError::TooLarge { line: tree.line });
        }
        trees.push(tree);
    }
    Ok(Forest { names, bias, groves: into_groves(trees) })
}

/// A node as its line says it.
#[derive(Clone, Copy, Debug)]
enum Line {
    Split { feature: u8, threshold: f32, left: usize, right: usize },
    Leaf(f32),
}

/// A tree as the text says it, checked.
struct Tree {
    /// The line on which it begins.
    line: usize,
    nodes: Vec<Line>,
    depth: u8,
}

struct Reader<'t> {
    lines: Peekable<core::iter::Enumerate<Lines<'t>>>,
}

/// The words of one line.
struct Words<'t> {
    line: usize,
    expected: &'static str,
    words: SplitWhitespace<'t>,
}

impl<'t> Reader<'t> {
    /// Moves to the next line that says something; false at the end of the text.
    fn skip_comments(&mut self) -> bool {
        let is_silent = |text: &str| text.trim().is_empty() || text.starts_with('#');
        while self.lines.next_if(|(_, text)| is_silent(text)).is_some() {}
        self.lines.peek().is_some()
    }

    fn next(&mut self, expected: &'static str) -> Result<Words<'t>, ForestError> {
        self.skip_comments();
        let (at, text) = self.lines.next().ok_or(ForestError::Truncated { expected })?;
        Ok(Words { line: at + 1, expected, words: text.split_whitespace() })
    }

    fn title(&mut self) -> Result<(), ForestError> {
        let (_, text) = self.lines.next().ok_or(ForestError::NotAForest)?;
        match text.split_whitespace().collect::<Vec<_>>()[..] {
            [TITLE, VERSION] => Ok(()),
            [TITLE, found] => Err(ForestError::Version { found: found.to_owned() }),
            _ => Err(ForestError::NotAForest),
        }
    }

    fn names(&mut self) -> Result<Vec<String>, ForestError> {
        let mut words = self.next("the names of the features")?;
        words.word("features")?;
        let announced: usize = words.parsed()?;
        if announced > FEATURES_MAX {
            return Err(ForestError::TooLarge { line: words.line });
        }
        let names: Vec<String> = words.words.by_ref().map(str::to_owned).collect();
        if names.len() == announced { Ok(names) } else { Err(words.malformed()) }
    }

    fn bias(&mut self) -> Result<f32, ForestError> {
        let mut words = self.next("the bias")?;
        words.word("bias")?;
        let bias = words.finite()?;
        words.end()?;
        Ok(bias)
    }

    fn tree(&mut self, features: usize) -> Result<Tree, ForestError> {
        let mut words = self.next("a tree")?;
        words.word("tree")?;
        let nodes: usize = words.parsed()?;
        let line = words.line;
        if nodes == 0 {
            return Err(words.malformed());
        }
        words.end()?;
        if nodes > TREE_NODES_MAX {
            return Err(ForestError::TooLarge { line });
        }
        // How many parents each node has, and how deep it lies. A root has none; counted as
        // one, all are alike.
        let mut found = vec![(0, 0); nodes];
        found[0].0 = 1;
        let mut tree = Tree { line, nodes: Vec::with_capacity(nodes), depth: 0 };
        for at in 0..nodes {
            let node = self.node(features)?;
            if let (line, Line::Split { left, right, .. }) = node {
                for child in [left, right] {
                    if child <= at || child >= nodes {
                        return Err(ForestError::MisplacedChild { line, child });
                    }
                    found[child] = (found[child].0 + 1, found[at].1 + 1);
                    tree.depth = tree.depth.max(found[child].1);
                }
            }
            tree.nodes.push(node.1);
        }
        match found.iter().position(|(parents, _)| *parents != 1) {
            Some(node) => Err(ForestError::Parents { line, node }),
            None => Ok(tree),
        }
    }

    fn node(&mut self, features: usize) -> Result<(usize, Line), ForestError> {
        let mut words = self.next("a split or a leaf")?;
        let line = words.line;
        let node = match words.words.next() {
            Some("s") => {
                let feature: usize = words.parsed()?;
                let no_such = ForestError::NoSuchFeature { line, feature, features };
                let known = u8::try_from(feature).ok().filter(|_| feature < features);
                Line::Split {
                    feature: known.ok_or(no_such)?,
                    threshold: words.finite()?,
                    left: words.parsed()?,
                    right: words.parsed()?,
                }
            }
            Some("l") => Line::Leaf(words.finite()?),
            _ => return Err(words.malformed()),
        };
        words.end()?;
        Ok((line, node))
    }
}

impl Words<'_> {
    fn malformed(&self) -> ForestError {
        ForestError::Malformed { line: self.line, expected: self.expected }
    }

    fn word(&mut self, wanted: &str) -> Result<(), ForestError> {
        let found = self.words.next();
        if found == Some(wanted) { Ok(()) } else { Err(self.malformed()) }
    }

    fn parsed<N: FromStr>(&mut self) -> Result<N, ForestError> {
        let number = self.words.next().and_then(|word| word.parse().ok());
        number.ok_or_else(|| self.malformed())
    }

    fn finite(&mut self) -> Result<f32, ForestError> {
        let number: f32 = self.parsed()?;
        if number.is_finite() {
            Ok(number)
        } else {
            Err(ForestError::NotFinite { line: self.line })
        }
    }

    fn end(&mut self) -> Result<(), ForestError> {
        if self.words.next().is_none() { Ok(()) } else { Err(self.malformed()) }
    }
}

/// Puts trees of like depth together, as many as have room.
fn into_groves(mut trees: Vec<Tree>) -> Vec<Grove> {
    trees.sort_by_key(|tree| tree.depth);
    let mut groves = Vec::new();
    let mut open = Planting::new();
    for tree in &trees {
        if !open.has_room_for(tree) {
            groves.push(core::mem::replace(&mut open, Planting::new()).grove);
        }
        open.plant(tree);
    }
    groves.push(open.grove);
    groves
}

/// A grove that is being laid out; its first place is a leaf without weight, at which every
/// tree begins that is not there.
struct Planting {
    grove: Grove,
    trees: usize,
    places: usize,
}

impl Planting {
    fn new() -> Self {
        let nothing = Node { threshold: 0.0, left: 0, feature: UNKNOWN };
        let nodes = Box::new([nothing; Grove::PLACES]);
        let grove = Grove { nodes, roots: [0; Grove::TREES], depth: 0 };
        Self { grove, trees: 0, places: 1 }
    }

    fn has_room_for(&self, tree: &Tree) -> bool {
        self.trees < Grove::TREES && self.places + tree.nodes.len() <= Grove::PLACES
    }

    /// Lays a tree out breadth first, the children of a split side by side.
    fn plant(&mut self, tree: &Tree) {
        let root = self.places;
        // Numbers in the text, in the order in which they are laid out.
        let mut order = vec![0];
        for laid in 0..tree.nodes.len() {
            self.grove.nodes[root + laid] = match tree.nodes[order[laid]] {
                Line::Split { feature, threshold, left, right } => {
                    let first = place(root + order.len());
                    order.extend([left, right]);
                    Node { threshold, left: first, feature }
                }
                Line::Leaf(value) => {
                    Node { threshold: value, left: place(root + laid), feature: UNKNOWN }
                }
            };
        }
        self.grove.roots[self.trees] = place(root);
        self.grove.depth = self.grove.depth.max(tree.depth);
        self.trees += 1;
        self.places += tree.nodes.len();
    }
}

fn place(at: usize) -> u8 {
    u8::try_from(at).expect("a grove has as many places as a byte")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "ubugoe-forest 1\n# of a test\nfeatures 2 a b\nbias 0\n";

    fn check(rest: &str, expected: &ForestError) {
        assert_eq!(parse(&format!("{HEAD}{rest}")).as_ref(), Err(expected), "{rest}");
    }

    #[test]
    fn the_first_line_says_what_it_is() {
        assert_eq!(parse(""), Err(ForestError::NotAForest));
        assert_eq!(parse("tree 1\nl 0\n"), Err(ForestError::NotAForest));
        let found = "2".to_owned();
        assert_eq!(parse("ubugoe-forest 2\n"), Err(ForestError::Version { found }));
    }

    #[test]
    fn a_child_stands_behind_its_parent_and_has_no_other() {
        let misplaced = |child| ForestError::MisplacedChild { line: 6, child };
        check("tree 3\ns 0 1 0 2\nl 1\nl 1\n", &misplaced(0));
        check("tree 3\ns 0 1 1 3\nl 1\nl 1\n", &misplaced(3));
        check("tree 3\ns 0 1 2 2\nl 1\nl 1\n", &ForestError::Parents { line: 5, node: 1 });
        check("tree 2\nl 1\nl 1\n", &ForestError::Parents { line: 5, node: 1 });
    }

    #[test]
    fn a_split_is_on_a_feature_that_exists_and_a_finite_number() {
        let no_such = ForestError::NoSuchFeature { line: 6, feature: 2, features: 2 };
        check("tree 3\ns 2 1 1 2\nl 1\nl 1\n", &no_such);
        check("tree 3\ns 0 NaN 1 2\nl 1\nl 1\n", &ForestError::NotFinite { line: 6 });
        check("tree 1\nl inf\n", &ForestError::NotFinite { line: 6 });
    }

    #[test]
    fn announced_numbers_are_not_believed() {
        let expected = "a split or a leaf";
        check("tree 3\ns 0 1 1 2\nl 1\n", &ForestError::Truncated { expected });
        check("tree 70000\nl 1\n", &ForestError::TooLarge { line: 5 });
        check("tree 1\nl 1 2\n", &ForestError::Malformed { line: 6, expected });
        check("tree 1\nleaf 1\n", &ForestError::Malformed { line: 6, expected });
        check("tree 0\n", &ForestError::Malformed { line: 5, expected: "a tree" });
        let many = "tree 1\nl 1\n".repeat(TREES_MAX);
        assert!(parse(&format!("{HEAD}{many}")).is_ok());
        let line = 5 + 2 * TREES_MAX;
        check(&format!("{many}tree 1\nl 1\n"), &ForestError::TooLarge { line });
    }

    #[test]
    fn every_cut_is_an_error_or_a_forest_and_never_a_panic() {
        let whole = format!("{HEAD}tree 3\ns 1 2.5 1 2\nl -1\nl 2\n");
        for cut in 0..whole.len() {
            if let Ok(forest) = parse(&whole[..cut]) {
                assert!(forest.likelihood(&[0.0]).is_finite());
            }
        }
        for at in 0..whole.len() {
            for with in ['0', '9', ' ', 's', '-', '\n', 'é'] {
                let changed = format!("{}{with}{}", &whole[..at], &whole[at + 1..]);
                if let Ok(forest) = parse(&changed) {
                    assert!(!forest.likelihood(&[0.0]).is_nan());
                }
            }
        }
    }
}

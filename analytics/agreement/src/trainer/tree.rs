//! What has been trained: trees, and their text.

use std::fmt::Write as _;

/// A node of a tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Node {
    /// A feature above the threshold goes right.
    Split { feature: usize, threshold: f32, left: usize, right: usize },
    /// What the tree adds.
    Leaf(f32),
}

/// A regression tree; children stand behind their parents.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    pub(super) nodes: Vec<Node>,
}

impl Tree {
    /// What it adds for these features.
    #[must_use]
    pub fn value(&self, features: &[f32]) -> f32 {
        let mut at = 0;
        loop {
            match self.nodes[at] {
                Node::Split { feature, threshold, left, right } => {
                    at = if features[feature] > threshold { right } else { left };
                }
                Node::Leaf(value) => return value,
            }
        }
    }

    /// The same tree where one feature is known: its splits on that feature are decided.
    fn knowing(&self, known: usize, value: f32) -> Self {
        // The node that takes the place of each.
        let standing = |mut at: usize| loop {
            match self.nodes[at] {
                Node::Split { feature, threshold, left, right } if feature == known => {
                    at = if value > threshold { right } else { left };
                }
                _ => return at,
            }
        };
        let mut from = vec![standing(0)];
        let mut nodes = Vec::new();
        while let Some(&at) = from.get(nodes.len()) {
            nodes.push(match self.nodes[at] {
                Node::Split { feature, threshold, left, right } => {
                    let first = from.len();
                    from.extend([standing(left), standing(right)]);
                    Node::Split { feature, threshold, left: first, right: first + 1 }
                }
                leaf @ Node::Leaf(_) => leaf,
            });
        }
        Self { nodes }
    }
}

/// Trees, and what is added before the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Ensemble {
    pub(super) bias: f32,
    pub(super) trees: Vec<Tree>,
}

impl Ensemble {
    /// The logarithm of the odds for these features.
    #[must_use]
    pub fn sum(&self, features: &[f32]) -> f32 {
        self.bias + self.trees.iter().map(|tree| tree.value(features)).sum::<f32>()
    }

    /// The same ensemble where one feature is known; it asks for that feature no more.
    #[must_use]
    pub fn knowing(&self, feature: usize, value: f32) -> Self {
        let trees = self.trees.iter().map(|tree| tree.knowing(feature, value)).collect();
        Self { bias: self.bias, trees }
    }

    /// How much each feature is split on, as a share of all splits.
    #[must_use]
    pub fn use_of_features(&self, features: usize) -> Vec<f64> {
        let mut counts = vec![0_u32; features];
        let nodes = self.trees.iter().flat_map(|tree| &tree.nodes);
        for node in nodes {
            if let Node::Split { feature, .. } = node {
                counts[*feature] += 1;
            }
        }
        let all = counts.iter().sum::<u32>().max(1);
        counts.into_iter().map(|count| f64::from(count) / f64::from(all)).collect()
    }

    /// Its text, as [`ctg::forest`] reads it, with comments under the title.
    ///
    /// A number is printed with as many digits as bring back the same number.
    #[must_use]
    pub fn text(&self, names: &[&str], comments: &str) -> String {
        let mut text = "ubugoe-forest 1\n".to_owned();
        for comment in comments.lines() {
            text.push_str(format!("# {comment}").trim_end());
            text.push('\n');
        }
        let mut line = |line: std::fmt::Arguments<'_>| {
            writeln!(text, "{line}").expect("memory can be written to");
        };
        line(format_args!("features {} {}", names.len(), names.join(" ")));
        line(format_args!("bias {}", self.bias));
        for tree in &self.trees {
            line(format_args!("tree {}", tree.nodes.len()));
            for node in &tree.nodes {
                match node {
                    Node::Split { feature, threshold, left, right } => {
                        line(format_args!("s {feature} {threshold} {left} {right}"));
                    }
                    Node::Leaf(value) => line(format_args!("l {value}")),
                }
            }
        }
        text
    }
}

//! Reads a PDF of ours back: what was stroked, filled and written on each page.
//!
//! It knows just the operators that our canvas writes, and fails on any other.

use std::collections::HashMap;
use std::io::Read;

use flate2::read::ZlibDecoder;

/// A place on the page, hundredths of a millimetre from the upper left corner.
pub(crate) type Point = (i32, i32);

/// A page, as it was painted.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) strokes: Vec<Stroke>,
    pub(crate) fills: Vec<Fill>,
    pub(crate) texts: Vec<String>,
    /// Where each text begins.
    pub(crate) text_places: Vec<Point>,
    /// The matrix that the page begins with.
    pub(crate) matrix: Vec<f64>,
    /// Its width and height, hundredths of a millimetre.
    pub(crate) size: Point,
}

#[derive(Clone, Debug)]
pub(crate) struct Stroke {
    pub(crate) width: i32,
    pub(crate) color: String,
    pub(crate) points: Vec<Point>,
}

#[derive(Clone, Debug)]
pub(crate) struct Fill {
    pub(crate) color: String,
    pub(crate) points: Vec<Point>,
}

/// The pages of a document, in order.
pub(crate) fn pages(pdf: &[u8]) -> Vec<Page> {
    let streams = streams(pdf);
    let letters = streams
        .iter()
        .find_map(|stream| std::str::from_utf8(stream).ok().filter(|text| text.contains("bfchar")))
        .map(letters)
        .expect("a document has a map of its letters");
    let pages = streams.iter().filter(|stream| first_line(stream).ends_with(b" cm"));
    let sizes = media_boxes(pdf);
    assert_eq!(pages.clone().count(), sizes.len(), "a page has its media box");
    pages.zip(sizes).map(|(stream, size)| Page { size, ..page(stream, &letters) }).collect()
}

/// The size of every page.
fn media_boxes(pdf: &[u8]) -> Vec<Point> {
    let text = String::from_utf8_lossy(pdf);
    text.split("/MediaBox [0 0 ")
        .skip(1)
        .map(|rest| {
            let points: Vec<f64> =
                rest.split([' ', ']']).take(2).map(|number| number.parse().unwrap()).collect();
            let units = |points: f64| (points * 2_540.0 / 72.0).round() as i32;
            (units(points[0]), units(points[1]))
        })
        .collect()
}

/// Every deflated stream, inflated.
fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let mut streams = Vec::new();
    let mut rest = pdf;
    while let Some(at) = find(rest, b"stream\n") {
        rest = &rest[at + b"stream\n".len()..];
        let mut inflated = Vec::new();
        let mut decoder = ZlibDecoder::new(rest);
        decoder.read_to_end(&mut inflated).expect("every stream is deflated");
        rest = &rest[usize::try_from(decoder.total_in()).unwrap()..];
        rest = &rest[find(rest, b"endstream").unwrap() + b"endstream".len()..];
        streams.push(inflated);
    }
    streams
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn first_line(stream: &[u8]) -> &[u8] {
    stream.split(|byte| *byte == b'\n').next().unwrap_or_default()
}

/// From the number of a glyph to its letter.
fn letters(map: &str) -> HashMap<u16, char> {
    map.lines()
        .filter_map(|line| {
            let (glyph, letter) = line.strip_prefix('<')?.strip_suffix('>')?.split_once("> <")?;
            let letter = u32::from_str_radix(letter, 16).ok().and_then(char::from_u32)?;
            Some((u16::from_str_radix(glyph, 16).ok()?, letter))
        })
        .collect()
}

fn page(stream: &[u8], letters: &HashMap<u16, char>) -> Page {
    let mut page = Page::default();
    let mut operands: Vec<Token> = Vec::new();
    let (mut width, mut stroke, mut fill) = (1, String::new(), String::new());
    let mut points: Vec<Point> = Vec::new();
    for token in tokens(stream) {
        let Token::Operator(operator) = &token else {
            operands.push(token);
            continue;
        };
        let numbers: Vec<f64> = operands.iter().filter_map(Token::number).collect();
        match operator.as_str() {
            "cm" => page.matrix = numbers,
            "m" => points = vec![place(&numbers)],
            "l" => points.push(place(&numbers)),
            "c" => points.push(place(&numbers[4..])),
            "re" => {
                let (x, y) = place(&numbers);
                let (w, h) = place(&numbers[2..]);
                points = vec![(x, y), (x + w, y), (x + w, y + h), (x, y + h)];
            }
            "w" => width = numbers[0].round() as i32,
            "RG" => stroke = format!("{numbers:?}"),
            "rg" => fill = format!("{numbers:?}"),
            "S" => {
                let color = stroke.clone();
                page.strokes.push(Stroke { width, color, points: points.clone() });
            }
            "f" => page.fills.push(Fill { color: fill.clone(), points: points.clone() }),
            "Tm" => page.text_places.push(place(&numbers[4..])),
            "Tj" => page.texts.push(written(&operands, letters)),
            "h" | "n" | "j" | "gs" | "Tr" | "BT" | "ET" | "Tf" => {}
            other => panic!("an operator that no page of ours has: {other}"),
        }
        operands.clear();
    }
    page
}

fn place(numbers: &[f64]) -> Point {
    (numbers[0].round() as i32, numbers[1].round() as i32)
}

fn written(operands: &[Token], letters: &HashMap<u16, char>) -> String {
    let [Token::Text(bytes)] = operands else { panic!("a text and nothing else: {operands:?}") };
    bytes.chunks(2).map(|pair| letters[&u16::from_be_bytes([pair[0], pair[1]])]).collect()
}

#[derive(Debug)]
enum Token {
    Number(f64),
    Name,
    Text(Vec<u8>),
    Operator(String),
}

impl Token {
    fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }
}

fn tokens(stream: &[u8]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < stream.len() {
        match stream[at] {
            b' ' | b'\n' => at += 1,
            b'(' => {
                let (text, end) = literal(stream, at + 1);
                tokens.push(Token::Text(text));
                at = end;
            }
            b'<' => {
                let end = at + find(&stream[at..], b">").unwrap();
                let hex = std::str::from_utf8(&stream[at + 1..end]).unwrap();
                let byte = |i: usize| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap();
                tokens.push(Token::Text((0..hex.len() / 2).map(byte).collect()));
                at = end + 1;
            }
            _ => {
                let rest = &stream[at..];
                let long = rest.iter().position(|b| b" \n(<".contains(b)).unwrap_or(rest.len());
                let word = std::str::from_utf8(&rest[..long]).unwrap();
                tokens.push(match word.parse() {
                    Ok(number) => Token::Number(number),
                    Err(_) if word.starts_with('/') => Token::Name,
                    Err(_) => Token::Operator(word.to_owned()),
                });
                at += long;
            }
        }
    }
    tokens
}

/// The bytes of a text in parentheses, and where it ends.
fn literal(stream: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let mut text = Vec::new();
    let mut depth = 1;
    loop {
        match stream[at] {
            b')' if depth == 1 => return (text, at + 1),
            b'\\' => {
                at += 1;
                text.push(match stream[at] {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    byte @ (b'(' | b')' | b'\\') => byte,
                    b'0'..=b'3' => {
                        let octal = std::str::from_utf8(&stream[at..at + 3]).unwrap();
                        at += 2;
                        u8::from_str_radix(octal, 8).unwrap()
                    }
                    other => panic!("an escape that no text of ours has: {other}"),
                });
            }
            byte => {
                depth += i32::from(byte == b'(') - i32::from(byte == b')');
                text.push(byte);
            }
        }
        at += 1;
    }
}

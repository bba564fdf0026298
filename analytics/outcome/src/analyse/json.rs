//! JSON written straight into bytes.
//!
//! An hour of baseline is fourteen thousand numbers of four digits; a general writer takes
//! longer over them than the analysis that found them.

/// One line of JSON in the making.
#[derive(Debug, Default)]
pub(super) struct Json {
    bytes: Vec<u8>,
}

impl Json {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Writes an object; `fields` adds to it with [`Json::field`] and the like.
    pub(super) fn object(&mut self, fields: impl FnOnce(&mut Self)) {
        self.bytes.push(b'{');
        fields(self);
        self.close(b'}');
    }

    /// Writes an array, one item after the other.
    pub(super) fn array<I>(
        &mut self,
        items: impl IntoIterator<Item = I>,
        mut write: impl FnMut(&mut Self, I),
    ) {
        self.bytes.push(b'[');
        for item in items {
            write(self, item);
            self.bytes.push(b',');
        }
        self.close(b']');
    }

    /// Begins a field of an object; `write` writes its value.
    pub(super) fn field(&mut self, name: &'static str, write: impl FnOnce(&mut Self)) {
        self.text(name);
        self.bytes.push(b':');
        write(self);
        self.bytes.push(b',');
    }

    pub(super) fn text(&mut self, text: &str) {
        // Nothing but memory is written to.
        serde_json::to_writer(&mut self.bytes, text).expect("texts always make JSON");
    }

    pub(super) fn null(&mut self) {
        self.bytes.extend_from_slice(b"null");
    }

    pub(super) fn bool(&mut self, value: bool) {
        self.bytes.extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// Writes what is there, or null.
    pub(super) fn optional<V>(&mut self, value: Option<V>, write: impl FnOnce(&mut Self, V)) {
        match value {
            Some(value) => write(self, value),
            None => self.null(),
        }
    }

    pub(super) fn whole(&mut self, number: u64) {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut rest = number;
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.bytes.extend_from_slice(&digits[at..]);
    }

    /// Writes a number rounded to tenths; null where it is none.
    pub(super) fn tenths(&mut self, number: f32) {
        self.decimal(f64::from(number), 10);
    }

    /// Writes a number rounded to thousandths; null where it is none.
    pub(super) fn thousandths(&mut self, number: f32) {
        self.decimal(f64::from(number), 1000);
    }

    /// Writes the seconds of so many ticks; exact.
    pub(super) fn seconds(&mut self, ticks: u32) {
        let per_second = u64::from(ctg::tick::TICKS_PER_SECOND);
        self.scaled(u64::from(ticks) * (100 / per_second), 100);
    }

    fn decimal(&mut self, number: f64, scale: u32) {
        // Beyond it no quantity of a strip lies, and the cast below would saturate.
        const LARGEST: f64 = 1e12;
        if number.is_nan() || number.abs() > LARGEST {
            return self.null();
        }
        let scaled = (number.abs() * f64::from(scale) + 0.5) as u64;
        if number < 0.0 && scaled > 0 {
            self.bytes.push(b'-');
        }
        self.scaled(scaled, scale);
    }

    /// Writes `number / scale` without trailing zeros; `scale` is a power of ten.
    fn scaled(&mut self, number: u64, scale: u32) {
        self.whole(number / u64::from(scale));
        let mut rest = number % u64::from(scale);
        let mut unit = u64::from(scale) / 10;
        if rest > 0 {
            self.bytes.push(b'.');
        }
        while rest > 0 {
            self.bytes.push(b'0' + (rest / unit) as u8);
            rest %= unit;
            unit /= 10;
        }
    }

    /// Ends an object or array: the comma after its last part is one too many.
    fn close(&mut self, bracket: u8) {
        match self.bytes.last_mut() {
            Some(last) if *last == b',' => *last = bracket,
            _ => self.bytes.push(bracket),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_and_end_without_zeros() {
        let written = |write: &dyn Fn(&mut Json)| {
            let mut json = Json::default();
            write(&mut json);
            String::from_utf8(json.into_bytes()).unwrap()
        };
        let tenths = |number: f32| written(&|json| json.tenths(number));
        let numbers = [140.0, 139.96, 139.94, 0.04, -3.25, -0.01, f32::NAN, f32::INFINITY];
        let expected = ["140", "140", "139.9", "0", "-3.3", "0", "null", "null"];
        assert_eq!(numbers.map(tenths), expected);
        assert_eq!(written(&|json| json.thousandths(0.105)), "0.105");
        assert_eq!(written(&|json| json.thousandths(0.005)), "0.005");
        assert_eq!(
            [0, 1, 2, 7, 40].map(|it| written(&|json| json.seconds(it))),
            ["0", "0.25", "0.5", "1.75", "10"]
        );
        assert_eq!(written(&|json| json.whole(u64::MAX)), u64::MAX.to_string());
    }

    #[test]
    fn what_is_written_is_json() {
        let mut json = Json::default();
        json.object(|json| {
            json.field("name", |json| json.text("a \"b\"\n"));
            json.field("none", |json| json.array([0_u64; 0], Json::whole));
            json.field("some", |json| json.array([1, 2], Json::whole));
            json.field("inner", |json| json.object(|_| {}));
            json.field("maybe", |json| json.optional(None::<u64>, Json::whole));
            json.field("is", |json| json.bool(true));
        });
        let read: serde_json::Value = serde_json::from_slice(&json.into_bytes()).unwrap();
        let expected = serde_json::json!({
            "name": "a \"b\"\n", "none": [], "some": [1, 2], "inner": {}, "maybe": null, "is": true
        });
        assert_eq!(read, expected);
    }
}

//! Text columns: each distinct value is stored once, and each row holds a code. Millions of rows of a few
//! thousand tickers stay small.

use std::collections::BTreeMap;

/// A column of text.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// Distinct values in order of first appearance.
    pub values: Vec<String>,
    /// For each row, the position of its value; `None` is a null.
    pub codes: Vec<Option<u32>>,
    places: BTreeMap<Box<[u8]>, u32>,
    /// For each value, the value that last followed it. Files repeat their order, so this guess is mostly
    /// right.
    follower: Vec<u32>,
    last: u32,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.codes.len() == other.codes.len() && self.iter().eq(other.iter())
    }
}

impl Text {
    /// Adds a row. If the bytes are not UTF-8, adds a null and returns false.
    pub fn push_bytes(&mut self, bytes: Option<&[u8]>) -> bool {
        let Some(bytes) = bytes else {
            self.codes.push(None);
            return true;
        };
        let guess = self.follower.get(self.last as usize).copied().unwrap_or(0);
        let is_right = self.values.get(guess as usize).is_some_and(|v| v.as_bytes() == bytes);
        let Some(code) = (if is_right { Some(guess) } else { self.find_or_add(bytes) }) else {
            self.codes.push(None);
            return false;
        };
        if let Some(follower) = self.follower.get_mut(self.last as usize) {
            *follower = code;
        }
        self.last = code;
        self.codes.push(Some(code));
        true
    }

    /// Adds a row.
    pub fn push(&mut self, value: Option<&str>) {
        self.push_bytes(value.map(str::as_bytes));
    }

    fn find_or_add(&mut self, bytes: &[u8]) -> Option<u32> {
        if let Some(code) = self.places.get(bytes) {
            return Some(*code);
        }
        let value = std::str::from_utf8(bytes).ok()?;
        let code = self.values.len() as u32;
        self.values.push(value.to_owned());
        self.places.insert(bytes.into(), code);
        self.follower.push(code);
        Some(code)
    }

    /// The value of a row.
    pub fn get(&self, row: usize) -> Option<&str> {
        let code = self.codes.get(row).copied().flatten()?;
        self.values.get(code as usize).map(String::as_str)
    }

    /// All rows.
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        self.codes.iter().map(|c| c.and_then(|c| self.values.get(c as usize)).map(String::as_str))
    }
}

impl<'a> FromIterator<Option<&'a str>> for Text {
    fn from_iter<I: IntoIterator<Item = Option<&'a str>>>(rows: I) -> Self {
        let mut text = Self::default();
        rows.into_iter().for_each(|r| text.push(r));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_values_whatever_the_order() {
        let rows = ["A", "B", "C", "A", "B", "C", "A", "C", "C", "B", "", "A"];
        let text: Text = rows.iter().map(|r| Some(*r)).chain([None, Some("A")]).collect();
        assert_eq!(text.values, ["A", "B", "C", ""]);
        assert!(text.iter().take(rows.len()).eq(rows.iter().map(|r| Some(*r))));
        assert_eq!((text.get(12), text.get(13), text.get(14)), (None, Some("A"), None));
    }

    #[test]
    fn what_is_no_text_is_told() {
        let mut text = Text::default();
        assert!(text.push_bytes(Some(b"A")) && !text.push_bytes(Some(b"\xff\xfe")) && text.push_bytes(None));
        assert!(text.iter().eq([Some("A"), None, None]));
    }
}

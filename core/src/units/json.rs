//! Reads a configuration from JSON, and says at which key something does not fit.
//!
//! What a general reader compiles for each table comes to 72 kB of compressed WebAssembly for the configuration, a quarter of the
//! page's core; here a table is the list of its keys and of where each goes, and one function reads them all. The command reads TOML
//! and JSON with the general reader; a test holds the two to the same configurations.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::{Money, Rate, Shares};

/// A value that does not fit, and the keys that lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The innermost first.
    keys: Vec<String>,
    message: String,
}

/// Most characters of a value in a message.
const LONGEST_VALUE: usize = 100;

/// A value as a message quotes it.
fn short(value: &Value) -> String {
    value.to_string().chars().take(LONGEST_VALUE).collect()
}

impl Misfit {
    /// Says what is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self { keys: Vec::new(), message: message.into() }
    }

    /// With the value that does not fit, out of the whole that was read; a table or a list says enough by its key.
    fn beside(mut self, whole: &Value) -> Self {
        let mut at = Some(whole);
        for key in self.keys.iter().rev() {
            at = at.and_then(|value| match value {
                Value::Array(items) => items.get(key.parse::<usize>().ok()?),
                table => table.get(key),
            });
        }
        // Where a word was expected the message has it already.
        let is_bare = self.message.starts_with("expected");
        if let Some(value) = at.filter(|v| is_bare && !v.is_object() && !v.is_array()) {
            self.message = [&self.message, ", found ", &short(value)].concat();
        }
        self
    }

    fn within(mut self, key: &str) -> Self {
        self.keys.push(key.to_owned());
        self
    }
}

impl core::fmt::Display for Misfit {
    /// `policy.0.weight: expected a number`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (i, key) in self.keys.iter().rev().enumerate() {
            f.write_str(if i > 0 { "." } else { "" })?;
            f.write_str(key)?;
        }
        f.write_str(if self.keys.is_empty() { "" } else { ": " })?;
        f.write_str(&self.message)
    }
}

/// Takes its value from JSON, whatever it was before.
pub trait Read {
    /// # Errors
    /// When the value does not fit. What was read until then stays.
    fn read(&mut self, value: &Value) -> Result<(), Misfit>;
}

/// What a value is before it is read, and stays when its key is left out.
pub trait Blank {
    /// That value.
    fn blank() -> Self;
}

/// Reads a configuration, or another table.
///
/// # Errors
/// Where the text is no JSON, or the key at which a value does not fit.
pub fn from_json<T: Read + Blank>(text: &str) -> Result<T, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let mut read = T::blank();
    read.read(&value).map_err(|misfit| misfit.beside(&value).to_string())?;
    Ok(read)
}

/// Reads a table into its fields, the first `needed` of which may not be left out.
pub(crate) fn table(
    fields: &mut [&mut dyn Read],
    keys: &[&str],
    needed: usize,
    value: &Value,
) -> Result<(), Misfit> {
    let Value::Object(entries) = value else { return Err(Misfit::new("expected a table of keys")) };
    if let Some(missing) = keys.iter().take(needed).find(|key| !entries.contains_key(**key)) {
        return Err(Misfit::new(["missing field `", missing, "`"].concat()));
    }
    for (key, value) in entries {
        let Some(field) = keys.iter().position(|k| k == key).and_then(|at| fields.get_mut(at)) else {
            return Err(Misfit::new(
                ["unknown field `", key, "`, expected one of ", &keys.join(", ")].concat(),
            ));
        };
        field.read(value).map_err(|misfit| misfit.within(key))?;
    }
    Ok(())
}

/// Reads one of a few words: its position.
pub(crate) fn word(words: &[&str], value: &Value) -> Result<usize, Misfit> {
    let found = value.as_str().and_then(|text| words.iter().position(|w| *w == text));
    found.ok_or_else(|| {
        let what = value.as_str().map_or_else(|| short(value), str::to_owned);
        Misfit::new(["`", &what, "`, expected one of ", &words.join(", ")].concat())
    })
}

/// A table's keys: `fields!(Flow: amount, every; to)`, those before the semicolon needed; or `fields!(Config = default: start, ...)`
/// for a table whose keys may all be left out; `; not x` for a field that no file has.
macro_rules! fields {
    ($table:ident = default: $($field:ident),* $(; not $left_out:ident)? $(,)?) => {
        impl $crate::units::json::Blank for $table {
            fn blank() -> Self {
                Self::default()
            }
        }
        fields!(@read $table, 0, $($field),*; $($left_out)?);
    };
    ($table:ident: $($needed:ident),*; $($field:ident $(= $value:expr)?),* $(,)?) => {
        impl $crate::units::json::Blank for $table {
            fn blank() -> Self {
                Self {
                    $($needed: $crate::units::json::Blank::blank(),)*
                    $($field: fields!(@blank $($value)?),)*
                }
            }
        }
        fields!(@read $table, [$(stringify!($needed)),*].len(), $($needed,)* $($field),*;);
    };
    (@blank) => { $crate::units::json::Blank::blank() };
    (@blank $value:expr) => { $value };
    (@read $table:ident, $needed:expr, $($field:ident),* $(,)?; $($left_out:ident)?) => {
        impl $crate::units::json::Read for $table {
            fn read(&mut self, value: &serde_json::Value) -> Result<(), $crate::units::json::Misfit> {
                *self = $crate::units::json::Blank::blank();
                let Self { $($field,)* $($left_out: _)? } = self;
                let fields: &mut [&mut dyn $crate::units::json::Read] = &mut [$($field),*];
                $crate::units::json::table(fields, &[$(stringify!($field)),*], $needed, value)
            }
        }
    };
}

/// The words of a choice, the one that stands when its key is left out first: `words!(Step: Daily = "daily", ...)`.
macro_rules! words {
    ($choice:ident: $($variant:ident = $word:literal),* $(,)?) => {
        impl $crate::units::json::Blank for $choice {
            fn blank() -> Self {
                // Does not compile when a word is missing.
                let _ = |choice: $choice| match choice {
                    $($choice::$variant => (),)*
                };
                [$($choice::$variant),*][0]
            }
        }
        impl $crate::units::json::Read for $choice {
            fn read(&mut self, value: &serde_json::Value) -> Result<(), $crate::units::json::Misfit> {
                let all = [$($choice::$variant),*];
                *self = all[$crate::units::json::word(&[$($word),*], value)?];
                Ok(())
            }
        }
    };
}

pub(crate) use {fields, words};

macro_rules! whole_numbers {
    ($($number:ty)*) => {
        $(
            impl Blank for $number {
                fn blank() -> Self {
                    0
                }
            }
            impl Read for $number {
                fn read(&mut self, value: &Value) -> Result<(), Misfit> {
                    *self = whole(value)?.try_into().map_err(|_| Misfit::new("expected a smaller whole number"))?;
                    Ok(())
                }
            }
        )*
    };
}

whole_numbers!(i32 u32 u64 usize);

fn whole(value: &Value) -> Result<i128, Misfit> {
    let found = value.as_u64().map(i128::from).or_else(|| value.as_i64().map(i128::from));
    found.ok_or_else(|| Misfit::new("expected a whole number"))
}

fn number(value: &Value) -> Result<f64, Misfit> {
    value.as_f64().ok_or_else(|| Misfit::new("expected a number"))
}

impl Blank for f64 {
    fn blank() -> Self {
        0.0
    }
}

impl Read for f64 {
    fn read(&mut self, value: &Value) -> Result<(), Misfit> {
        *self = number(value)?;
        Ok(())
    }
}

macro_rules! amounts {
    ($($amount:ty)*) => {
        $(
            impl Blank for $amount {
                fn blank() -> Self {
                    Self::ZERO
                }
            }
            impl Read for $amount {
                fn read(&mut self, value: &Value) -> Result<(), Misfit> {
                    *self = Self::from_f64(number(value)?).ok_or_else(|| {
                        Misfit::new("expected a number of at most 1,000,000,000,000 in magnitude")
                    })?;
                    Ok(())
                }
            }
        )*
    };
}

amounts!(Money Rate Shares);

impl Blank for bool {
    fn blank() -> Self {
        false
    }
}

impl Read for bool {
    fn read(&mut self, value: &Value) -> Result<(), Misfit> {
        *self = value.as_bool().ok_or_else(|| Misfit::new("expected true or false"))?;
        Ok(())
    }
}

impl Blank for String {
    fn blank() -> Self {
        Self::new()
    }
}

impl Read for String {
    fn read(&mut self, value: &Value) -> Result<(), Misfit> {
        value.as_str().ok_or_else(|| Misfit::new("expected text"))?.clone_into(self);
        Ok(())
    }
}

impl Blank for NaiveDate {
    fn blank() -> Self {
        Self::default()
    }
}

impl Read for NaiveDate {
    fn read(&mut self, value: &Value) -> Result<(), Misfit> {
        let date = value.as_str().and_then(|text| {
            let mut parts = text.splitn(3, '-').map(|part| part.parse::<u16>().ok());
            let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
            Self::from_ymd_opt(i32::from(year), month.into(), day.into())
        });
        *self = date.ok_or_else(|| Misfit::new("expected a date such as 2026-01-31"))?;
        Ok(())
    }
}

impl<T> Blank for Option<T> {
    fn blank() -> Self {
        None
    }
}

impl<T: Read + Blank> Read for Option<T> {
    fn read(&mut self, value: &Value) -> Result<(), Misfit> {
        if value.is_null() {
            *self = None;
            return Ok(());
        }
        self.insert(T::blank()).read(value)
    }
}

impl<T> Blank for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }
}

impl<T: Read + Blank> Read for Vec<T> {
    fn read(&mut self, value: &Value) -> Result<(), Misfit> {
        self.clear();
        list(value, &mut |item| {
            let mut read = T::blank();
            let fits = read.read(item);
            self.push(read);
            fits
        })
    }
}

fn list(value: &Value, read: &mut dyn FnMut(&Value) -> Result<(), Misfit>) -> Result<(), Misfit> {
    let Value::Array(items) = value else { return Err(Misfit::new("expected a list")) };
    for (at, item) in items.iter().enumerate() {
        read(item).map_err(|misfit| misfit.within(&at.to_string()))?;
    }
    Ok(())
}

impl<T> Blank for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::new()
    }
}

impl<T: Read + Blank> Read for BTreeMap<String, T> {
    fn read(&mut self, value: &Value) -> Result<(), Misfit> {
        self.clear();
        let Value::Object(entries) = value else { return Err(Misfit::new("expected a table of keys")) };
        for (key, value) in entries {
            let mut read = T::blank();
            read.read(value).map_err(|misfit| misfit.within(key))?;
            self.insert(key.clone(), read);
        }
        Ok(())
    }
}

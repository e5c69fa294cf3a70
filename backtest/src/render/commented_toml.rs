//! Writes a configuration as TOML, with a comment above every key. The comments come from the schema, the
//! values from the defaults.

use core::fmt::Write;

use serde_json::Value;

/// Column at which comments wrap.
const WIDTH: usize = 110;

/// Writes the heading and then every value with its description from the schema.
pub(crate) fn write(heading: &str, schema: &Value, defaults: &Value) -> String {
    let mut text = String::new();
    for line in heading.lines() {
        let _ = writeln!(text, "# {line}");
    }
    let example = Example { schema };
    example.table(&mut text, "", schema, Some(defaults));
    text
}

struct Example<'a> {
    schema: &'a Value,
}

impl<'a> Example<'a> {
    /// The schema of a property, after following references and "or null".
    fn resolve(&self, mut property: &'a Value) -> &'a Value {
        for _ in 0..8 {
            let inner = property["$ref"]
                .as_str()
                .and_then(|r| self.schema.pointer(r.trim_start_matches('#')))
                .or_else(|| property["anyOf"].as_array()?.iter().find(|p| p["type"] != "null"))
                .or_else(|| property["allOf"].as_array()?.first());
            match inner {
                Some(inner) => property = inner,
                None => break,
            }
        }
        property
    }

    fn is_table(&self, property: &'a Value) -> bool {
        self.resolve(property)["properties"].is_object()
    }

    /// The schema of an array's items, if they are tables.
    fn items(&self, property: &'a Value) -> Option<&'a Value> {
        let items = self.resolve(self.resolve(property).get("items")?);
        items["properties"].is_object().then_some(items)
    }

    /// Writes a table's keys and then its subtables. In TOML, the keys after a header belong to that header.
    fn table(&self, text: &mut String, path: &str, schema: &'a Value, values: Option<&Value>) {
        let schema = self.resolve(schema);
        let Some(properties) = schema["properties"].as_object() else { return };
        let value = |key: &str| values.and_then(|v| v.get(key)).filter(|v| !v.is_null());
        let plain = |p: &'a Value| !self.is_table(p) && self.items(p).is_none() && self.map(p).is_none();
        for (key, property) in properties.iter().filter(|(_, p)| plain(p)) {
            comment(text, property);
            let _ = match value(key) {
                Some(value) => writeln!(text, "{key} = {}", toml(value)),
                None => writeln!(text, "# {key} = {}", self.sample(property)),
            };
        }
        for (key, property) in properties.iter().filter(|(_, p)| !plain(p)) {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            text.push('\n');
            comment(text, property);
            if let Some(items) = self.items(property) {
                self.rows(text, &path, items, value(key));
            } else if self.map(property).is_some() {
                let _ = writeln!(text, "[{path}]\n# name = {}", self.map(property).unwrap_or_default());
            } else if value(key).is_some() || !(self.has_required(property) || is_optional(property)) {
                let _ = writeln!(text, "[{path}]");
                self.table(text, &path, property, value(key));
            } else {
                let _ = writeln!(text, "# [{path}]");
                self.keys(text, property, "");
            }
        }
    }

    /// A sample value of a table that accepts any keys.
    fn map(&self, property: &'a Value) -> Option<String> {
        let schema = self.resolve(property);
        let values = schema.get("additionalProperties").filter(|v| v.is_object())?;
        (!schema["properties"].is_object()).then(|| self.sample(values))
    }

    fn has_required(&self, property: &'a Value) -> bool {
        self.resolve(property)["required"].as_array().is_some_and(|r| !r.is_empty())
    }

    /// Writes the keys of a table, and of its subtables, as comments.
    fn keys(&self, text: &mut String, schema: &'a Value, before: &str) {
        let properties = self.resolve(schema)["properties"].as_object();
        for (key, property) in properties.into_iter().flatten() {
            let about = property["description"].as_str().unwrap_or_default();
            wrapped(text, "#   ", &format!("{before}{key}: {}", one_line(about)));
            // These tables are described in full elsewhere.
            let told = ["policy", "restrictions"].contains(&key.as_str());
            let inner = if self.is_table(property) { Some(property) } else { self.items(property) };
            if let Some(inner) = inner.filter(|_| !told) {
                self.keys(text, inner, &format!("{before}{key}."));
            }
        }
    }

    /// Writes an array of tables: the meaning of its keys, then the default rows.
    fn rows(&self, text: &mut String, path: &str, items: &'a Value, rows: Option<&Value>) {
        let _ = writeln!(text, "# [[{path}]] has the keys");
        self.keys(text, items, "");
        for row in rows.and_then(Value::as_array).into_iter().flatten() {
            let _ = writeln!(text, "[[{path}]]");
            for (key, value) in row.as_object().into_iter().flatten().filter(|(_, v)| !v.is_null()) {
                let _ = writeln!(text, "{key} = {}", toml(value));
            }
        }
    }

    /// A sample value of the right type for a key without a default.
    fn sample(&self, property: &'a Value) -> String {
        let schema = self.resolve(property);
        let word = schema["enum"]
            .as_array()
            .and_then(|e| e.first())
            .or_else(|| schema["oneOf"].as_array().and_then(|o| o.first()).map(|first| &first["const"]));
        if let Some(word) = word.and_then(Value::as_str) {
            return format!("\"{word}\"");
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.first().and_then(Value::as_str).unwrap_or_default(),
            kind => kind.as_str().unwrap_or_default(),
        };
        match kind {
            "number" | "integer" => "0".to_owned(),
            "boolean" => "false".to_owned(),
            "array" => "[]".to_owned(),
            _ if schema["format"] == "date" => "\"2010-01-04\"".to_owned(),
            _ => "\"\"".to_owned(),
        }
    }
}

/// Whether a table may be omitted.
fn is_optional(property: &Value) -> bool {
    property["anyOf"].as_array().is_some_and(|any| any.iter().any(|p| p["type"] == "null"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn comment(text: &mut String, property: &Value) {
    if let Some(about) = property["description"].as_str() {
        wrapped(text, "# ", &one_line(about));
    }
}

fn wrapped(text: &mut String, start: &str, words: &str) {
    let mut line = String::new();
    for word in words.split(' ') {
        if !line.is_empty() && start.len() + line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{start}{line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(text, "{start}{line}");
}

/// Formats a JSON value as inline TOML.
fn toml(value: &Value) -> String {
    match value {
        Value::Null => "\"\"".to_owned(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
        Value::Array(all) => format!("[{}]", all.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let set = map.iter().filter(|(_, v)| !v.is_null());
            format!("{{ {} }}", set.map(|(k, v)| format!("{k} = {}", toml(v))).collect::<Vec<_>>().join(", "))
        }
    }
}

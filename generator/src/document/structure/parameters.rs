//! Paths and their parameters: templates that can be told apart, and placeholders that parameters fill.

use std::collections::{HashMap, HashSet};

use super::super::trail::Trail;
use super::super::{Entry, Mapping, Node};
use super::describe::{nearest, quoted};
use super::openapi_3::METHODS;
use super::reference::placeholders;
use super::walk::Walk;

/// The parameters of one list.
#[derive(Default)]
struct Parameters<'d> {
    declared: Vec<Declared<'d>>,
    /// Whether some could not be read, so that nothing can be said about what is missing.
    has_gaps: bool,
}

struct Declared<'d> {
    name: &'d str,
    location: &'d str,
    index: usize,
    item: &'d Node,
}

impl<'d> Parameters<'d> {
    fn in_path(&self) -> impl Iterator<Item = &Declared<'d>> {
        self.declared.iter().filter(|declared| declared.location == "path")
    }
}

impl<'d> Walk<'d, '_> {
    /// Checks each path against its parameters, and that no two paths match the same requests.
    pub(super) fn paths(&mut self, paths: &'d Mapping, trail: &Trail<'_>) {
        let mut seen: HashMap<String, &Entry> = HashMap::new();
        for entry in paths {
            let Some(names) = placeholders(&entry.key).filter(|_| entry.key.starts_with('/'))
            else {
                continue;
            };
            let trail = trail.key(entry);
            if let Some(first) = seen.get(&anonymous(&entry.key)) {
                self.same_path(first, entry, &trail);
            } else {
                seen.insert(anonymous(&entry.key), entry);
            }
            self.path(&entry.value, &names, &trail);
        }
    }

    fn path(&mut self, item: &'d Node, names: &[&'d str], trail: &Trail<'_>) {
        let Some(mapping) = item.mapping().filter(|mapping| mapping.get("$ref").is_none()) else {
            return;
        };
        let names: HashSet<&str> = names.iter().copied().collect();
        let shared = self.parameters(mapping, trail);
        self.strangers(&shared, &names, mapping, trail);
        for entry in mapping {
            let Some(operation) = entry.value.mapping() else { continue };
            if !METHODS.contains(&entry.key.as_str()) {
                continue;
            }
            let trail = trail.key(entry);
            let own = self.parameters(operation, &trail);
            self.strangers(&own, &names, operation, &trail);
            if !own.has_gaps && !shared.has_gaps {
                self.unfilled(&names, [&shared, &own], &trail);
            }
        }
    }

    /// Reports two paths that differ in the names of placeholders alone: an error where they share a method.
    fn same_path(&mut self, first: &Entry, entry: &Entry, trail: &Trail<'_>) {
        let (key, line) = (quoted(&first.key), first.line);
        let help = "join the two into one path";
        let place = trail.name_place(self.source);
        let methods = |entry: &'_ Entry| -> Vec<&'static str> {
            METHODS.into_iter().filter(|method| entry.value.get(method).is_some()).collect()
        };
        let shared = methods(first).iter().any(|method| methods(entry).contains(method));
        let is_elsewhere = |entry: &Entry| entry.value.get("$ref").is_some();
        if shared || is_elsewhere(first) || is_elsewhere(entry) {
            let message =
                format_args!("this path and `{key}`, on line {line}, match the same requests");
            self.diagnostics.error("ambiguous-path", &place, message, help);
        } else {
            let message = format_args!("this path and `{key}`, on line {line}, are one path");
            self.diagnostics.warning("ambiguous-path", &place, message, help);
        }
    }

    /// Reads the list of parameters of a path or an operation, and reports those given twice.
    fn parameters(&mut self, owner: &'d Mapping, trail: &Trail<'_>) -> Parameters<'d> {
        let mut parameters = Parameters::default();
        let Some(list) = owner.entry("parameters") else { return parameters };
        let trail = trail.key(list);
        let mut seen: HashMap<(String, &str), u32> = HashMap::new();
        for (index, item) in list.value.sequence().unwrap_or_default().iter().enumerate() {
            let Some(declared) = self.declared(index, item) else {
                parameters.has_gaps = true;
                continue;
            };
            let Declared { name, location, .. } = declared;
            // Field names ignore case (RFC 9110, section 5.1).
            let is_header = location == "header";
            let key = if is_header { name.to_lowercase() } else { name.to_owned() };
            if let Some(line) = seen.insert((key, location), item.line) {
                let place = trail.index(index, item).value_place(self.source, item);
                let message = format_args!(
                    "the {location} parameter `{}` is already given on line {line}",
                    quoted(name)
                );
                let help = "keep one of them";
                self.diagnostics.error("duplicate-parameter", &place, message, help);
            }
            parameters.declared.push(declared);
        }
        parameters
    }

    fn declared(&self, index: usize, item: &'d Node) -> Option<Declared<'d>> {
        let definition = self.resolved(item)?;
        let name = definition.get("name")?.string()?;
        let location = definition.get("in")?.string()?;
        Some(Declared { name, location, index, item })
    }

    /// Reports path parameters that the path has no placeholder for.
    fn strangers(
        &mut self,
        parameters: &Parameters<'d>,
        names: &HashSet<&str>,
        owner: &'d Mapping,
        trail: &Trail<'_>,
    ) {
        let Some(list) = owner.entry("parameters") else { return };
        let trail = trail.key(list);
        for Declared { name, index, item, .. } in parameters.in_path() {
            if names.contains(name) {
                continue;
            }
            let message = format_args!("the path has no placeholder `{{{}}}`", quoted(name));
            let help = match nearest(name, names.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "add the placeholder to the path, or remove the parameter".to_owned(),
            };
            let place = trail.index(*index, item).value_place(self.source, item);
            self.diagnostics.error("unused-path-parameter", &place, message, help);
        }
    }

    /// Reports placeholders that no parameter fills.
    fn unfilled(
        &mut self,
        names: &HashSet<&str>,
        parameters: [&Parameters<'d>; 2],
        trail: &Trail<'_>,
    ) {
        let filled: HashSet<&str> = parameters
            .into_iter()
            .flat_map(Parameters::in_path)
            .map(|declared| declared.name)
            .collect();
        let mut missing: Vec<&&str> = names.difference(&filled).collect();
        missing.sort_unstable();
        for name in missing {
            let name = quoted(name);
            let message =
                format_args!("no parameter fills the placeholder `{{{name}}}` of the path");
            let help =
                format_args!("add a parameter `{name}` with `in: path` and `required: true`");
            let place = trail.name_place(self.source);
            self.diagnostics.error("missing-path-parameter", &place, message, help);
        }
    }
}

/// The template without the names of its placeholders.
fn anonymous(template: &str) -> String {
    let mut shape = String::with_capacity(template.len());
    let mut inside = false;
    for character in template.chars() {
        match character {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        shape.push(character);
    }
    shape
}

//! Names as people mean them: without case and separators, and one thing for many.

/// The last part of a name, without case and separators: `page[size]`, `page.size` and `pageSize` end alike.
pub(super) fn plain(name: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// What one of many is called, as far as English spelling tells.
pub(super) fn singular(plural: &str) -> String {
    let word = plain(plural);
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let sibilant = ["sses", "ches", "shes", "xes"].into_iter().any(|end| word.ends_with(end));
    if let Some(stem) = word.strip_suffix("es").filter(|_| sibilant) {
        return stem.to_owned();
    }
    match word.strip_suffix('s').filter(|stem| !stem.ends_with('s')) {
        Some(stem) => stem.to_owned(),
        None => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_case_and_separators() {
        for name in ["page_size", "pageSize", "page[size]", "page-size", "list.pageSize"] {
            assert_eq!(plain(name), "pagesize");
        }
    }

    #[test]
    fn one_of_many() {
        let table = [
            ("things", "thing"),
            ("policies", "policy"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("images", "image"),
            ("status", "statu"),
            ("address", "address"),
            ("search", "search"),
        ];
        for (plural, one) in table {
            assert_eq!(singular(plural), one, "{plural}");
        }
    }
}

//! Streams of lines, one document each, with something wrong.

/// What is in the middle of a stream, and one line further on.
const PLACE: usize = 3;

#[expect(clippy::ptr_arg, reason = "faults of lines share one signature, and others add lines")]
pub(super) fn two_on_a_line(lines: &mut Vec<String>) {
    if let Some(line) = lines.get_mut(PLACE) {
        line.truncate(line.trim_end().len());
    }
}

#[expect(clippy::ptr_arg, reason = "faults of lines share one signature, and others add lines")]
pub(super) fn unterminated(lines: &mut Vec<String>) {
    if let Some(line) = lines.last_mut() {
        line.truncate(line.trim_end().len());
    }
}

/// The time when a pod started is a number.
pub(super) fn number_for_time(lines: &mut Vec<String>) {
    for line in lines {
        if let Some((before, after)) = line.split_once("\"started\":\"")
            && let Some((_, after)) = after.split_once('"')
        {
            *line = format!("{before}\"started\":1714550400{after}");
            return;
        }
    }
}

/// A line says neither a result nor an error.
pub(super) fn neither(lines: &mut Vec<String>) {
    if lines.len() > PLACE {
        lines.insert(PLACE, "{}\n".to_owned());
    }
}

/// An error comes, and the stream goes on.
pub(super) fn error_inside(lines: &mut Vec<String>) {
    if lines.len() > PLACE {
        let error = r#"{"error":{"grpcCode":14,"httpCode":503,"message":"try again","httpStatus":"Service Unavailable","details":[]}}"#;
        lines.insert(PLACE, format!("{error}\n"));
    }
}

pub(super) fn one_twice(lines: &mut Vec<String>) {
    if let Some(line) = lines.get(PLACE).cloned() {
        lines.push(line);
    }
}

pub(super) fn one_less(lines: &mut Vec<String>) {
    lines.pop();
}

/// A list of everything instead of lines.
pub(super) fn one_array(lines: &mut Vec<String>) {
    let items: Vec<_> = lines.iter().map(|line| line.trim_end()).collect();
    *lines = vec![format!("[{}]\n", items.join(","))];
}

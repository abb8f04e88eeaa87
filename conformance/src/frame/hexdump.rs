//! Bytes of a stream laid out for a reader: offset, hex, ASCII, and beside them what the layout calls them.
//!
//! Shows the unit that a failure lies in and the one before it; the rest is counted, not shown.

use std::fmt::Write;

use generator::contract::Layout;

use super::header::HeaderLayout;
use super::violation::Violation;

const ROW: usize = 16;
/// Rows of a long stretch that are shown at its start and around the failure.
const NEAR: usize = 2;

/// What to point at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where, in bytes from the start of the stream.
    pub offset: u64,
    /// What to say about it.
    pub note: String,
}

impl From<&Violation> for Mark {
    fn from(violation: &Violation) -> Self {
        Self { offset: violation.offset(), note: violation.to_string() }
    }
}

/// Draws the surroundings of a failure in a stream that begins with `bytes`.
#[must_use]
pub fn hexdump(bytes: &[u8], layout: &Layout, mark: &Mark) -> String {
    let at = usize::try_from(mark.offset).unwrap_or(usize::MAX).min(bytes.len());
    let stretches = match layout {
        Layout::LengthPrefixed(prefixed) => {
            let header = HeaderLayout::new(prefixed);
            if header.width() == 0 { plain(bytes) } else { frames(bytes, &header, at) }
        }
        Layout::Lines(_) | Layout::TextLines(_) => lines(bytes, at),
        Layout::Raw | Layout::Channels(_) | Layout::ChannelPairs { .. } => plain(bytes),
    };
    draw(&stretches, at, mark, bytes.len())
}

/// Bytes with one name.
struct Stretch<'b> {
    start: usize,
    bytes: &'b [u8],
    label: String,
    /// Whether the whole of it is what a mark inside it points at.
    atomic: bool,
}

impl Stretch<'_> {
    fn end(&self) -> usize {
        self.start + self.bytes.len()
    }
}

fn plain(bytes: &[u8]) -> Vec<Stretch<'_>> {
    let stretch = Stretch { start: 0, bytes, label: String::new(), atomic: false };
    if bytes.is_empty() { Vec::new() } else { vec![stretch] }
}

/// The fields and payload of the frame that `at` lies in, and of the one before.
fn frames<'b>(bytes: &'b [u8], header: &HeaderLayout, at: usize) -> Vec<Stretch<'b>> {
    let (mut previous, mut start) = (0, 0);
    while let Some(end) =
        frame_end(bytes, header, start).filter(|&end| end <= at && end < bytes.len())
    {
        previous = start;
        start = end;
    }
    let mut stretches = Vec::new();
    if previous < start {
        frame(bytes, header, previous, &mut stretches);
    }
    frame(bytes, header, start, &mut stretches);
    stretches
}

fn frame_end(bytes: &[u8], header: &HeaderLayout, start: usize) -> Option<usize> {
    let declared = header.declared(bytes.get(start..)?)?;
    start.checked_add(header.width())?.checked_add(usize::try_from(declared).ok()?)
}

fn frame<'b>(
    bytes: &'b [u8],
    header: &HeaderLayout,
    start: usize,
    stretches: &mut Vec<Stretch<'b>>,
) {
    let rest = bytes.get(start..).unwrap_or_default();
    for shown in header.show(rest) {
        let field = rest.get(shown.start..).unwrap_or_default();
        let field = field.get(..shown.width).unwrap_or(field);
        if !field.is_empty() {
            stretches.push(Stretch {
                start: start + shown.start,
                bytes: field,
                label: shown.label,
                atomic: true,
            });
        }
    }
    let end = frame_end(bytes, header, start).unwrap_or(bytes.len()).min(bytes.len());
    let payload = bytes.get(start + header.width()..end).unwrap_or_default();
    if !payload.is_empty() {
        let label = match header.declared(rest) {
            Some(declared) if declared == payload.len() as u64 => {
                format!("payload, {declared} bytes")
            }
            Some(declared) => format!("payload, {} of {declared} bytes", payload.len()),
            None => "payload".to_owned(),
        };
        stretches.push(Stretch {
            start: start + header.width(),
            bytes: payload,
            label,
            atomic: false,
        });
    }
}

/// The line that `at` lies in, and the one before.
fn lines(bytes: &[u8], at: usize) -> Vec<Stretch<'_>> {
    let (mut stretches, mut start) = (Vec::new(), 0);
    for (index, line) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let label = format!("line {}, {} bytes", index + 1, line.len());
        stretches.push(Stretch { start, bytes: line, label, atomic: false });
        start += line.len();
        if start > at {
            break;
        }
    }
    let surplus = stretches.len().saturating_sub(2);
    stretches.split_off(surplus)
}

fn draw(stretches: &[Stretch<'_>], at: usize, mark: &Mark, length: usize) -> String {
    let mut out = String::new();
    let shown = stretches.first().map_or(0, |first| first.start);
    left_out(&mut out, shown, "before");
    let mut last = shown;
    for (index, stretch) in stretches.iter().enumerate() {
        let holds = at < stretch.end() || index + 1 == stretches.len();
        let marked = (holds && stretch.start <= at).then(|| at - stretch.start);
        draw_stretch(&mut out, stretch, marked, &mark.note);
        last = stretch.end();
    }
    if stretches.is_empty() {
        let _ = writeln!(out, "          ^^ {}", mark.note);
    }
    left_out(&mut out, length.saturating_sub(last), "after");
    out
}

/// Rows of a stretch: its first ones, and those around the mark.
fn draw_stretch(out: &mut String, stretch: &Stretch<'_>, marked: Option<usize>, note: &str) {
    let rows = stretch.bytes.chunks(ROW);
    let last = rows.len().saturating_sub(1);
    let marked_row = marked.map(|at| (at / ROW).min(last));
    let mut skipped = 0;
    for (index, row) in rows.enumerate() {
        let near_mark = marked_row.is_some_and(|marked| index.abs_diff(marked) < NEAR);
        if NEAR <= index && index != last && !near_mark {
            skipped += row.len();
            continue;
        }
        left_out(out, std::mem::take(&mut skipped), "between");
        let label = if index == 0 { stretch.label.as_str() } else { "" };
        draw_row(out, stretch.start + index * ROW, row, label);
        if marked_row == Some(index) {
            let at = marked.unwrap_or_default().saturating_sub(index * ROW);
            let (from, width) =
                if stretch.atomic && at < row.len() { (0, row.len()) } else { (at, 1) };
            let carets = "^".repeat(width * 3 - 1);
            let _ = writeln!(out, "          {:indent$}{carets} {note}", "", indent = from * 3);
        }
    }
}

fn draw_row(out: &mut String, offset: usize, row: &[u8], label: &str) {
    let hex: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
    let ascii: String = row.iter().map(|&byte| printable(byte)).collect();
    let line =
        format!("{offset:08x}  {:<47}  {:<18}  {label}", hex.join(" "), format!("|{ascii}|"));
    let _ = writeln!(out, "{}", line.trim_end());
}

fn printable(byte: u8) -> char {
    if byte.is_ascii_graphic() || byte == b' ' { char::from(byte) } else { '.' }
}

fn left_out(out: &mut String, count: usize, place: &str) {
    if count > 0 {
        let _ = writeln!(out, "          … {count} bytes {place}");
    }
}

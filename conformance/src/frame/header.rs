//! Headers of length-prefixed frames: their fields read from bytes, and numbers written into them.

use std::collections::BTreeMap;
use std::sync::Arc;

use generator::contract::{FieldRole, HeaderField, HeaderType, LengthPrefixed};

use super::event::UNNAMED;
use super::violation::Violation;

/// A header layout, made ready for reading.
#[derive(Clone, Debug)]
pub(super) struct HeaderLayout {
    fields: Vec<Field>,
    width: usize,
    max_frame: Option<u64>,
}

#[derive(Clone, Debug)]
struct Field {
    name: String,
    kind: HeaderType,
    start: usize,
    purpose: Purpose,
}

#[derive(Clone, Debug)]
enum Purpose {
    Length { includes_header: bool },
    Stream(BTreeMap<u64, Arc<str>>),
    Constant(Vec<u8>),
    Free,
}

/// A header that keeps to its layout.
pub(super) struct Header {
    pub(super) stream: Option<u64>,
    pub(super) name: Arc<str>,
    pub(super) payload: u64,
}

/// One field of one header, for showing.
pub(super) struct Shown {
    pub(super) start: usize,
    pub(super) width: usize,
    pub(super) label: String,
}

impl HeaderLayout {
    /// Fields in order, each with its place.
    pub(super) fn new(layout: &LengthPrefixed) -> Self {
        let mut width = 0;
        let fields = layout.header.iter().map(|field| {
            let start = width;
            width += field.kind.width();
            Field { name: field.name.clone(), kind: field.kind, start, purpose: purpose(field) }
        });
        Self { fields: fields.collect(), width, max_frame: layout.max_frame }
    }

    /// Bytes of a header.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Reads the header at the start of `bytes`, which begins at `offset` of the stream; `None` if it is not
    /// whole. Of several breaches the first in the order of the fields is told.
    pub(super) fn read(&self, bytes: &[u8], offset: u64) -> Result<Option<Header>, Violation> {
        if bytes.len() < self.width {
            return Ok(None);
        }
        let mut header = Header { stream: None, name: UNNAMED.into(), payload: 0 };
        for field in &self.fields {
            let found = field.of(bytes);
            let number = number(field.kind, found);
            let offset = offset + field.start as u64;
            match &field.purpose {
                Purpose::Free => {}
                Purpose::Constant(expected) if expected == found => {}
                Purpose::Constant(expected) => {
                    return Err(Violation::ConstantBroken {
                        offset,
                        field: field.name.clone(),
                        expected: expected.clone(),
                        found: found.to_vec(),
                    });
                }
                Purpose::Stream(names) => {
                    header.name = field.stream(names, number, offset)?;
                    header.stream = Some(number);
                }
                Purpose::Length { includes_header } => {
                    header.payload = self.payload(field, *includes_header, number, offset)?;
                }
            }
        }
        Ok(Some(header))
    }

    /// How long the payload is that a header announces, whatever else is wrong with it.
    pub(super) fn declared(&self, bytes: &[u8]) -> Option<u64> {
        if bytes.len() < self.width {
            return None;
        }
        let declared = self.fields.iter().find_map(|field| match field.purpose {
            Purpose::Length { includes_header } => {
                let own = if includes_header { self.width as u64 } else { 0 };
                Some(number(field.kind, field.of(bytes)).saturating_sub(own))
            }
            _ => None,
        });
        Some(declared.unwrap_or_default())
    }

    /// The fields of a header that may be cut short, with their values in words.
    pub(super) fn show(&self, bytes: &[u8]) -> Vec<Shown> {
        self.fields
            .iter()
            .map(|field| Shown {
                start: field.start,
                width: field.kind.width(),
                label: field.label(bytes),
            })
            .collect()
    }

    fn payload(
        &self,
        field: &Field,
        includes_header: bool,
        number: u64,
        offset: u64,
    ) -> Result<u64, Violation> {
        let header = self.width as u64;
        let name = || field.name.clone();
        let own = if includes_header { header } else { 0 };
        let declared = number.checked_sub(own).ok_or_else(|| Violation::LengthBelowHeader {
            offset,
            field: name(),
            declared: number,
            header,
        })?;
        match self.max_frame {
            Some(limit) if declared > limit => {
                Err(Violation::OversizeFrame { offset, field: name(), declared, limit })
            }
            _ => Ok(declared),
        }
    }
}

impl Field {
    /// Its bytes, or as many of them as there are.
    fn of<'b>(&self, header: &'b [u8]) -> &'b [u8] {
        let rest = header.get(self.start..).unwrap_or_default();
        rest.get(..self.kind.width()).unwrap_or(rest)
    }

    fn stream(
        &self,
        names: &BTreeMap<u64, Arc<str>>,
        number: u64,
        offset: u64,
    ) -> Result<Arc<str>, Violation> {
        match names.get(&number) {
            Some(name) => Ok(name.clone()),
            None if names.is_empty() => Ok(number.to_string().into()),
            None => Err(Violation::UnknownStream { offset, field: self.name.clone(), number }),
        }
    }

    fn label(&self, header: &[u8]) -> String {
        let found = self.of(header);
        if found.len() < self.kind.width() {
            return format!("{}, cut short", self.name);
        }
        let number = number(self.kind, found);
        match &self.purpose {
            Purpose::Stream(names) => match names.get(&number) {
                Some(name) => format!("{} = {number} ({name})", self.name),
                None => format!("{} = {number}", self.name),
            },
            Purpose::Length { .. } => format!("{} = {number}", self.name),
            Purpose::Constant(_) | Purpose::Free => self.name.clone(),
        }
    }
}

fn purpose(field: &HeaderField) -> Purpose {
    match &field.role {
        FieldRole::PayloadLength { includes_header } => {
            Purpose::Length { includes_header: *includes_header }
        }
        FieldRole::Stream(names) => Purpose::Stream(
            names.iter().map(|(number, name)| (*number, Arc::from(name.as_str()))).collect(),
        ),
        FieldRole::Constant(value) => Purpose::Constant(constant(field.kind, *value)),
        FieldRole::Free => Purpose::Free,
    }
}

/// The bytes of a constant: its number, or for plain bytes its value again and again.
pub(super) fn constant(kind: HeaderType, value: u64) -> Vec<u8> {
    let low = value.to_le_bytes();
    let width = kind.width();
    match kind {
        HeaderType::Bytes(_) => low.iter().take(1).copied().cycle().take(width).collect(),
        _ => ordered(kind, low.into_iter().take(width).collect()),
    }
}

/// The bytes of a number; `None` if it does not fit.
pub(super) fn write_number(kind: HeaderType, value: u64) -> Option<Vec<u8>> {
    let width = kind.width();
    let mut bytes = value.to_le_bytes().to_vec();
    let fits = bytes.iter().skip(width).all(|&byte| byte == 0);
    bytes.resize(width, 0);
    fits.then(|| ordered(kind, bytes))
}

/// The number in a field. Plain bytes count as big-endian; a number above eight bytes loses its upper ones.
pub(super) fn number(kind: HeaderType, bytes: &[u8]) -> u64 {
    let add = |sum: u64, &byte: &u8| (sum << 8) | u64::from(byte);
    if is_big_endian(kind) { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
}

/// Least significant byte first to the order of the field, or back.
fn ordered(kind: HeaderType, mut bytes: Vec<u8>) -> Vec<u8> {
    if is_big_endian(kind) {
        bytes.reverse();
    }
    bytes
}

fn is_big_endian(kind: HeaderType) -> bool {
    match kind {
        HeaderType::U8 => false,
        HeaderType::U16 { big_endian }
        | HeaderType::U32 { big_endian }
        | HeaderType::U64 { big_endian } => big_endian,
        HeaderType::Bytes(_) => true,
    }
}
